import { HeaderFields, type SipRequest } from "@tandem/sip/message";
import { q850Reason } from "./cause-mapping.ts";

/** Reason of the CANCEL that follows when the caller gives up: the caller's own (RFC 3326), or ours. */
export function cancelReason(
  how: "cancel" | "bye" | "transport",
  request: SipRequest | undefined,
): HeaderFields {
  const fields = new HeaderFields();
  const values = request?.values("Reason") ?? [];
  for (const value of values) fields.append("Reason", value);
  if (values.length > 0) return fields;
  return fields.append(
    "Reason",
    how === "cancel" ? 'SIP;cause=487;text="Canceled by the caller"' : q850Reason(16),
  );
}
