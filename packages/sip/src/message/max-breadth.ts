import { parseDecimal } from "../uri/decimal.ts";
import type { Message } from "./message.ts";

/** RFC 5393 §5.3.2: given by an element that forwards a request without one. */
export const defaultMaxBreadth = 60;
const maximumMaxBreadth = 4_294_967_295;

/** Max-Breadth (RFC 5393 §5.8): branches that the request may have at a time; without one, or with one that is none, 60. */
export function maxBreadthOf(message: Message): number {
  const value = message.value("Max-Breadth");
  if (value === undefined) return defaultMaxBreadth;
  const breadth = parseDecimal(value, maximumMaxBreadth);
  return breadth < 0 ? defaultMaxBreadth : breadth;
}
