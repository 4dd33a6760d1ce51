import { reasons } from "@tandem/reasons";
import type { SipRequest } from "@tandem/sip/message";
import { parseSipUri } from "@tandem/sip/uri";
import type { SessionBody } from "./session-body.ts";
import { isTooSmall, type SessionPolicy } from "./session-interval.ts";
import { failureFor, intervalTooSmall, type SetupFailure } from "./setup-failure.ts";

/** Why a call is refused for what its INVITE is, before anybody is called. */
export function objectionToInvite(
  request: SipRequest,
  body: SessionBody,
  isExpired: boolean,
  sessionPolicy: SessionPolicy,
): SetupFailure | undefined {
  if (!hasUsableContact(request)) return failureFor(reasons.invalidContact);
  if (isExpired) return failureFor(reasons.invitationExpired);
  if (body.kind === "refused") return failureFor(reasons.unsupportedMediaType, "exchange", body.text);
  return isTooSmall(request, sessionPolicy) ? intervalTooSmall(sessionPolicy) : undefined;
}

/** Requests to a caller without one could never arrive (RFC 3261 §8.1.1.8). */
function hasUsableContact(invite: SipRequest): boolean {
  const contact = invite.contact();
  if (!contact.ok || contact.value === undefined || contact.value === "*") return false;
  return parseSipUri(contact.value.addrSpec).ok;
}
