import { parsePrivacy, type SipRequest } from "@tandem/sip/message";

/**
 * Whether the caller must not be told to whom it calls: `Privacy: id` (RFC 3325 §9.3), `user` or `header` (RFC 3323 §4.2).
 * A Privacy header field that can't be read was meant for something: it counts as asked for.
 */
export function wantsAnonymity(request: SipRequest): boolean {
  const value = request.value("Privacy");
  if (value === undefined) return false;
  const privacy = parsePrivacy(value);
  return !privacy.ok || privacy.value.some((level) => anonymous.has(level));
}

const anonymous: ReadonlySet<string> = new Set(["id", "user", "header"]);
