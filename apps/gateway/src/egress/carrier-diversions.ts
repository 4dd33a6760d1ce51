import { parseNameAddr, type SipRequest } from "@tandem/sip/message";
import { hidesHistory } from "./history-info.ts";

/**
 * The Diversions of a carrier that a customer may see, in their order. The customer is outside of our trust domain: a value
 * whose number its privacy hides (RFC 5806), or that can't be read, does not leave it, nor does any that History-Info
 * would not tell either (RFC 7544).
 */
export function visibleDiversions(request: SipRequest): readonly string[] {
  const values = request.list("Diversion");
  return values.length === 0 || hidesHistory(request) ? [] : values.filter(isVisible);
}

function isVisible(value: string): boolean {
  const diversion = parseNameAddr(value);
  if (!diversion.ok) return false;
  const privacy = diversion.value.parameters.get("privacy")?.toLowerCase();
  return privacy === undefined || privacy === "off";
}
