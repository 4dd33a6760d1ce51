import { maximumUrlCharacters } from "./identity-header.ts";

/** How much the signer knows of the caller (RFC 8588 §4): all, the customer only, or nothing. */
export type Attestation = "A" | "B" | "C";

/** Who calls or is called: a telephone number without plus, or a URI (RFC 8225 §5.2.1). */
export type PassportParty = { readonly tn: string } | { readonly uri: string };

export interface PassportHeader {
  readonly alg: string;
  /** Extension: `shaken` (RFC 8588), `div` (RFC 8946), …; undefined: none. */
  readonly ppt: string | undefined;
  readonly x5u: string;
}

export interface PassportClaims {
  /** Seconds since 1970. */
  readonly iat: number;
  readonly orig: PassportParty;
  readonly dest: { readonly tn: readonly string[]; readonly uri: readonly string[] };
  readonly attest: Attestation | undefined;
  /** UUID; opaque but for who signed. */
  readonly origid: string | undefined;
  /** Whom the call was for before it was diverted (RFC 8946). */
  readonly div: PassportParty | undefined;
}

/** Destinations of one call. */
export const maximumDestinations = 16;

const greatestIat = 2 ** 40;
const attestations: ReadonlySet<unknown> = new Set(["A", "B", "C"]);
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const number = /^[0-9*#]{1,24}$/;
const maximumUriCharacters = 512;

/** The header of a PASSporT, of its JSON. Undefined: not one. */
export function headerOf(members: unknown): PassportHeader | undefined {
  if (!isMembers(members)) return undefined;
  const { alg, ppt, typ, x5u, crit } = members;
  // RFC 7515 §4.1.11: who does not understand what is critical refuses; nothing critical is understood here.
  if (typ !== "passport" || crit !== undefined) return undefined;
  if (typeof alg !== "string" || typeof x5u !== "string" || x5u.length > maximumUrlCharacters)
    return undefined;
  return ppt === undefined || typeof ppt === "string" ? { alg, ppt, x5u } : undefined;
}

/** Its claims. Those that are not known are passed over; those that are known have their form, or there are none. */
export function claimsOf(members: unknown): PassportClaims | undefined {
  if (!isMembers(members)) return undefined;
  const { iat, attest, origid, div: diverted } = members;
  const orig = partyOf(members["orig"]);
  const dest = destinationsOf(members["dest"]);
  const div = partyOf(diverted);
  if (orig === undefined || dest === undefined || !isTime(iat)) return undefined;
  if (diverted !== undefined && div === undefined) return undefined;
  return isAttestation(attest) && isUuid(origid) ? { iat, orig, dest, attest, origid, div } : undefined;
}

type Members = Readonly<Record<string, unknown>>;

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= greatestIat;
}

function isAttestation(value: unknown): value is Attestation | undefined {
  return value === undefined || attestations.has(value);
}

function isUuid(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === "string" && uuid.test(value));
}

/** Exactly one number, or exactly one URI. */
function partyOf(value: unknown): PassportParty | undefined {
  if (!isMembers(value)) return undefined;
  const { tn, uri } = value;
  if (typeof tn === "string" && uri === undefined) return number.test(tn) ? { tn } : undefined;
  return tn === undefined && isUri(uri) ? { uri } : undefined;
}

function destinationsOf(value: unknown): PassportClaims["dest"] | undefined {
  if (!isMembers(value)) return undefined;
  const tn = listOf(value["tn"], (one): one is string => typeof one === "string" && number.test(one));
  const uri = listOf(value["uri"], isUri);
  if (tn === undefined || uri === undefined) return undefined;
  const count = tn.length + uri.length;
  return count > 0 && count <= maximumDestinations ? { tn, uri } : undefined;
}

function listOf(value: unknown, is: (one: unknown) => one is string): readonly string[] | undefined {
  if (value === undefined) return [];
  return Array.isArray(value) && value.every((one) => is(one)) ? (value as readonly string[]) : undefined;
}

function isUri(value: unknown): value is string {
  return typeof value === "string" && value.length <= maximumUriCharacters && value.includes(":");
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
