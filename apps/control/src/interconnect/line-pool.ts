/** The pool of line addresses: each line has one, made of its number, on every gateway host of its edge. */
import { parseNetwork } from "@tandem/routing";
import { ipv4Text } from "./ipv4-text.ts";

const firstRoutingTable = 1000;

/** How many lines a pool has addresses for; the first and the last address of the network are left alone. */
export function lineNumbersOf(pool: string): number {
  const { first, last } = rangeOf(pool);
  return last - first - 1;
}

/** Address of a line on the gateway hosts. `lineNumber`: from 1. */
export function lineAddressOf(pool: string, lineNumber: number): string {
  return ipv4Text(rangeOf(pool).first + lineNumber);
}

/** Number of the line's routing table on the gateway hosts. */
export function routingTableOf(lineNumber: number): number {
  return firstRoutingTable + lineNumber;
}

function rangeOf(pool: string): { first: number; last: number } {
  const { first, last } = parseNetwork(pool) ?? {};
  if (typeof first !== "number" || typeof last !== "number") throw new Error(`${pool} is no IPv4 network`);
  return { first, last };
}
