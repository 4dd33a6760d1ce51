import { isIPv4, isIPv6 } from "node:net";
import { QueryError } from "@tandem/database";
import { ApiError } from "../conventions/api-error.ts";

/**
 * Reads `192.0.2.0/24`, or an address for that address alone; gives CIDR text. A prefix of 0 would make every stranger
 * this carrier. Throws 91113. Bits behind the prefix are left to `refusingHostBits`.
 */
export function networkOf(text: string): string {
  const [address = "", length, ...rest] = text.split("/");
  const whole = wholeLengthOf(address);
  if (whole === undefined || rest.length > 0) throw new ApiError("invalidNetwork");
  if (length === undefined) return `${address}/${whole}`;
  if (!/^[1-9]\d{0,2}$/.test(length) || Number(length) > whole) throw new ApiError("invalidNetwork");
  return `${address}/${length}`;
}

function wholeLengthOf(address: string): number | undefined {
  if (isIPv4(address)) return 32;
  return isIPv6(address) && !address.includes("%") ? 128 : undefined;
}

/** Runs a statement that stores a network; PostgreSQL refuses one with bits behind its prefix. Throws 91113. */
export async function refusingHostBits<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    const isMalformed = error instanceof QueryError && error.code === "22P02";
    throw isMalformed ? new ApiError("invalidNetwork", "The bits behind the prefix must be 0.") : error;
  }
}
