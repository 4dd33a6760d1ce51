/** The nftables rules of a host, as scripts for `nft -f -`. */
import type { PrivateEdge } from "../edge/private-edge.ts";
import { formatIpv4, formatIpv4Network, type Ipv4Network, withoutContained } from "../ipv4.ts";
import type { Line } from "../lines/line.ts";
import { chains, type EdgeTexts, type SetName } from "./chains.ts";
import { compensation } from "./compensation.ts";
import { dropReasons } from "./drop-reasons.ts";

/** Ours; no other table is touched. One per network namespace: the agent holds a lock on it. */
export const tableName = "inet tandem";

export interface Ruleset {
  /** Makes the sets of this generation. No rule uses them yet. */
  readonly sets: string;
  /** Replaces all rules by ones that use them, in one transaction; counters are kept. */
  readonly rules: string;
}

/**
 * Replacing rules must not cost a packet of a line that stays. A transaction of nftables is not that atomic: for an
 * instant of the commit new rules are seen with sets whose elements are not, and interval sets become visible only at its
 * very end. So each time new sets are made, under the name of a new generation, and filled; then the rules are replaced by
 * ones that use them; then the old sets are removed. Sets are keyed by device: however many lines there are, a packet
 * costs one lookup in each.
 */
export function ruleset(edge: PrivateEdge, lines: readonly Line[], generation: number): Ruleset {
  const name = (set: SetName): string => `${set}_${generation}`;
  const rules = chains(edgeTexts(edge, (set) => `@${name(set)}`));
  const sets = elements(edge, lines).map(({ kind, set, type, entries }) => [
    `add ${kind} ${tableName} ${name(set)} { ${type}; }`,
    ...(entries.length === 0 ? [] : [`add element ${tableName} ${name(set)} { ${entries.join(", ")} }`]),
  ]);
  return {
    sets: script([`add table ${tableName}`, ...sets.flat()]),
    rules: script([
      `flush table ${tableName}`,
      ...dropReasons.map((reason) => `add counter ${tableName} ${reason}`),
      ...rules.map(
        (chain) =>
          `add chain ${tableName} ${chain.name}${chain.hook === undefined ? "" : ` { ${chain.hook}; }`}`,
      ),
      ...rules.flatMap((chain) => chain.rules.map((rule) => `add rule ${tableName} ${chain.name} ${rule}`)),
    ]),
  };
}

/** Deletes our table and all that is in it, whether there is one or not. */
export const removedRuleset = script([`add table ${tableName}`, `delete table ${tableName}`]);

/** A set or map of ours with its generation, in what `nft list table` prints. */
const listedSet = /^\s*(set|map) (\w+_(\d+)) \{/gm;

export interface ListedSet {
  readonly kind: string;
  readonly name: string;
  readonly generation: number;
}

export function listedSets(listing: string): readonly ListedSet[] {
  return [...listing.matchAll(listedSet)].map(([, kind = "", name = "", generation]) => ({
    kind,
    name,
    generation: Number(generation),
  }));
}

export function withoutSets(sets: readonly ListedSet[]): string {
  return script(sets.map(({ kind, name }) => `delete ${kind} ${tableName} ${name}`));
}

function script(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

interface Elements {
  readonly kind: "set" | "map";
  readonly set: SetName;
  readonly type: string;
  readonly entries: readonly string[];
}

function elements(edge: PrivateEdge, lines: readonly Line[]): readonly Elements[] {
  const byDevice = (value: (line: Line) => string): string[] =>
    lines.map((line) => `"${line.device}" : ${value(line)}`);
  const byAddress = (value: (line: Line) => string): string[] =>
    lines.map((line) => `${local(line)} : ${value(line)}`);
  const arriving = (set: SetName, address: number): Elements => ({
    kind: "map",
    set,
    type: "typeof iifname : @th,32,16",
    entries: byDevice((line) => hex(compensation(address, line.localAddress), 4)),
  });
  const leaving = (set: SetName, address: number): Elements => ({
    kind: "map",
    set,
    type: "typeof ip saddr : @th,32,16",
    entries: byAddress((line) => hex(compensation(line.localAddress, address), 4)),
  });
  return [
    { kind: "set", set: "lines", type: "type ifname", entries: lines.map((line) => `"${line.device}"`) },
    {
      kind: "set",
      set: "routes",
      type: "type ifname . ipv4_addr; flags interval",
      entries: lines.flatMap(routeEntries),
    },
    { kind: "map", set: "local_address", type: "type ifname : ipv4_addr", entries: byDevice(local) },
    {
      kind: "set",
      set: "way_out",
      type: "type ipv4_addr . ifname",
      entries: lines.map((line) => `${local(line)} . "${line.device}"`),
    },
    {
      kind: "set",
      set: "quoted_routes",
      type: "typeof iifname . @th,192,32; flags interval",
      entries: lines.flatMap(quotedRouteEntries),
    },
    {
      kind: "map",
      set: "quoted_local",
      type: "typeof iifname : @th,160,32",
      entries: byDevice((line) => hex(line.localAddress, 8)),
    },
    arriving("signaling_in", edge.signaling),
    arriving("media_in", edge.media),
    leaving("signaling_out", edge.signaling),
    leaving("media_out", edge.media),
  ];
}

function routeEntries(line: Line): readonly string[] {
  return withoutContained(line.routes).map((route) => `"${line.device}" . ${formatIpv4Network(route)}`);
}

/** The same networks for the destination in a quoted header, which nftables knows only as an integer. */
function quotedRouteEntries(line: Line): readonly string[] {
  return withoutContained(line.routes).map((route) => `"${line.device}" . ${integerRange(route)}`);
}

function integerRange({ first, last }: Ipv4Network): string {
  return first === last ? hex(first, 8) : `${hex(first, 8)}-${hex(last, 8)}`;
}

function local(line: Line): string {
  return formatIpv4(line.localAddress);
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

function edgeTexts(edge: PrivateEdge, set: EdgeTexts["set"]): EdgeTexts {
  const { mediaPorts } = edge;
  return {
    pool: formatIpv4Network(edge.pool),
    signaling: formatIpv4(edge.signaling),
    media: formatIpv4(edge.media),
    quotedSignaling: hex(edge.signaling, 8),
    quotedMedia: hex(edge.media, 8),
    udpPorts: edge.udpPorts.map(String),
    tcpPorts: edge.tcpPorts.map(String),
    mediaPorts: `${mediaPorts.first}-${mediaPorts.last}`,
    bound: edge.bound.map(formatIpv4),
    otherIpv4: edge.others.ipv4.map(formatIpv4),
    otherIpv6: edge.others.ipv6,
    set,
  };
}
