import type { Snapshot, SnapshotConnection } from "@tandem/contracts";
import { formatIpv4Network, holdsAddress, type Ipv4Network, parseIpv4, parseIpv4Network } from "../ipv4.ts";
import type { Line, Lines, RefusedLine } from "./line.ts";

/** Lines of one host. Sets, rules and tests are made for so many. */
export const maximumLines = 4096;
/** Networks behind one line. */
export const maximumRoutesPerLine = 1024;

export interface LineRules {
  /** Edge of the gateway on this host. */
  readonly edge: string;
  /** Network that local addresses have to be from. */
  readonly pool: Ipv4Network;
  readonly daemonRoutedDevices: ReadonlySet<string>;
}

/**
 * The lines of a snapshot that are to work on this host: connections of its edge that are active or on their way from or
 * to it. The snapshot was written by the gateway, which has no privilege, and we are about to act on it as root: each
 * value is checked again here, whatever control has checked.
 */
export function linesOfSnapshot(snapshot: Snapshot, rules: LineRules): Lines {
  const read = snapshot.connections
    .filter((one) => one.edge === rules.edge && (one.status === "active" || one.status === "in-transition"))
    // Control counts tables up, so the older one stands first and keeps what a later one takes from it.
    .sort((a, b) => a.routingTable - b.routingTable || (a.sid < b.sid ? -1 : 1))
    .map((one) => readLine(one, rules));
  const lines: Line[] = [];
  const refused: RefusedLine[] = read.filter((one) => "why" in one);
  const taken = new Map<string, string>();
  for (const line of read) {
    if ("why" in line) continue;
    const why =
      lines.length >= maximumLines ? `the host has ${maximumLines} lines already` : takenBy(line, taken);
    if (why === undefined) lines.push(line);
    else refused.push({ sid: line.sid, why });
  }
  lines.sort((a, b) => a.localAddress - b.localAddress);
  return { lines, refused };
}

/** Takes what a line needs for itself; a text when another one has it. */
function takenBy(line: Line, taken: Map<string, string>): string | undefined {
  const needs = [
    `device ${line.device}`,
    `local address ${line.localAddress}`,
    `routing table ${line.routingTable}`,
  ];
  for (const need of needs) {
    const owner = taken.get(need);
    if (owner !== undefined) return `its ${need.replace(/ \S+$/, "")} is that of ${owner}`;
  }
  for (const need of needs) taken.set(need, line.sid);
  return undefined;
}

function readLine(connection: SnapshotConnection, rules: LineRules): Line | RefusedLine {
  const { sid, device, routingTable } = connection;
  const refuse = (why: string): RefusedLine => ({ sid, why });
  const localAddress = parseIpv4(connection.localAddress);
  if (localAddress === undefined || !holdsAddress(rules.pool, localAddress)) {
    return refuse(`its local address ${connection.localAddress} is not in ${formatIpv4Network(rules.pool)}`);
  }
  if (!isLineDevice(device)) return refuse(`${device} is no device of a line`);
  if (isReservedTable(routingTable)) return refuse(`routing table ${routingTable} is the system's`);
  const nextHop = connection.nextHop === null ? undefined : parseIpv4(connection.nextHop);
  if (connection.nextHop !== null && nextHop === undefined) {
    return refuse(`its next hop ${connection.nextHop} is no IPv4 address`);
  }
  const routes = readRoutes(connection.routes);
  if (typeof routes === "string") return refuse(routes);
  const isDaemonRouted = rules.daemonRoutedDevices.has(device);
  return { sid, device, localAddress, routingTable, routes, nextHop, isDaemonRouted };
}

/** `all` and `default` are no devices but folders of sysctl; `lo` is everybody's; `.` would leave the folder. */
function isLineDevice(device: string): boolean {
  return (
    !["lo", "all", "default", ".", ".."].includes(device) &&
    /^[A-Za-z0-9_.][A-Za-z0-9._-]{0,14}$/.test(device)
  );
}

/** 253 to 255 are default, main and local. */
function isReservedTable(table: number): boolean {
  return table < 1000;
}

function readRoutes(texts: readonly string[]): readonly Ipv4Network[] | string {
  if (texts.length === 0) return "it has no routes";
  if (texts.length > maximumRoutesPerLine) return `it has more than ${maximumRoutesPerLine} routes`;
  const routes: Ipv4Network[] = [];
  const seen = new Set<string>();
  for (const text of texts) {
    const network = parseIpv4Network(text);
    if (network === undefined) return `its route ${text} is no IPv4 network`;
    const canonical = formatIpv4Network(network);
    if (!seen.has(canonical)) routes.push(network);
    seen.add(canonical);
  }
  return routes;
}
