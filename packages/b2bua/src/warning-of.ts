import type { Reason } from "@tandem/reasons";

/** The Warning of a refusal of ours (RFC 3261 §20.43): its code where one says it, 399 else, and our own stable one. */
export function warningOf({ code, name, warnCode = 399 }: Reason): string {
  return `${warnCode} tandem "${code} ${name}"`;
}
