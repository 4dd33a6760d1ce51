/** A private line for BIRD 2: one file to include. */
import { listName, maximumPrefixes } from "./frr.ts";
import { type AnnouncedPrefix, type BgpPlan, bfd, type LineEnd, type LinePlan } from "./line-plan.ts";

export function birdText(line: LinePlan, bgp: BgpPlan, end: LineEnd): string {
  const isCustomer = end.side === "customer";
  const name = listName(line).replaceAll("-", "_").toLowerCase();
  const own = isCustomer ? bgp.customerPrefixes : bgp.exchangePrefixes.map(({ network }) => network);
  const theirs = isCustomer ? bgp.exchangePrefixes : bgp.customerPrefixes.map(wholePrefix);
  const local = isCustomer ? bgp.customerAddress : bgp.exchangeAddress;
  return [
    `# ${line.friendlyName}: ${line.type} at ${line.edge}, ${line.sid}`,
    `# Side of the ${end.side}. BIRD 2.`,
    `router id ${local};`,
    "protocol device { }",
    "protocol bfd {",
    `  interface "*" { interval ${bfd.intervalMs} ms; multiplier ${bfd.multiplier}; };`,
    "}",
    ...tableLines(end, name),
    `define ${name}_theirs = [ ${theirs.map(birdPrefix).join(", ")} ];`,
    `define ${name}_own = [ ${own.join(", ")} ];`,
    `protocol static ${name}_announced {`,
    `  ipv4 { table ${tableOf(name, isCustomer)}; };`,
    // Announced, not used: a more specific route of the site carries the packets.
    ...own.map((network) => `  route ${network} unreachable;`),
    "}",
    ...neighborLines(line, bgp, isCustomer, name),
    "",
  ].join("\n");
}

/** The exchange keeps the routes of a line in a table of their own, which the kernel has under the line's number. */
function tableLines(end: LineEnd, name: string): readonly string[] {
  const ownTable = end.side === "customer" ? [] : [`    table ${name};`];
  const kernel = ["  ipv4 {", ...ownTable, "    import none;", "    export where source = RTS_BGP;", "  };"];
  if (end.side === "customer") return ["protocol kernel {", ...kernel, "}"];
  return [
    `ipv4 table ${name};`,
    `protocol kernel ${name}_kernel {`,
    `  kernel table ${end.gateway.routingTable};`,
    ...kernel,
    "}",
  ];
}

function neighborLines(line: LinePlan, bgp: BgpPlan, isCustomer: boolean, name: string): readonly string[] {
  const [local, localAsn, peer, peerAsn] = isCustomer
    ? [bgp.customerAddress, bgp.customerAsn, bgp.exchangeAddress, bgp.exchangeAsn]
    : [bgp.exchangeAddress, bgp.exchangeAsn, bgp.customerAddress, bgp.customerAsn];
  return [
    `protocol bgp ${name}_line {`,
    `  description "${line.sid}";`,
    `  local ${local} as ${localAsn};`,
    `  neighbor ${peer} as ${peerAsn};`,
    ...(bgp.password === undefined ? [] : [`  password "${bgp.password}";`]),
    "  hold time 30;",
    "  keepalive time 10;",
    // A line that was repaired carries calls again within seconds; BIRD's own pauses are minutes.
    "  connect delay time 1;",
    "  connect retry time 5;",
    "  error wait time 1, 10;",
    "  bfd on;",
    "  ipv4 {",
    `    table ${tableOf(name, isCustomer)};`,
    ...(isCustomer ? ["    preference 200;"] : []),
    `    import limit ${maximumPrefixes} action disable;`,
    `    import where net ~ ${name}_theirs;`,
    `    export where net ~ ${name}_own && source = RTS_STATIC;`,
    "  };",
    "}",
  ];
}

function tableOf(name: string, isCustomer: boolean): string {
  return isCustomer ? "master4" : name;
}

function wholePrefix(network: string): AnnouncedPrefix {
  return { network, longest: undefined };
}

function birdPrefix({ network, longest }: AnnouncedPrefix): string {
  if (longest === undefined) return network;
  return `${network}{${network.slice(network.indexOf("/") + 1)},${longest}}`;
}
