/** Names members and positions of lists from the root of the document. */
export type Path = readonly (string | number)[];

/** What is wrong with a document that is as the schema says. */
export interface SemanticFault {
  readonly path: Path;
  readonly cause: string;
}

/** One reason why a topology file is not accepted. Line and column count from 1. */
export interface TopologyFault {
  readonly line: number;
  readonly column: number;
  /** `/edges/3/region`; empty: the text is no YAML. */
  readonly path: string;
  readonly cause: string;
}

/** `topology.yaml:12:7: /edges/3/region: …`, as compilers write it. */
export function faultText(file: string, { line, column, path, cause }: TopologyFault): string {
  return `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${cause}`;
}
