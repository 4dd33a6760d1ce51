import { parseNameAddr } from "@tandem/sip/message";
import { parseSipUri } from "@tandem/sip/uri";
import { type Attestation, type CanonicalNumber, canonicalNumber } from "@tandem/stir";
import type { CallContext } from "../pipeline/call-context.ts";
import { numberPart } from "../pipeline/number-part.ts";

/** What we say of a customer's call when we sign it (RFC 8588 §4), and why. */
export interface CallAttestation {
  readonly attestation: Attestation;
  /** The customer's own PASSporT holds and goes along: nothing else is signed. */
  readonly isKept: boolean;
  /** Number of the account that sent the call on (RFC 8946). */
  readonly divertedBy: CanonicalNumber | undefined;
  readonly why: string;
}

/**
 * A: the calling number is the account's, or a verified caller ID of it. B: the customer is known, that the number is its own is not. C: the customer passes on
 * a call that came to it from elsewhere, or asked us to transfer one. Undefined: nothing is said, of an emergency call or for a
 * number that is not E.164.
 */
export function attestationOf(call: CallContext): CallAttestation | undefined {
  if (call.direction !== "termination" || call.isEmergency) return undefined;
  if (!isE164(call.callingNumber) || !isE164(call.calledNumber)) return undefined;
  const asked = call.backboneRequest?.identity ?? "";
  if (asked !== "") return ofSister(call, asked);
  const { verification } = call;
  if (verification?.ok === true) {
    return kept(verification.attestation, "the customer's own PASSporT holds");
  }
  return ours(call);
}

function ours(call: CallContext): CallAttestation {
  const { callingNumber } = call;
  if (isOfAccount(call, callingNumber))
    return signed("A", `${callingNumber} is a number or a verified caller ID of the account`);
  const passedOn = call.transfer === undefined ? isForwarded(call) : true;
  if (!passedOn) {
    return signed("B", `the customer is known, that ${callingNumber} is its number is not`);
  }
  return signed("C", "the customer passes on somebody else's call", diverterOf(call));
}

function kept(attestation: Attestation, why: string): CallAttestation {
  return { attestation, isKept: true, divertedBy: undefined, why };
}

function signed(attestation: Attestation, why: string, divertedBy?: CanonicalNumber): CallAttestation {
  return { attestation, isKept: false, divertedBy, why };
}

function isE164(number: string): boolean {
  return canonicalNumber(number) !== undefined;
}

/** What a sister gateway is told of it: `A`, `kept-A`; "": nothing. */
export function attestationText(says: CallAttestation | undefined): string {
  if (says === undefined) return "";
  return says.isKept ? `kept-${says.attestation}` : says.attestation;
}

function ofSister(call: CallContext, asked: string): CallAttestation | undefined {
  const [, isKept, attestation] = /^(kept-)?([ABC])$/.exec(asked) ?? [];
  if (attestation !== "A" && attestation !== "B" && attestation !== "C") return undefined;
  const why = "the gateway where the call entered says so";
  if (isKept !== undefined) return kept(attestation, why);
  return signed(attestation, why, attestation === "C" ? diverterOf(call) : undefined);
}

function isForwarded({ request }: CallContext): boolean {
  // The first entry of History-Info is the call itself.
  return request.has("Diversion") || request.list("History-Info").length > 1;
}

/**
 * The latest diverting number (RFC 5806 §4: it stands first), when it is the account's: of others we can't say that they
 * diverted.
 */
function diverterOf(call: CallContext): CanonicalNumber | undefined {
  const [latest] = call.request.list("Diversion");
  const nameAddr = latest === undefined ? undefined : parseNameAddr(latest);
  const uri = nameAddr?.ok === true ? parseSipUri(nameAddr.value.addrSpec) : undefined;
  const number = uri?.ok === true ? numberPart(uri.value.user ?? "") : "";
  return isOfAccount(call, number) ? canonicalNumber(number) : undefined;
}

function isOfAccount({ table, knownTrunk }: CallContext, number: string): boolean {
  return table.isCallerIdOf(knownTrunk.accountSid, number);
}
