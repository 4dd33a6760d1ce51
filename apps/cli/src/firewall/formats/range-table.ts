import type { IpRange } from "@tandem/contracts";

/** For people: who is where, a table for each source and choice of ports. */
export function rangeTable(ranges: readonly IpRange[]): string {
  const blocks: string[] = [];
  for (const rows of groups(ranges, "signaling")) blocks.push(signalingBlock(rows));
  for (const rows of groups(ranges, "media")) blocks.push(mediaBlock(rows));
  return blocks.join("\n\n");
}

function groups(ranges: readonly IpRange[], kind: IpRange["kind"]): readonly (readonly IpRange[])[] {
  const ofKind = ranges.filter((range) => range.kind === kind);
  const network = kind === "media" ? (range: IpRange) => range.network : () => "";
  const key = (range: IpRange) =>
    JSON.stringify([range.source, range.ports, range.client_ports, network(range)]);
  return [...Map.groupBy(ofKind, key).values()];
}

function signalingBlock(rows: readonly IpRange[]): string {
  const [first] = rows;
  const edges = Map.groupBy(rows, (row) => row.edge);
  return [
    `Signaling in both directions, ${portsText(first?.ports ?? [])} (source: ${first?.source})`,
    "",
    "| edge | addresses |",
    "|---|---|",
    ...[...edges].map(([edge, ofEdge]) => `| ${edge} | ${addressesText(ofEdge.map((row) => row.network))} |`),
  ].join("\n");
}

function mediaBlock(rows: readonly IpRange[]): string {
  const [first] = rows;
  const [ports] = first?.ports ?? [];
  const client = first?.client_ports;
  const secure = first?.secure_media ?? [];
  const parts = [
    `UDP ${first?.network}`,
    `ports ${ports?.first_port}–${ports?.last_port}`,
    ...(client == null ? [] : [`clients' ports ${client.first_port}–${client.last_port}`]),
    ...(secure.length === 0 ? [] : [`secure media: ${secure.join(", ")}`]),
  ];
  return [
    `Media in both directions, ${parts.join(", ")} (source: ${first?.source})`,
    "",
    rows.map((row) => `${row.edge} (${row.legacy_id})`).join(", "),
  ].join("\n");
}

/** `5060 UDP/TCP, 5061 TLS`. */
function portsText(ports: IpRange["ports"]): string {
  const byPort = Map.groupBy(ports, (port) => port.first_port);
  return [...byPort]
    .map(([port, rows]) => `${port} ${rows.map((row) => row.transport.toUpperCase()).join("/")}`)
    .join(", ");
}

/** `208.78.112.64, .65, .66`: addresses beside the one before show their last octet. */
function addressesText(networks: readonly string[]): string {
  let before = "";
  const texts = networks.map((network) => {
    const text = network.replace(/^([\d.]+)\/32$/, "$1").replace(/\/128$/, "");
    const [, head = "", octet] = /^(\d+\.\d+\.\d+)(\.\d+)$/.exec(text) ?? [];
    const isBeside = head !== "" && head === before;
    before = head;
    return isBeside ? octet : text;
  });
  return texts.join(", ");
}
