import { isIP } from "node:net";
import { parseIpAddress } from "@tandem/routing";
import { ApiError } from "../conventions/api-error.ts";

/**
 * Length of the prefix of an access control entry; the whole address when left out. A prefix of 0 would let the whole
 * internet make calls and is refused; so are IPv4 addresses in IPv6's clothes, which could say the same in another
 * way. Throws 91104, 91105.
 */
export function cidrPrefixLengthOf(ipAddress: string, given: number | undefined): number {
  const family = familyOf(ipAddress);
  const whole = family === 4 ? 32 : 128;
  const length = given ?? whole;
  if (length < 1 || length > whole) throw new ApiError("invalidCidrPrefixLength", `It must be 1-${whole}.`);
  return length;
}

/** 4 or 6. */
export function familyOf(ipAddress: string): 4 | 6 {
  const parsed = parseIpAddress(ipAddress);
  const family = isIP(ipAddress);
  const isMapped = family === 6 && typeof parsed === "number";
  if (parsed === undefined || (family !== 4 && family !== 6) || isMapped)
    throw new ApiError("invalidIpAddress");
  return family;
}
