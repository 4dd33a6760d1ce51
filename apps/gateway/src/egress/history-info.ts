import type { HeaderFields, SipRequest } from "@tandem/sip/message";
import { privacyLevels } from "../pipeline/privacy-request.ts";

/** Levels of Privacy under which no entry leaves the trust domain (RFC 7044 §10.1.2). */
const hidden: ReadonlySet<string> = new Set(["history", "header", "session"]);

/** Privacy of one entry stands escaped in its URI (RFC 7044 §5). */
const hiddenEntry = /[?&]privacy=[^&>]*(?:history|header|session)/i;

/**
 * What a customer may see of the History-Info that a carrier sent: it is outside of our trust domain. A Privacy that can't be
 * read was meant for something.
 */
export function restrictHistory(request: SipRequest, headerFields: HeaderFields): void {
  const values = request.list("History-Info");
  if (values.length === 0) return;
  headerFields.delete("History-Info");
  if (hidesHistory(request)) return;
  for (const value of values) if (!hiddenEntry.test(value)) headerFields.append("History-Info", value);
}

/** Whether nobody outside may learn by which ways the call came. */
export function hidesHistory(request: SipRequest): boolean {
  return privacyLevels(request)?.some((level) => hidden.has(level)) ?? true;
}
