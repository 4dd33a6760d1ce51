import type { DropReason } from "./drop-reasons.ts";

/** What the rules say of the edge, as nftables spells it. */
export interface EdgeTexts {
  readonly pool: string;
  readonly signaling: string;
  readonly media: string;
  /** The two addresses as integers, for headers quoted in ICMP errors. */
  readonly quotedSignaling: string;
  readonly quotedMedia: string;
  readonly udpPorts: readonly string[];
  readonly tcpPorts: readonly string[];
  readonly mediaPorts: string;
  readonly bound: readonly string[];
  readonly otherIpv4: readonly string[];
  readonly otherIpv6: readonly string[];
  /** `@routes_7`: a set of the generation that the rules are for. */
  set(name: SetName): string;
}

export type SetName =
  | "lines"
  | "routes"
  | "local_address"
  | "way_out"
  | "quoted_routes"
  | "quoted_local"
  | "signaling_in"
  | "media_in"
  | "signaling_out"
  | "media_out";

export interface Chain {
  readonly name: string;
  /** Of a base chain. */
  readonly hook?: string;
  readonly rules: readonly string[];
}

/** Fields of the header quoted in an ICMP error; offsets in bits from the start of the ICMP message. */
const unusedField = "@th,32,16";
const quotedVersionAndLength = "@th,64,8";
const quotedProtocol = "@th,136,8";
const quotedSource = "@th,160,32";
const quotedDestination = "@th,192,32";
/** Of a quoted header of 20 bytes, without options. */
const quotedDestinationPort = "@th,240,16";
const icmpErrors = ["destination-unreachable", "time-exceeded"] as const;

/**
 * No rule has a list in braces: that would be a set made in the same transaction as the rule, and for an instant of the
 * commit the kernel has the new rule already and the elements of its set not yet. A packet would be dropped for nothing.
 */
export function chains(edge: EdgeTexts): readonly Chain[] {
  return [
    // Before connection tracking (-200), which has no part in it.
    {
      name: "prerouting",
      hook: "type filter hook prerouting priority -300; policy accept",
      rules: prerouting(edge),
    },
    {
      name: "output",
      hook: "type filter hook output priority -300; policy accept",
      rules: [`ip saddr ${edge.pool} notrack`],
    },
    // After everybody else's filters and source NAT (100), which see the local address.
    {
      name: "postrouting",
      hook: "type filter hook postrouting priority 110; policy accept",
      rules: postrouting(edge),
    },
    { name: "forward", hook: "type filter hook forward priority 0; policy accept", rules: forward(edge) },
    { name: "arriving", rules: arriving(edge) },
    { name: "arriving_icmp", rules: arrivingIcmp(edge) },
    {
      name: "accepted",
      // A line that goes in this very instant is still known to the rule before and no longer to this one.
      rules: [`notrack ip daddr set iifname map ${edge.set("local_address")} accept`, drop("other_device")],
    },
    { name: "leaving", rules: leaving(edge) },
    { name: "leaving_icmp", rules: leavingIcmp(edge) },
  ];
}

function drop(reason: DropReason): string {
  return `counter name ${reason} drop`;
}

function edgeAddresses({ signaling, media }: EdgeTexts): readonly string[] {
  return [...new Set([signaling, media])];
}

function prerouting(edge: EdgeTexts): readonly string[] {
  const byLine = `iifname ${edge.set("lines")}`;
  return [
    // Also on the loopback device: a customer may write any address into its SDP.
    `ip daddr ${edge.pool} ${drop("to_local_address")}`,
    ...edgeAddresses(edge).map((address) => `ip daddr ${address} goto arriving`),
    ...edge.bound.flatMap((address) => boundServices(edge, address)),
    ...[...edge.bound, ...edge.otherIpv4].map(
      (address) => `${byLine} ip daddr ${address} ${drop("other_interface")}`,
    ),
    ...edge.otherIpv6.map((address) => `${byLine} ip6 daddr ${address} ${drop("other_interface")}`),
  ];
}

/**
 * The address behind a 1:1 NAT that the private interface itself is bound to may also be the host's for other purposes:
 * there only the services of the edge are closed.
 */
function boundServices(edge: EdgeTexts, address: string): readonly string[] {
  return [
    ...[...edge.udpPorts, edge.mediaPorts].map(
      (ports) => `ip daddr ${address} udp dport ${ports} ${drop("other_device")}`,
    ),
    ...edge.tcpPorts.map((port) => `ip daddr ${address} tcp dport ${port} ${drop("other_device")}`),
  ];
}

function arriving(edge: EdgeTexts): readonly string[] {
  const { signaling, media } = edge;
  return [
    `iifname != ${edge.set("lines")} ${drop("other_device")}`,
    "ip protocol icmp goto arriving_icmp",
    `iifname . ip saddr != ${edge.set("routes")} ${drop("outside_routes")}`,
    // A later fragment has no port. Without a first one that was let in it is never put together.
    "ip frag-off & 0x1fff != 0 goto accepted",
    ...edge.udpPorts.map((port) => `ip daddr ${signaling} udp dport ${port} goto accepted`),
    `ip daddr ${media} udp dport ${edge.mediaPorts} goto accepted`,
    ...edge.tcpPorts.map((port) => `ip daddr ${signaling} tcp dport ${port} goto accepted`),
    // Answers on connections that we opened, from a port of the kernel's choice; nobody else's service can be opened.
    `ip daddr ${signaling} tcp flags & (syn | ack) != syn goto accepted`,
    drop("closed_port"),
  ];
}

/**
 * Errors come from routers, whose addresses are seldom among the customer's routes. What counts is the packet they
 * quote: one that we sent from this address to a destination behind this line.
 */
function arrivingIcmp(edge: EdgeTexts): readonly string[] {
  const errors = (address: string, quoted: string, map: SetName): readonly string[] =>
    icmpErrors.map(
      (type) =>
        `ip daddr ${address} icmp type ${type} ${quotedSource} ${quoted} ${unusedField} 0 ` +
        `iifname . ${quotedDestination} ${edge.set("quoted_routes")} ${unusedField} set iifname map ${edge.set(map)} ` +
        `${quotedSource} set iifname map ${edge.set("quoted_local")} goto accepted`,
    );
  const media = edge.media === edge.signaling ? [] : errors(edge.media, edge.quotedMedia, "media_in");
  return [
    ...errors(edge.signaling, edge.quotedSignaling, "signaling_in"),
    ...media,
    ...icmpErrors.map((type) => `icmp type ${type} ${drop("icmp_unrelated")}`),
    `iifname . ip saddr != ${edge.set("routes")} ${drop("outside_routes")}`,
    ...["echo-request", "echo-reply"].map(
      (type) => `ip daddr ${edge.signaling} icmp type ${type} goto accepted`,
    ),
    drop("icmp_unrelated"),
  ];
}

function postrouting(edge: EdgeTexts): readonly string[] {
  return [
    `ip saddr ${edge.pool} goto leaving`,
    ...edge.otherIpv4.map(
      (address) => `oifname ${edge.set("lines")} ip saddr ${address} ${drop("other_interface")}`,
    ),
  ];
}

function leaving(edge: EdgeTexts): readonly string[] {
  const media =
    edge.media === edge.signaling ? [] : [`udp sport ${edge.mediaPorts} ip saddr set ${edge.media} accept`];
  return [
    `ip saddr . oifname != ${edge.set("way_out")} ${drop("leaving_elsewhere")}`,
    "ip protocol icmp goto leaving_icmp",
    ...media,
    `ip saddr set ${edge.signaling} accept`,
  ];
}

/** Our own "port unreachable" quotes the packet as we saw it, with the local address: nobody outside knows that. */
function leavingIcmp(edge: EdgeTexts): readonly string[] {
  const errors = (match: string, address: string, quoted: string, map: SetName): readonly string[] =>
    icmpErrors.map(
      (type) =>
        `icmp type ${type} ${match}${unusedField} 0 ${unusedField} set ip saddr map ${edge.set(map)} ` +
        `${quotedDestination} set ${quoted} ip saddr set ${address} accept`,
    );
  const ofMedia = `${quotedVersionAndLength} 0x45 ${quotedProtocol} 17 ${quotedDestinationPort} ${edge.mediaPorts} `;
  const media =
    edge.media === edge.signaling ? [] : errors(ofMedia, edge.media, edge.quotedMedia, "media_out");
  return [
    ...media,
    ...errors("", edge.signaling, edge.quotedSignaling, "signaling_out"),
    `ip saddr set ${edge.signaling} accept`,
  ];
}

function forward(edge: EdgeTexts): readonly string[] {
  return ["iifname", "oifname"].map((way) => `${way} ${edge.set("lines")} ${drop("forwarded")}`);
}
