import type { Topology } from "@tandem/contracts";
import type { Path, SemanticFault } from "../fault.ts";

/**
 * Names are unique among their like. Names and legacy ids of edges share one space: each stands wherever the other
 * may, so an edge's legacy id cannot be another edge's name.
 */
export function* checkNames(topology: Topology): Generator<SemanticFault> {
  yield* twice("region", [...named(topology.regions, "regions")]);
  yield* twice("exchange", [...named(topology.exchanges, "exchanges")]);
  yield* twice("gateway", [...named(topology.gateways ?? [], "gateways")]);
  yield* twice("edge", edgeNames(topology));
}

interface Naming {
  readonly name: string;
  readonly path: Path;
}

function* named(rows: readonly { readonly name: string }[], list: string): Generator<Naming> {
  for (const [index, { name }] of rows.entries()) yield { name, path: [list, index, "name"] };
}

function edgeNames({ roaming, edges }: Topology): readonly Naming[] {
  const names: Naming[] = [];
  const rows = edges.map((edge, index) => ({ edge, path: ["edges", index] as Path }));
  if (roaming !== undefined) rows.unshift({ edge: roaming as (typeof edges)[number], path: ["roaming"] });
  for (const { edge, path } of rows) {
    names.push({ name: edge.name, path: [...path, "name"] });
    if (edge.legacyId !== edge.name) names.push({ name: edge.legacyId, path: [...path, "legacyId"] });
  }
  return names;
}

function* twice(what: string, names: readonly Naming[]): Generator<SemanticFault> {
  const first = new Map<string, Path>();
  for (const { name, path } of names) {
    const before = first.get(name);
    if (before === undefined) first.set(name, path);
    else yield { path, cause: `${what} ${name} is there already, at /${before.join("/")}` };
  }
}
