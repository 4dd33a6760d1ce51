import type { InterfaceConfiguration, SnapshotConnection } from "@tandem/contracts";
import type { RoutingTable } from "@tandem/routing";

/** How the private line of a request is known. */
export type LineAttribution = "kernel" | "address";

/** Which line an address on a private interface belongs to. */
export type AttributedLine =
  | { readonly kind: "none" }
  | { readonly kind: "one"; readonly connection: SnapshotConnection }
  /** Their routes overlap: nobody can tell. */
  | { readonly kind: "several"; readonly sids: readonly string[] };

const none: AttributedLine = { kind: "none" };

/** By the routes of the edge's active lines: what is left when nothing but the source address tells. */
export function lineOfAddress(table: RoutingTable, edge: string, address: string): AttributedLine {
  const [first, ...others] = new Set(table.linesTo(edge, address).map(({ value }) => value));
  if (first === undefined) return none;
  if (others.length === 0) return { kind: "one", connection: first };
  return { kind: "several", sids: [first, ...others].map(({ sid }) => sid).sort() };
}

/** What an interface is for. With kernel attribution the lines' own interfaces stand for the private one. */
export function effectiveInterface(
  one: InterfaceConfiguration,
  attribution: LineAttribution,
): InterfaceConfiguration {
  if (attribution === "address") return one;
  return { ...one, roles: one.roles.filter((role) => role !== "private") };
}
