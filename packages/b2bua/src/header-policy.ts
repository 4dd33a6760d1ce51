import type { HeaderFields, SipRequest } from "@tandem/sip/message";

/**
 * Which header fields of one leg are carried to the other: all of them but the ones that belong to the hop, to the
 * dialog, to what we rewrite, or to what we do not support. Unknown header fields pass.
 */

/** Names, lower-case, that are ours or the hop's and never pass. */
const withheld: ReadonlySet<string> = new Set(
  [
    "Accept",
    "Accept-Encoding",
    "Allow",
    "Allow-Events",
    "Authentication-Info",
    "Authorization",
    "Call-ID",
    "Contact",
    "Content-Length",
    "Content-Type",
    "CSeq",
    "Date",
    "Event",
    "Flow-Timer",
    "From",
    "Join",
    "Max-Forwards",
    "Min-Expires",
    "Min-SE",
    "P-Access-Network-Info",
    "P-Asserted-Identity",
    "P-Preferred-Identity",
    "Path",
    "Proxy-Authenticate",
    "Proxy-Authentication-Info",
    "Proxy-Authorization",
    "Proxy-Require",
    "RAck",
    "Record-Route",
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
  ].map((name) => name.toLowerCase()),
);

/** Prefixes of header fields in which we state facts: a customer's or carrier's own would be forged. */
const ownPrefixes: readonly string[] = ["x-tandem-", "x-twilio-"];

/** Whether a header field of one leg passes to the other. */
export function passes(name: string): boolean {
  const lower = name.toLowerCase();
  return !withheld.has(lower) && !ownPrefixes.some((prefix) => lower.startsWith(prefix));
}

/** Appends every header field of the message that passes, in its order. */
export function copyPassing(message: Pick<SipRequest, "rows">, into: HeaderFields): void {
  for (const row of message.rows()) if (passes(row.name)) into.append(row.name, row.value);
}
