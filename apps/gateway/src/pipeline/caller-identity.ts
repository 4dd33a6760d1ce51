import { parseE164 } from "@tandem/numbering";
import { reasons } from "@tandem/reasons";
import { callingPartyOf, type NameAddr, parseNameAddr } from "@tandem/sip/message";
import { unescapeUser } from "@tandem/sip/uri";
import type { CallContext } from "./call-context.ts";
import { numberOf, userOf } from "./number-of-address.ts";
import { wantsAnonymity } from "./privacy-request.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * The calling number.
 *
 * Termination: what a header policy made of it, or the user part of From; when that is no number, Remote-Party-ID, then P-Asserted-Identity, and for want of that
 * P-Preferred-Identity, a hint of whom it may name (RFC 3325 §9.2); E.164 with a plus, else 403. Whoever gets here has been
 * authenticated; whether its trunk may show that number is for caller-id-policy to say.
 *
 * Origination: P-Asserted-Identity of the carrier (it is in our trust domain, RFC 3325 §5), then From; what is no number is
 * passed on as it is, `anonymous` say, or a local number with its context (RFC 3966 §5.1.5). The customer is outside of that
 * domain: a caller who asked for privacy is anonymous to it, whatever the carrier asserts (RFC 3325 §7).
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
    ["the header policy", parseE164(call.rewritten.from ?? "")],
    ["From", numberOf(from, false)],
    ["Remote-Party-ID", party.ok ? numberOf(party.value?.address, false) : undefined],
    ["P-Asserted-Identity", identityNumber(call, "P-Asserted-Identity", false)],
    ["P-Preferred-Identity", preferredNumber(call)],
  ];
  for (const [name, number] of sources) {
    if (number === undefined) continue;
    call.callingNumber = number;
    return pass(`calling number ${number} from ${name}`);
  }
  return refuse(
    reasons.invalidCallerId,
    "neither From nor Remote-Party-ID nor P-Asserted-Identity nor P-Preferred-Identity has an E.164 number with a leading plus",
  );
}

function ofCarrier(call: CallContext): Verdict {
  if (wantsAnonymity(call.request)) {
    call.callingNumber = "anonymous";
    call.callerDisplayName = undefined;
    return pass("the caller wants to be anonymous");
  }
  const from = call.request.from();
  const user = from.ok ? userOf(from.value) : undefined;
  const number = assertedNumberOf(call);
  call.callingNumber = number ?? (user === undefined ? "anonymous" : unescapeUser(user));
  return pass(`calling number ${call.callingNumber}`);
}

/** The number that a carrier says the call is from, whatever the caller wants the customer to see. Undefined: none. */
export function assertedNumberOf(call: CallContext): string | undefined {
  const from = call.request.from();
  const asserted = identityNumber(call, "P-Asserted-Identity", true);
  return asserted ?? numberOf(from.ok ? from.value : undefined, true);
}

/** Who asserts an identity itself prefers none. */
function preferredNumber(call: CallContext): string | undefined {
  if (call.request.has("P-Asserted-Identity")) return undefined;
  return identityNumber(call, "P-Preferred-Identity", false);
}

/** Of a SIP URI and a tel URI (RFC 3325 §9.1, §9.2) the first that is a number. */
function identityNumber(
  call: CallContext,
  name: "P-Asserted-Identity" | "P-Preferred-Identity",
  mayLackPlus: boolean,
): string | undefined {
  for (const value of call.request.list(name)) {
    const parsed = parseNameAddr(value);
    const number = parsed.ok ? numberOf(parsed.value, mayLackPlus) : undefined;
    if (number !== undefined) return number;
  }
  return undefined;
}
