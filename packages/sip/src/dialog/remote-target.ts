import type { Parsed, SipMessage } from "../message/index.ts";
import { type Parameters, parseSipUri, serializeSipUri } from "../uri/index.ts";

/** The URI in the Contact of a message, where further requests of the dialog go (RFC 3261 §12.1). */
export function remoteTargetFrom(message: SipMessage): Parsed<string> {
  const contact = message.contact();
  if (!contact.ok) return contact;
  if (contact.value === undefined || contact.value === "*") return missing;
  const { addrSpec } = contact.value;
  return parseSipUri(addrSpec).ok ? { ok: true, value: addrSpec } : notSip;
}

/** A URI without the parts that a Request-URI may not have: headers and the method parameter (RFC 3261 §19.1.1 table 1). */
export function asRequestUri(uri: string): string {
  if (!uri.includes("?") && !(uri.includes(";") && uri.toLowerCase().includes(";method="))) return uri;
  const parsed = parseSipUri(uri);
  if (!parsed.ok) return uri;
  return serializeSipUri({
    ...parsed.value,
    headers: "",
    parameters: withoutMethod(parsed.value.parameters),
  });
}

function withoutMethod(parameters: Parameters): Parameters {
  return parameters.has("method") ? parameters.without("method") : parameters;
}

const missing: Parsed<string> = {
  ok: false,
  error: { code: "contact-missing", text: "Missing Contact header field", headerField: "Contact" },
};
const notSip: Parsed<string> = {
  ok: false,
  error: { code: "contact-not-sip", text: "Contact is not a SIP URI", headerField: "Contact" },
};
