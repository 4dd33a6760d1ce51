/** Pages of lists. The two trees of the interface write them differently; here they are one. */
import { partOf, type Row, rowsOf, textOf } from "./row.ts";

export interface ListPage {
  readonly rows: readonly Row[];
  /** Path and query of the page before this one, with the older rows; undefined: there is none. */
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

/** Place of a list's newest rows, for `PageToken`. */
export const lastPageToken = "PL";

/** `key`: field of the list in the answer. */
export function listPageOf(answer: Row, key: string): ListPage {
  const meta = partOf(answer, "meta");
  return {
    rows: rowsOf(answer, key),
    previous: placeOf(textOf(meta, "previous_page_url") || textOf(answer, "previous_page_uri")),
    next: placeOf(textOf(meta, "next_page_url") || textOf(answer, "next_page_uri")),
  };
}

/**
 * What is asked for is asked where the console came from, whatever origin stands in the address: control may know itself
 * by another name than the browser knows it.
 */
function placeOf(address: string): string | undefined {
  if (address === "") return undefined;
  const { pathname, search } = new URL(address, "http://control.invalid");
  return pathname + search;
}
