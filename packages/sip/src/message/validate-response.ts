import { type Failure, failure, type SipSyntaxError } from "../uri/parsed.ts";
import { headerField, nameOfId } from "./header-field-name.ts";
import type { SipResponse } from "./sip-message.ts";

/** Header fields that a response has exactly once; Via too, since we are the UAC of every request we send. */
const mandatory = [
  headerField.via,
  headerField.from,
  headerField.to,
  headerField.callId,
  headerField.cseq,
] as const;

const missing: readonly Failure[] = mandatory.map((id) =>
  failure(`${nameOfId(id).toLowerCase()}-missing`, `Missing ${nameOfId(id)} header field`, nameOfId(id)),
);
const repeated: readonly Failure[] = mandatory.map((id) =>
  failure(
    `${nameOfId(id).toLowerCase()}-repeated`,
    `More than one ${nameOfId(id)} header field`,
    nameOfId(id),
  ),
);
const severalVias = failure("via-repeated", "More than one Via header field", "Via");
const badCallId = failure("call-id-malformed", "Malformed Call-ID header field", "Call-ID");

/**
 * Why a response is dropped, or undefined. RFC 3261 §8.1.3.3: more than one Via value means that it was not meant for us
 * (RFC 4475 §3.3.10 has one for the broadcast address).
 */
export function validateResponse(response: SipResponse): SipSyntaxError | undefined {
  if (response.syntaxFault !== undefined) return response.syntaxFault;
  for (let i = 0; i < mandatory.length; i++) {
    const bit = 1 << (mandatory[i] ?? 0);
    if ((response.seenHeaderFields & bit) === 0) return missing[i]?.error;
    if ((response.repeatedHeaderFields & bit) !== 0) return repeated[i]?.error;
  }
  return valueFault(response);
}

function valueFault(response: SipResponse): SipSyntaxError | undefined {
  const vias = response.vias();
  if (!vias.ok) return vias.error;
  if (vias.value.length > 1) return severalVias.error;
  const from = response.from();
  if (!from.ok) return { ...from.error, headerField: "From" };
  const to = response.to();
  if (!to.ok) return { ...to.error, headerField: "To" };
  const cseq = response.cseq();
  if (!cseq.ok) return cseq.error;
  return response.callId === "" ? badCallId.error : undefined;
}
