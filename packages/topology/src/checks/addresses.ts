import type { Topology } from "@tandem/contracts";
import type { IpRange as AddressRange } from "@tandem/routing";
import type { SemanticFault } from "../fault.ts";
import { holds, overlap, readNetwork } from "../network.ts";

interface Seen {
  readonly range: AddressRange;
  readonly text: string;
  readonly edge: string;
}

/**
 * An address of signaling belongs to one edge, once; where an exchange announces prefixes, its edges' addresses are in
 * them. Name servers are addresses.
 */
export function* checkAddresses(topology: Topology): Generator<SemanticFault> {
  const seen: Seen[] = [];
  for (const [index, edge] of topology.edges.entries()) {
    const announced = announcedAt(topology, edge.exchange);
    for (const [place, text] of edge.signaling.entries()) {
      const path = ["edges", index, "signaling", place];
      const range = readNetwork(text);
      if (range === undefined) {
        yield {
          path,
          cause: `${text} is neither an address nor a network (bits behind the prefix must be 0)`,
        };
        continue;
      }
      const other = seen.find((before) => overlap(before.range, range));
      if (other !== undefined)
        yield { path, cause: `${text} ${sameOrOverlaps(text, other)} of edge ${other.edge}` };
      if (announced.length > 0 && !announced.some((prefix) => holds(prefix, range))) {
        yield { path, cause: `${text} is in no prefix that exchange ${edge.exchange} announces` };
      }
      seen.push({ range, text, edge: edge.name });
    }
  }
  for (const [place, text] of (topology.nameServers ?? []).entries()) {
    const range = readNetwork(text);
    if (range === undefined || range.first !== range.last || text.includes("/")) {
      yield { path: ["nameServers", place], cause: `${text} is no address` };
    }
  }
}

function sameOrOverlaps(text: string, other: Seen): string {
  return text === other.text ? "is an address" : `overlaps ${other.text}`;
}

function announcedAt({ exchanges }: Topology, name: string | undefined): readonly AddressRange[] {
  const prefixes = exchanges.find((exchange) => exchange.name === name)?.bgpPrefixes ?? [];
  return prefixes.flatMap(({ prefix }) => readNetwork(prefix) ?? []);
}
