import { type Challenge, chooseChallenge } from "@tandem/sip/digest";
import { parseRetryAfter, type SipResponse } from "@tandem/sip/message";
import { uriEquals } from "@tandem/sip/uri";

/** What was asked, as far as the meaning of the response depends on it. */
export interface RegisterFacts {
  /** URI of our Contact, as sent. */
  readonly contactUri: string;
  readonly requestedSeconds: number;
  readonly hasCredentials: boolean;
  /** Nonce of the credentials that the request carried; undefined: it carried none. */
  readonly usedNonce: string | undefined;
  /** Challenges that this registration round has answered already. */
  readonly answeredChallenges: number;
  /** The round has asked for a longer time once. */
  readonly hasRaised: boolean;
}

export type RegisterVerdict =
  | { readonly kind: "registered"; readonly grantedSeconds: number }
  | { readonly kind: "authenticate"; readonly challenge: Challenge; readonly isProxy: boolean }
  | { readonly kind: "raise"; readonly seconds: number }
  | { readonly kind: "failed"; readonly text: string; readonly retryAfterSeconds: number };

/** A nonce that grows stale while we answer may happen; more often than that somebody keeps us busy. */
export const maximumAnswers = 3;
/** Longest registration and longest Min-Expires that are believed: a week. */
export const longestExpiresSeconds = 604_800;
/** Longest Retry-After that is believed. */
const longestRetryAfterSeconds = 3600;

/** What a final response to a REGISTER means (RFC 3261 §10.2.4, §10.2.8, §22.2). */
export function verdictOn(response: SipResponse, facts: RegisterFacts): RegisterVerdict {
  const { statusCode } = response;
  if (statusCode < 300) return granted(response, facts);
  if (statusCode === 401 || statusCode === 407) return challenged(response, facts);
  if (statusCode === 423) return tooBrief(response, facts);
  return failed(response, `${statusCode} ${response.reasonPhrase}`);
}

function granted(response: SipResponse, facts: RegisterFacts): RegisterVerdict {
  const seconds = grantedSeconds(response, facts);
  if (seconds <= 0) return failed(response, "the registrar keeps no binding of ours");
  return { kind: "registered", grantedSeconds: Math.min(seconds, longestExpiresSeconds) };
}

/** The expires of our binding; a registrar that leaves it out means the Expires header field, or what was asked for. */
function grantedSeconds(response: SipResponse, facts: RegisterFacts): number {
  const contacts = response.contacts();
  const bindings = contacts.ok && contacts.value !== "*" ? contacts.value : [];
  const ours = bindings.find((one) => uriEquals(one.addrSpec, facts.contactUri));
  // Some registrars show the address they saw in place of ours.
  const binding = ours ?? (bindings.length === 1 ? bindings[0] : undefined);
  const expires = seconds(binding?.parameters.get("expires")) ?? seconds(response.value("Expires"));
  return expires ?? facts.requestedSeconds;
}

function challenged(response: SipResponse, facts: RegisterFacts): RegisterVerdict {
  if (!facts.hasCredentials) return failed(response, `${response.statusCode} and there are no credentials`);
  const isProxy = response.statusCode === 407;
  const challenge = chooseChallenge(response.values(isProxy ? "Proxy-Authenticate" : "WWW-Authenticate"));
  if (challenge === undefined) return failed(response, `${response.statusCode} without a usable challenge`);
  const isNew = challenge.nonce !== facts.usedNonce;
  // A new nonce without `stale` after an answer of this round: the password is wrong (RFC 7616 §3.3).
  const mayAnswer = facts.answeredChallenges === 0 || challenge.isStale;
  if (isNew && mayAnswer && facts.answeredChallenges < maximumAnswers) {
    return { kind: "authenticate", challenge, isProxy };
  }
  return failed(response, `${response.statusCode}: the registrar does not accept the credentials`);
}

function tooBrief(response: SipResponse, facts: RegisterFacts): RegisterVerdict {
  const minimum = seconds(response.value("Min-Expires"));
  const isUsable =
    minimum !== undefined && minimum > facts.requestedSeconds && minimum <= longestExpiresSeconds;
  if (isUsable && !facts.hasRaised) return { kind: "raise", seconds: minimum };
  return failed(response, "423 without a usable Min-Expires");
}

function failed(response: SipResponse, text: string): RegisterVerdict {
  const retryAfter = parseRetryAfter(response.value("Retry-After") ?? "");
  const wanted = retryAfter.ok ? retryAfter.value.seconds : 0;
  return { kind: "failed", text, retryAfterSeconds: Math.min(wanted, longestRetryAfterSeconds) };
}

/** Delta-seconds; undefined for anything else. */
function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text.trim()) ? Number(text) : undefined;
}
