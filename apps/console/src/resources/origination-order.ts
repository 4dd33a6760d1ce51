/** The order in which origination URLs are tried, and what has to change when one moves in it. */
import { numberOf, type Row, textOf } from "../api/row.ts";

/** As they are tried: the lowest priority first; among equals the heavier is the likelier. */
export function tried(urls: readonly Row[]): readonly Row[] {
  return urls.toSorted(
    (a, b) =>
      (numberOf(a, "priority") ?? 0) - (numberOf(b, "priority") ?? 0) ||
      (numberOf(b, "weight") ?? 0) - (numberOf(a, "weight") ?? 0),
  );
}

export interface NewPriority {
  readonly sid: string;
  readonly priority: number;
}

const highest = 65_535;

/**
 * What changes so that the URL is tried before (`-1`) or after (`+1`) its neighbour in the order: the two exchange their
 * priorities, or, when these are equal, the later one gets the next lower or higher number of its own.
 * Empty: it is the first or the last already, or there is no number left.
 */
export function moved(urls: readonly Row[], sid: string, by: -1 | 1): readonly NewPriority[] {
  const order = tried(urls);
  const index = order.findIndex((url) => textOf(url, "sid") === sid);
  const [one, neighbour] = [order[index], order[index + by]];
  if (one === undefined || neighbour === undefined) return [];
  const [own, others] = [numberOf(one, "priority") ?? 0, numberOf(neighbour, "priority") ?? 0];
  if (own !== others) {
    return [
      { sid, priority: others },
      { sid: textOf(neighbour, "sid"), priority: own },
    ];
  }
  const priority = own + by;
  return priority < 0 || priority > highest ? [] : [{ sid, priority }];
}
