import type { Topology } from "@tandem/contracts";
import type { SemanticFault } from "../fault.ts";

/** A region falls back to other regions that exist, each once. */
export function* checkRegions({ regions }: Topology): Generator<SemanticFault> {
  const names = new Set(regions.map(({ name }) => name));
  for (const [index, { name, fallback }] of regions.entries()) {
    for (const [place, other] of fallback.entries()) {
      const path = ["regions", index, "fallback", place];
      if (!names.has(other)) yield { path, cause: `there is no region ${other}` };
      else if (other === name) yield { path, cause: `${name} cannot take over for itself` };
      else if (fallback.indexOf(other) < place) yield { path, cause: `${other} stands in the list already` };
    }
  }
}
