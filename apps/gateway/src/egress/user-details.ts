import type { HeaderFields, SipRequest } from "@tandem/sip/message";
import { privacyLevels } from "../pipeline/privacy-request.ts";

/** What a caller says of itself beside its number, and nothing needs to carry a call (RFC 3323 §5.3). */
const details = ["Subject", "Call-Info", "Organization", "Reply-To", "In-Reply-To"] as const;

/**
 * Takes away what would tell who calls when the caller asked for privacy of level `user`. A Privacy that can't be read was meant
 * for something.
 */
export function restrictUserDetails(request: SipRequest, headerFields: HeaderFields): void {
  if (privacyLevels(request)?.includes("user") === false) return;
  for (const name of details) headerFields.delete(name);
}
