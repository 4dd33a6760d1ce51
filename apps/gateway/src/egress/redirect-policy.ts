import { isIP } from "node:net";
import { type Reason, reasons } from "@tandem/reasons";
import { type ParsedCandidateUri, parseCandidateUri } from "@tandem/routing";
import type { CallContext } from "../pipeline/call-context.ts";

/**
 * Where a customer's 302 may lead: any SIP URI but names of ours; to a private address only from a private address.
 * `edge`, `tnx` and header fields of the Contact are not honoured, the path of the attempt stays.
 */
export function followRedirect(
  call: CallContext,
  from: ParsedCandidateUri,
  contactUri: string,
): ParsedCandidateUri | Reason {
  const parsed = parseCandidateUri(contactUri);
  if (!parsed.ok) return reasons.redirectFailed;
  const { host, user, port, transport } = parsed.value;
  const { baseDomain } = call.table.snapshot;
  if (host === baseDomain || host.endsWith(`.${baseDomain}`)) return reasons.redirectFailed;
  if (isPrivateHost(host) && !isPrivateHost(from.host)) return reasons.redirectFailed;
  return {
    host,
    port,
    user: user ?? from.user,
    transport: from.transport === "TLS" ? "TLS" : transport,
    edge: undefined,
    tnx: undefined,
    headers: from.headers,
    omittedHeaders: [],
  };
}

/** RFC 1918, RFC 6598, loopback, link-local, unique local IPv6. */
export function isPrivateHost(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, "").toLowerCase();
  const family = isIP(address);
  if (family === 6) return address === "::1" || /^f[cd]/.test(address) || /^fe[89ab]/.test(address);
  if (family === 0) return false;
  const [first = 0, second = 0] = address.split(".").map(Number);
  return (
    first === 10 ||
    first === 127 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}
