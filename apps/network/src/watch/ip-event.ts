import type { Line } from "../lines/line.ts";
import { ownLabel, ownProtocol } from "../plan/host-plan.ts";

/**
 * Words that make a line of `ip monitor` one about us: the lines' devices and tables, our label and our protocol. A host
 * with a full routing table has thousands of events that are not.
 */
export function wordsOf(lines: readonly Line[]): ReadonlySet<string> {
  const words = new Set([ownLabel.slice(ownLabel.indexOf(":") + 1), String(ownProtocol)]);
  for (const { device, routingTable } of lines) {
    words.add(device);
    words.add(String(routingTable));
  }
  return words;
}

/** `4: wan1@far1: <NO-CARRIER,…>`, `Deleted 192.0.2.0/24 dev wan1 table 1001 proto 84 …`, … */
export function concerns(line: string, words: ReadonlySet<string>): boolean {
  return line.split(/[\s:@]+/).some((word) => words.has(word));
}
