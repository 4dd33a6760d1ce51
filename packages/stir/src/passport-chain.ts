import { type CanonicalNumber, canonicalNumber } from "./canonical-number.ts";
import type { Passport } from "./passport.ts";
import type { Attestation, PassportParty } from "./passport-claims.ts";
import { receivedPassports } from "./received-passports.ts";
import { faulty, type Judged, type StirFault } from "./stir-fault.ts";

/** What the request says without its PASSporTs. */
export interface CallFacts {
  /** Values of Identity, in their order. */
  readonly identities: readonly string[];
  /** As it stands in P-Asserted-Identity or From; undefined: there is no number. */
  readonly callingNumber: string | undefined;
  /** As it stands in the Request-URI. */
  readonly calledNumber: string;
}

/** A PASSporT and the number that its certificate must speak for. */
export interface ClaimedPassport {
  readonly passport: Passport;
  /** Of the caller; for a diversion, who diverted. */
  readonly signer: CanonicalNumber;
}

/** The PASSporTs that explain a call: the caller's, and one for each diversion of it (RFC 8946 §5). */
export interface PassportChain {
  readonly attestation: Attestation;
  readonly isDiverted: boolean;
  /** The caller's is the first. */
  readonly passports: readonly ClaimedPassport[];
}

/** How old, or how much in the future, `iat` may be (RFC 8224 §6.2.2 leaves it to us; 60 s are ATIS-1000074's). */
export const freshnessSeconds = 60;

export type ChosenChain =
  | { readonly ok: true; readonly value: PassportChain }
  | {
      readonly ok: false;
      readonly fault: StirFault;
      /** What the caller's PASSporT claims, as far as it could be read. */
      readonly attestation: Attestation | undefined;
    };

/**
 * Chooses the PASSporTs that a call is judged by, and holds everything against them but certificates and signatures.
 */
export function chooseChain(facts: CallFacts, nowMs: number): ChosenChain {
  const received = receivedPassports(facts.identities);
  if (!received.ok) return { ...received, attestation: undefined };
  const shaken = received.value.find(({ header }) => header.ppt === "shaken");
  if (shaken === undefined) {
    const found =
      received.value.length === 0
        ? faulty("ppt-unsupported", "there is no PASSporT of SHAKEN")
        : faulty("malformed", "there is a diversion, and no PASSporT of the call that was diverted");
    return { ...found, attestation: undefined };
  }
  const attestation = shaken.claims.attest;
  const chain = chainOf(shaken, received.value, facts);
  if (!chain.ok) return { ...chain, attestation };
  const fault = staleFault(chain.value, nowMs);
  return fault === undefined ? chain : { ok: false, fault, attestation };
}

function chainOf(shaken: Passport, received: readonly Passport[], facts: CallFacts): Judged<PassportChain> {
  const { attest, origid, orig, dest } = shaken.claims;
  if (attest === undefined || origid === undefined)
    return faulty("malformed", "PASSporT: attest or origid is missing");
  const caller = canonicalNumber(facts.callingNumber ?? "");
  const called = canonicalNumber(facts.calledNumber);
  if (caller === undefined || called === undefined)
    return faulty("no-number", "the calling or the called number is not E.164");
  if (!isParty(orig, caller)) return faulty("orig-mismatch", `orig is not the calling number ${caller}`);
  const diversions = diversionsTo(
    called,
    dest.tn,
    received.filter((one) => diverts(one, caller)),
  );
  if (diversions === undefined) return faulty("dest-mismatch", `no PASSporT is for a call to ${called}`);
  const passports = [{ passport: shaken, signer: caller }, ...diversions];
  return { ok: true, value: { attestation: attest, isDiverted: diversions.length > 0, passports } };
}

/** Back from the called number to one that the caller called; undefined: no way leads there. Each is used once, so it ends. */
function diversionsTo(
  called: CanonicalNumber,
  destinations: readonly string[],
  known: readonly Passport[],
): readonly ClaimedPassport[] | undefined {
  const left = [...known];
  const chain: ClaimedPassport[] = [];
  let to = called;
  while (!destinations.includes(to)) {
    const index = left.findIndex(({ claims }) => claims.dest.tn.includes(to));
    const [passport] = index < 0 ? [] : left.splice(index, 1);
    const signer = passport && diverterOf(passport);
    if (passport === undefined || signer === undefined) return undefined;
    chain.unshift({ passport, signer });
    to = signer;
  }
  return chain;
}

function staleFault({ passports }: PassportChain, nowMs: number): StirFault | undefined {
  for (const { passport } of passports) {
    const seconds = nowMs / 1000 - passport.claims.iat;
    if (Math.abs(seconds) > freshnessSeconds)
      return { name: "stale", text: `iat is ${Math.round(seconds)} s old` };
  }
  return undefined;
}

/** Whether a PASSporT says that the caller's call was sent on (RFC 8946 §4.1). */
function diverts({ header, claims }: Passport, caller: CanonicalNumber): boolean {
  return header.ppt === "div" && isParty(claims.orig, caller);
}

function diverterOf({ claims: { div } }: Passport): CanonicalNumber | undefined {
  return div !== undefined && "tn" in div ? canonicalNumber(div.tn) : undefined;
}

function isParty(party: PassportParty, number: CanonicalNumber): boolean {
  return "tn" in party && party.tn === number;
}
