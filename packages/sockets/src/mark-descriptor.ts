import { descriptorCalls, level } from "./descriptor-calls.ts";

/** SO_DOMAIN: which family a socket is of. AF_INET6 */
const domain = 39;
const familyIPv6 = 10;
/** IP_TOS */
const typeOfService = 1;
/** IPV6_TCLASS */
const trafficClass = 67;

/**
 * Marks what leaves by a socket from now on with a differentiated services code point (RFC 2474). The two bits of explicit
 * congestion notification beside it stay the kernel's. Connections that a listening socket accepts inherit it.
 *
 * Undefined when done, else why not: the name of the system's error, or a sentence where this is not possible at all.
 *
 * @param codePoint 0 to 63
 */
export function markDescriptor(descriptor: number, codePoint: number): string | undefined {
  if (!(codePoint >= 0 && codePoint <= 63)) throw new RangeError(`${codePoint} is no code point: 0 to 63`);
  const calls = descriptorCalls();
  if (typeof calls === "string") return calls;
  const isIPv6 = calls.number(descriptor, level.socket, domain) === familyIPv6;
  return isIPv6
    ? calls.setNumber(descriptor, level.IPv6, trafficClass, codePoint << 2)
    : calls.setNumber(descriptor, level.IPv4, typeOfService, codePoint << 2);
}
