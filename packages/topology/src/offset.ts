import { type Document, isMap, isNode, isScalar } from "yaml";
import type { Path } from "./fault.ts";

/** Where in the text the value at the path stands; that of the nearest thing around it when there is none. */
export function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = keyOffset(document, path.slice(0, length)) ?? valueOffset(document, path.slice(0, length));
    if (offset !== undefined) return offset;
  }
  return document.contents?.range?.[0] ?? 0;
}

/** A value that is a map or a list is found by its name, which a person looks for. */
function keyOffset(document: Document, path: Path): number | undefined {
  const value = document.getIn(path, true);
  if (isScalar(value)) return undefined;
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
}

function valueOffset(document: Document, path: Path): number | undefined {
  const value = document.getIn(path, true);
  return isNode(value) ? value.range?.[0] : undefined;
}
