import { parseE164 } from "@tandem/numbering";
import type { NameAddr } from "@tandem/sip/message";
import { parseSipUri } from "@tandem/sip/uri";
import { numberPart } from "./number-part.ts";
import { phoneContextOf } from "./phone-context.ts";

/** The user of a SIP URI, the number of a tel URI, with its parameters. */
export function userOf(nameAddr: NameAddr): string | undefined {
  if (isTel(nameAddr)) return nameAddr.addrSpec.slice(4);
  const uri = parseSipUri(nameAddr.addrSpec);
  return uri.ok ? uri.value.user : undefined;
}

/** The E.164 number that an address names. Undefined: it names none. `mayLackPlus`: that of a carrier may leave it out. */
export function numberOf(nameAddr: NameAddr | undefined, mayLackPlus: boolean): string | undefined {
  if (nameAddr === undefined) return undefined;
  const user = userOf(nameAddr);
  // A local number: nobody but its own context knows what comes before it.
  if (user === undefined || phoneContextOf(user) !== undefined) return undefined;
  const written = numberPart(user);
  const digits = isTel(nameAddr) ? written.replaceAll(visualSeparator, "") : written;
  return parseE164(mayLackPlus && /^[1-9]/.test(digits) ? `+${digits}` : digits);
}

function isTel({ addrSpec }: NameAddr): boolean {
  return /^tel:/i.test(addrSpec);
}

/** What makes a number of a tel URI easier to read (RFC 3966 §5.1.1). */
const visualSeparator = /[-.()]/g;
