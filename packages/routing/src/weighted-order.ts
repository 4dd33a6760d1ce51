/** What takes part in a draw. */
export interface Weighted {
  /** The lowest comes first. */
  readonly priority: number;
  /** Share among those of equal priority, 1 or more. */
  readonly weight: number;
}

/**
 * The order in which to try items: by priority, and within one priority by weighted draws without replacement, so that
 * after a failure the rest share the calls by their own weights (as RFC 2782 does for SRV records).
 * One random number per item that has a competitor.
 */
export function weightedOrder<T extends Weighted>(items: readonly T[], random: () => number): T[] {
  if (items.length < 2) return [...items];
  const sorted = items.toSorted((a, b) => a.priority - b.priority);
  const ordered: T[] = [];
  let start = 0;
  while (start < sorted.length) {
    const priority = sorted[start]?.priority;
    let end = start + 1;
    while (end < sorted.length && sorted[end]?.priority === priority) end++;
    drawAll(sorted.slice(start, end), random, ordered);
    start = end;
  }
  return ordered;
}

function drawAll<T extends Weighted>(pool: T[], random: () => number, drawn: T[]): void {
  let total = 0;
  for (const item of pool) total += item.weight;
  while (pool.length > 1) {
    const index = drawIndex(pool, random() * total);
    const [item] = pool.splice(index, 1) as [T];
    total -= item.weight;
    drawn.push(item);
  }
  drawn.push(...pool);
}

/** Index of the item whose share of the line from 0 to the total holds the point. */
function drawIndex(pool: readonly Weighted[], point: number): number {
  let passed = 0;
  for (const [index, item] of pool.entries()) {
    passed += item.weight;
    if (point < passed) return index;
  }
  return pool.length - 1;
}
