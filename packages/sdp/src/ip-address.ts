/** Textual IP addresses, without node:net: this package is pure. */
import { parseDecimal } from "./decimal.ts";

/** Four decimal numbers up to 255. Leading zeros are refused: some read them as octal. */
export function isIpv4(text: string): boolean {
  let parts = 0;
  let start = 0;
  while (start <= text.length) {
    const dot = text.indexOf(".", start);
    const end = dot === -1 ? text.length : dot;
    if (parseDecimal(text, start, end, 255) === -1) return false;
    if (end - start > 1 && text.charCodeAt(start) === 48) return false;
    parts += 1;
    start = end + 1;
  }
  return parts === 4;
}

/** RFC 4291 §2.2, all three forms; no zone, no brackets. */
export function isIpv6(text: string): boolean {
  const gap = text.indexOf("::");
  if (gap === -1) return countGroups(text) === 8;
  if (text.indexOf("::", gap + 1) !== -1) return false;
  const before = gap === 0 ? 0 : countGroups(text.slice(0, gap));
  const after = gap + 2 === text.length ? 0 : countGroups(text.slice(gap + 2));
  // The dotted quad may only end the address, so never stand before the gap.
  if (before === -1 || after === -1 || text.lastIndexOf(".", gap) !== -1) return false;
  return before + after <= 7;
}

/** Number of 16-bit groups in a colon-separated list, a dotted quad at the end counting two; -1 when malformed. */
function countGroups(text: string): number {
  const groups = text.split(":");
  let count = 0;
  for (let i = 0; i < groups.length; i += 1) {
    const group = groups[i] ?? "";
    if (i === groups.length - 1 && group.includes(".")) {
      if (!isIpv4(group)) return -1;
      count += 2;
    } else if (isHexGroup(group)) {
      count += 1;
    } else {
      return -1;
    }
  }
  return count;
}

function isHexGroup(group: string): boolean {
  if (group.length < 1 || group.length > 4) return false;
  for (let i = 0; i < group.length; i += 1) {
    const code = group.charCodeAt(i) | 32;
    const isDigit = code >= 48 && code <= 57;
    const isLetter = code >= 97 && code <= 102;
    if (!isDigit && !isLetter) return false;
  }
  return true;
}

/** 0.0.0.0, or an IPv6 address of nothing but zeros. Expects a valid address. */
export function isUnspecifiedAddress(address: string): boolean {
  for (let i = 0; i < address.length; i += 1) {
    const code = address.charCodeAt(i);
    if (code !== 48 && code !== 46 && code !== 58) return false;
  }
  return true;
}

/** Multicast, or IPv4 class E and broadcast: nothing that one far side alone listens on. Expects a valid address. */
export function isMulticastAddress(address: string): boolean {
  const colon = address.indexOf(":");
  if (colon === -1) return parseDecimal(address, 0, address.indexOf("."), 255) >= 224;
  return colon === 4 && address.slice(0, 2).toLowerCase() === "ff";
}
