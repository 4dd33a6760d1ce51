/** Names that a trunk's calls to the PSTN are sent to. */
import { type Row, textOf } from "../api/row.ts";

export interface TerminationHost {
  /** "": whichever edge the name server leads to. */
  readonly edge: string;
  readonly place: string;
  readonly host: string;
}

const marker = ".pstn.";

/** `office.pstn.tandem.test` is the one without an edge; `office.pstn.ashburn.tandem.test` is the edge's. */
export function terminationHosts(domainName: string, edges: readonly Row[]): readonly TerminationHost[] {
  const at = domainName.indexOf(marker);
  if (at < 0) return [];
  const [label, base] = [domainName.slice(0, at), domainName.slice(at + marker.length)];
  return [
    { edge: "", place: "the region's edge", host: domainName },
    ...edges.map((edge) => ({
      edge: textOf(edge, "name"),
      place: textOf(edge, "place"),
      host: `${label}${marker}${textOf(edge, "name")}.${base}`,
    })),
  ];
}
