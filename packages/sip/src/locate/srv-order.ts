import type { SrvRecord } from "./resolver.ts";

/**
 * Records in the order to try (RFC 2782): lowest priority first; within a priority drawn by weight without
 * replacement, so that weight 0 has a very small chance while others have weight.
 * `random` gives numbers in [0, 1); it is asked once for every draw among two or more.
 */
export function orderSrvRecords(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const ordered: SrvRecord[] = [];
  const remaining = records.toSorted((a, b) => a.priority - b.priority);
  while (remaining.length > 0) {
    const priority = remaining[0]?.priority;
    const end = remaining.findIndex((record) => record.priority !== priority);
    const group = remaining.splice(0, end < 0 ? remaining.length : end);
    drawByWeight(group, random, ordered);
  }
  return ordered;
}

function drawByWeight(group: SrvRecord[], random: () => number, ordered: SrvRecord[]): void {
  // "Those with weight 0 are placed at the beginning of the list": the draw below reaches them only with 0.
  const candidates = group.toSorted((a, b) => Number(a.weight > 0) - Number(b.weight > 0));
  while (candidates.length > 0) {
    const index = candidates.length === 1 ? 0 : draw(candidates, random);
    ordered.push(...candidates.splice(index, 1));
  }
}

/** Index of the first record whose running sum of weights reaches a number drawn from 0 to the whole sum, both included. */
function draw(candidates: readonly SrvRecord[], random: () => number): number {
  let sum = 0;
  for (const { weight } of candidates) sum += weight;
  const drawn = Math.floor(random() * (sum + 1));
  let runningSum = 0;
  for (let index = 0; index < candidates.length; index++) {
    runningSum += candidates[index]?.weight ?? 0;
    if (runningSum >= drawn) return index;
  }
  return candidates.length - 1;
}
