/** What one gateway tells the others of its region about limits that they share. */
export interface GatewayCounts {
  /** SID of a trunk to its calls that are up here. A trunk without one is left out. */
  readonly calls: ReadonlyMap<string, number>;
  /** SID of a trunk or an account to how many calls of it were begun here; see `BegunCalls`. */
  readonly begun: ReadonlyMap<string, number>;
}

/** Of a text that is taken from the store, in UTF-16 units: some 20,000 trunks with both counts. */
export const maximumCountsLength = 2 * 1024 * 1024;
/** A gateway has not so many calls; whoever says so is not believed. */
export const maximumCount = 10_000_000;

const version = 1;

/**
 * The whole state as JSON, in place of what has changed: whoever reads it last knows everything, so nothing can be lost
 * on the way and nothing must be asked again. Counts are a list, `["TK…",3,"TK…",1]`: a thousand members of an object take four
 * times as long to write and to read.
 */
export function encodeCounts({ calls, begun }: GatewayCounts): string {
  return JSON.stringify({ version, calls: listOf(calls), begun: listOf(begun) });
}

/** Undefined: no text of this version; it is another's, or damaged. */
export function decodeCounts(text: string): GatewayCounts | undefined {
  if (text.length > maximumCountsLength) return undefined;
  const value = parsed(text);
  if (value === undefined || value["version"] !== version) return undefined;
  const calls = countsIn(value["calls"]);
  const begun = countsIn(value["begun"]);
  return calls === undefined || begun === undefined ? undefined : { calls, begun };
}

function listOf(counts: ReadonlyMap<string, number>): readonly (string | number)[] {
  const list: (string | number)[] = [];
  for (const [sid, count] of counts) list.push(sid, count);
  return list;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function countsIn(list: unknown): ReadonlyMap<string, number> | undefined {
  if (!Array.isArray(list)) return undefined;
  const counts = new Map<string, number>();
  for (let at = 0; at < list.length; at += 2) {
    const sid: unknown = list[at];
    const count: unknown = list[at + 1];
    if (typeof sid !== "string" || !isCount(count)) return undefined;
    counts.set(sid, count);
  }
  return counts;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= maximumCount;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
