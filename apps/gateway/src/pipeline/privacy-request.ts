import { callingPartyOf, type HeaderFields, parsePrivacy, type SipRequest } from "@tandem/sip/message";
import { parseSipUri } from "@tandem/sip/uri";

/**
 * Whether the caller must not be told to whom it calls: `Privacy: id` (RFC 3325 §9.3), `user` or `header` (RFC 3323 §4.2).
 * A Privacy header field that can't be read was meant for something: it counts as asked for. A From of anonymous.invalid
 * (RFC 3323 §4.1.1.3) and a Remote-Party-ID with privacy ask for it too, unless Privacy says `none`.
 */
export function wantsAnonymity(request: SipRequest): boolean {
  const levels = privacyLevels(request);
  if (levels === undefined || levels.some((level) => anonymous.has(level))) return true;
  return !levels.includes("none") && (isFromAnonymous(request) || isRemotePartyHidden(request));
}

/**
 * Says in the Privacy of a request that leaves what the caller asked for in another way: From and Remote-Party-ID do not go
 * along as they are.
 */
export function sayPrivacy(request: SipRequest, headerFields: HeaderFields): void {
  const levels = privacyLevels(request);
  if (levels === undefined || levels.some((level) => anonymous.has(level)) || !wantsAnonymity(request))
    return;
  headerFields.delete("Privacy");
  headerFields.append("Privacy", [...levels, "id"].join(";"));
}

const anonymous: ReadonlySet<string> = new Set(["id", "user", "header"]);

/** All that Privacy asks for, nothing when it is missing. Undefined: it can't be read. */
export function privacyLevels(request: SipRequest): readonly string[] | undefined {
  const rows = request.values("Privacy");
  if (rows.length === 0) return [];
  const privacy = parsePrivacy(rows.join(";"));
  return privacy.ok ? privacy.value : undefined;
}

const anonymousHost = /anonymous\.invalid/i;

function isFromAnonymous(request: SipRequest): boolean {
  const from = request.from();
  // Few are, and each call is asked more than once.
  if (!from.ok || !anonymousHost.test(from.value.addrSpec)) return false;
  const uri = parseSipUri(from.value.addrSpec);
  return uri.ok && uri.value.host.toLowerCase() === "anonymous.invalid";
}

/** draft-ietf-sip-privacy-04 §5.1: `uri` hides the number, `full` all of it. */
function isRemotePartyHidden(request: SipRequest): boolean {
  const party = callingPartyOf(request);
  const privacy = party.ok ? party.value?.privacy : undefined;
  return privacy === "full" || privacy === "uri";
}
