import type { ConnectionHealth } from "@tandem/contracts";
import { formatIpv4, holdsNetwork, type Ipv4Network, parseIpv4, parseIpv4Network } from "../ipv4.ts";
import type { DeviceAddress, HostState, Link } from "../kernel/host-state.ts";
import type { Line, RefusedLine } from "../lines/line.ts";
import type { BfdPeer, BgpPeer, RoutingDaemonState } from "./routing-daemon.ts";

type Judgement = Pick<ConnectionHealth, "state" | "reason">;

/** What the kernel and the routing daemon say of a line. `previous`: what was said of it last. */
export function lineHealth(
  line: Line,
  host: HostState,
  daemon: RoutingDaemonState | undefined,
  previous: ConnectionHealth | undefined,
  nowMs: number,
): ConnectionHealth {
  const link = host.links.get(line.device);
  const addresses = host.addresses.filter((one) => one.device === line.device);
  const facts = {
    link: linkState(link),
    route: hasRoutes(line, host) ? ("present" as const) : ("missing" as const),
    bgp: daemon === undefined ? null : bgpState(line, addresses, daemon.bgp),
    bfd: daemon === undefined ? null : bfdState(line, addresses, daemon.bfd),
  };
  return {
    sid: line.sid,
    ...since(judge(line, host, facts), previous, nowMs),
    ...facts,
    receivedBytes: link?.receivedBytes ?? null,
    sentBytes: link?.sentBytes ?? null,
  };
}

export function refusedHealth(
  { sid, why }: RefusedLine,
  previous: ConnectionHealth | undefined,
  nowMs: number,
): ConnectionHealth {
  const unknown = { link: "unknown", route: "unknown", bgp: null, bfd: null } as const;
  const judgement = { state: "unprovisioned", reason: why } as const;
  return { sid, ...since(judgement, previous, nowMs), ...unknown, receivedBytes: null, sentBytes: null };
}

function judge(
  line: Line,
  host: HostState,
  facts: Pick<ConnectionHealth, "link" | "route" | "bgp" | "bfd">,
): Judgement {
  const local = formatIpv4(line.localAddress);
  if (facts.link === "missing") {
    return { state: "unprovisioned", reason: `device ${line.device} is not on this host` };
  }
  if (!host.addresses.some((one) => one.device === "lo" && one.address === local)) {
    return { state: "unprovisioned", reason: `local address ${local} is not on this host` };
  }
  const reason = faultOf(line, facts);
  return reason === null ? { state: "up", reason } : { state: "down", reason };
}

/** The first thing that is wrong, from the wire upwards. */
function faultOf(
  line: Line,
  { link, route, bgp, bfd }: Pick<ConnectionHealth, "link" | "route" | "bgp" | "bfd">,
): string | null {
  if (link !== "up") return `link of ${line.device} is down`;
  if (bfd !== null && bfd !== "up") return `BFD session is ${bfd}`;
  if (bgp !== null && bgp !== "Established") return `BGP session is ${bgp}`;
  if (route !== "present") return `no usable route in table ${line.routingTable}`;
  return null;
}

function since(
  judgement: Judgement,
  previous: ConnectionHealth | undefined,
  nowMs: number,
): Judgement & { sinceMs: number } {
  return { ...judgement, sinceMs: previous?.state === judgement.state ? previous.sinceMs : nowMs };
}

function linkState(link: Link | undefined): ConnectionHealth["link"] {
  if (link === undefined) return "missing";
  return link.isRunning ? "up" : "down";
}

/** A daemon may have learned parts of a network or one around it: what counts is that no network is without a way. */
function hasRoutes(line: Line, host: HostState): boolean {
  const usable = host.routes
    .filter((route) => route.table === line.routingTable && route.usableDevices.includes(line.device))
    .flatMap(
      (route) => parseIpv4Network(route.destination === "default" ? "0.0.0.0/0" : route.destination) ?? [],
    );
  return line.routes.every((wanted) =>
    usable.some((has) => holdsNetwork(has, wanted) || holdsNetwork(wanted, has)),
  );
}

function bgpState(line: Line, addresses: readonly DeviceAddress[], peers: readonly BgpPeer[]): string | null {
  return peers.find(({ peer }) => peer === line.device || isOnLine(peer, line, addresses))?.state ?? null;
}

function bfdState(line: Line, addresses: readonly DeviceAddress[], peers: readonly BfdPeer[]): string | null {
  const own = peers.find(({ peer, device }) =>
    device === undefined || device === "" ? isOnLine(peer, line, addresses) : device === line.device,
  );
  return own?.status ?? null;
}

/** Whether a neighbour is at the other end of the line: the next hop, or in a network of the line's device. */
function isOnLine(peer: string, line: Line, addresses: readonly DeviceAddress[]): boolean {
  const address = parseIpv4(peer);
  if (address === undefined) return false;
  if (address === line.nextHop) return true;
  return addresses.some((one) => {
    if (one.peer !== undefined) return one.peer === peer;
    const network: Ipv4Network | undefined = parseIpv4Network(`${one.address}/${one.prefixLength}`);
    return network !== undefined && network.first <= address && address <= network.last;
  });
}
