import { type HeaderFields, headerFieldId, type SipRequest, unknownHeaderField } from "@tandem/sip/message";

/**
 * Which header fields of one leg are carried to the other: all of them but the ones that belong to the hop, to the
 * dialog, to what we rewrite, or to what we do not support, and those that the elements of one network tell each other (RFC 7315
 * §5, RFC 6050 §4.2): a customer could forge them, and needn't learn them. Unknown header fields pass.
 */

/** Names that are ours or the hop's and never pass. */
const withheld: readonly string[] = [
  "Accept",
  "Accept-Encoding",
  "Allow",
  "Allow-Events",
  "Authentication-Info",
  "Authorization",
  "Call-ID",
  "Contact",
  "Content-Disposition",
  "Content-Length",
  "Content-Type",
  "CSeq",
  "Date",
  "Event",
  "Flow-Timer",
  "From",
  "Join",
  "Max-Breadth",
  "Max-Forwards",
  "Min-Expires",
  "Min-SE",
  "P-Access-Network-Info",
  "P-Asserted-Identity",
  "P-Asserted-Service",
  "P-Charging-Function-Addresses",
  "P-Charging-Vector",
  "P-Preferred-Identity",
  "P-Preferred-Service",
  "P-Profile-Key",
  "P-Served-User",
  "P-User-Database",
  "P-Visited-Network-ID",
  "Path",
  "Proxy-Authenticate",
  "Proxy-Authentication-Info",
  "Proxy-Authorization",
  "Proxy-Require",
  "RAck",
  "Record-Route",
  "Refer-Sub",
  "Refer-To",
  "Referred-By",
  "Remote-Party-ID",
  "Replaces",
  "Require",
  "Retry-After",
  "Route",
  "RSeq",
  "Security-Client",
  "Security-Server",
  "Security-Verify",
  "Server",
  "Service-Route",
  "Session-Expires",
  "Subscription-State",
  "Supported",
  "Timestamp",
  "To",
  "Unsupported",
  "User-Agent",
  "Via",
  "Warning",
  "WWW-Authenticate",
];

/** The same by id: whether well-known header fields pass is asked for each row of each message. */
const withheldIds = new Uint8Array(unknownHeaderField);
/** Those without an id, lower-case. */
const withheldNames: readonly string[] = withheld
  .filter((name) => headerFieldId(name) === unknownHeaderField)
  .map((name) => name.toLowerCase());
for (const name of withheld) withheldIds[headerFieldId(name)] = 1;

/** Prefixes of header fields in which we state facts: a customer's or carrier's own would be forged. */
const ownPrefixes: readonly string[] = ["x-tandem-", "x-twilio-"];

/** Whether a header field of one leg passes to the other. */
export function passes(name: string): boolean {
  return passesAs(headerFieldId(name), name);
}

function passesAs(id: number, name: string): boolean {
  if (id !== unknownHeaderField) return withheldIds[id] === 0;
  const lower = name.toLowerCase();
  return !withheldNames.includes(lower) && !ownPrefixes.some((prefix) => lower.startsWith(prefix));
}

/** Appends every header field of the message that passes, in its order. */
export function copyPassing(
  message: Pick<SipRequest, "rowCount" | "idAt" | "nameAt" | "valueAt">,
  into: HeaderFields,
): void {
  for (let row = 0; row < message.rowCount; row++) {
    const id = message.idAt(row);
    if (id !== unknownHeaderField && withheldIds[id] !== 0) continue;
    const name = message.nameAt(row);
    if (passesAs(id, name)) into.appendWithId(id, name, message.valueAt(row));
  }
}
