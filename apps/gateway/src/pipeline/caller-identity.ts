import { parseE164 } from "@tandem/numbering";
import { reasons } from "@tandem/reasons";
import { callingPartyOf, type NameAddr, parseNameAddr } from "@tandem/sip/message";
import { parseSipUri, unescapeUser } from "@tandem/sip/uri";
import type { CallContext } from "./call-context.ts";
import { numberPart } from "./number-translation.ts";
import { wantsAnonymity } from "./privacy-request.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * The calling number. Termination: the user part of From; when that is no number, Remote-Party-ID, then
 * P-Asserted-Identity; E.164 with a plus, else 403. Origination: P-Asserted-Identity of the carrier (it is in our
 * trust domain, RFC 3325 §5), then From; what is no number is passed on as it is, `anonymous` say. The customer is outside of
 * that domain: a caller who asked for privacy is anonymous to it, whatever the carrier asserts (RFC 3325 §7).
 */
export function callerIdentity(call: CallContext): Verdict {
  const from = call.request.from();
  if (from.ok) call.callerDisplayName = from.value.displayName;
  return call.direction === "termination"
    ? ofCustomer(call, from.ok ? from.value : undefined)
    : ofCarrier(call);
}

function ofCustomer(call: CallContext, from: NameAddr | undefined): Verdict {
  const party = callingPartyOf(call.request);
  const sources: readonly (readonly [string, string | undefined])[] = [
    ["From", numberOf(from, false)],
    ["Remote-Party-ID", party.ok ? numberOf(party.value?.address, false) : undefined],
    ["P-Asserted-Identity", assertedNumber(call, false)],
  ];
  for (const [name, number] of sources) {
    if (number === undefined) continue;
    call.callingNumber = number;
    return pass(`calling number ${number} from ${name}`);
  }
  return refuse(
    reasons.invalidCallerId,
    "neither From nor Remote-Party-ID nor P-Asserted-Identity has an E.164 number with a leading plus",
  );
}

function ofCarrier(call: CallContext): Verdict {
  if (wantsAnonymity(call.request)) {
    call.callingNumber = "anonymous";
    call.callerDisplayName = undefined;
    return pass("the caller wants to be anonymous");
  }
  const asserted = assertedNumber(call, true);
  const from = call.request.from();
  const user = from.ok ? userOf(from.value) : undefined;
  const number = asserted ?? numberOf(from.ok ? from.value : undefined, true);
  call.callingNumber = number ?? (user === undefined ? "anonymous" : unescapeUser(user));
  return pass(`calling number ${call.callingNumber}`);
}

/** Of a SIP URI and a tel URI (RFC 3325 §9.1) the first that is a number. */
function assertedNumber(call: CallContext, mayLackPlus: boolean): string | undefined {
  for (const value of call.request.list("P-Asserted-Identity")) {
    const parsed = parseNameAddr(value);
    const number = parsed.ok ? numberOf(parsed.value, mayLackPlus) : undefined;
    if (number !== undefined) return number;
  }
  return undefined;
}

function userOf(nameAddr: NameAddr): string | undefined {
  const uri = parseSipUri(nameAddr.addrSpec);
  return uri.ok ? uri.value.user : undefined;
}

function numberOf(nameAddr: NameAddr | undefined, mayLackPlus: boolean): string | undefined {
  if (nameAddr === undefined) return undefined;
  const isTel = /^tel:/i.test(nameAddr.addrSpec);
  const user = isTel ? nameAddr.addrSpec.slice(4) : userOf(nameAddr);
  if (user === undefined) return undefined;
  const written = numberPart(user);
  const digits = isTel ? written.replaceAll(visualSeparator, "") : written;
  return parseE164(mayLackPlus && /^[1-9]/.test(digits) ? `+${digits}` : digits);
}

/** What makes a number of a tel URI easier to read (RFC 3966 §5.1.1). */
const visualSeparator = /[-.()]/g;
