import type { Topology, TopologyEdge } from "@tandem/contracts";
import type { Path, SemanticFault } from "../fault.ts";

/** An edge stands in a region that exists; a private one at an exchange that exists, a public one at none. */
export function* checkEdges({ regions, exchanges, edges }: Topology): Generator<SemanticFault> {
  const regionNames = new Set(regions.map(({ name }) => name));
  const exchangeNames = new Set(exchanges.map(({ name }) => name));
  for (const [index, edge] of edges.entries()) {
    const path = ["edges", index];
    if (!regionNames.has(edge.region)) {
      yield { path: [...path, "region"], cause: `there is no region ${edge.region}` };
    }
    yield* checkExchange(edge, path, exchangeNames);
    const { udp, tcp, tls } = edge.ports ?? { udp: 0, tcp: 0, tls: 0 };
    if (udp === null && tcp === null && tls === null) {
      yield { path: [...path, "ports"], cause: `edge ${edge.name} serves no transport` };
    }
  }
}

function* checkExchange(
  { name, kind, exchange }: TopologyEdge,
  path: Path,
  exchangeNames: ReadonlySet<string>,
): Generator<SemanticFault> {
  if (kind === "private" && exchange === undefined) {
    yield { path, cause: `private edge ${name} needs an exchange: that is where its lines end` };
  } else if (kind === "public" && exchange !== undefined) {
    yield { path: [...path, "exchange"], cause: `public edge ${name} stands at no exchange` };
  } else if (exchange !== undefined && !exchangeNames.has(exchange)) {
    yield { path: [...path, "exchange"], cause: `there is no exchange ${exchange}` };
  }
}
