import { BlockList, isIP } from "node:net";
import { type Reason, reasons } from "@tandem/reasons";
import { type ParsedCandidateUri, parseCandidateUri } from "@tandem/routing";
import type { CallContext } from "../pipeline/call-context.ts";
import { isCarrierDoor } from "./carrier-door.ts";
import { literalAddress } from "./egress-ways.ts";

/**
 * Where a customer's 302 may lead: any SIP URI but names of ours and where carriers take calls; to a private address only from a
 * private address.
 * `edge`, `tnx`, `srtp`, `ice` and header fields of the Contact are not honoured: path and media of the attempt stay.
 */
export function followRedirect(
  call: CallContext,
  from: ParsedCandidateUri,
  contactUri: string,
): ParsedCandidateUri | Reason {
  const parsed = parseCandidateUri(contactUri);
  if (!parsed.ok) return reasons.redirectFailed;
  const { host, user, port, transport } = parsed.value;
  if (
    call.table.isOurHost(host) ||
    isCarrierDoor(call.table, parsed.value, literalAddress({ uri: parsed.value }))
  ) {
    return reasons.redirectFailed;
  }
  if (isPrivateHost(host) && !isPrivateHost(from.host)) return reasons.redirectFailed;
  return {
    host,
    port,
    user: user ?? from.user,
    transport: from.transport === "TLS" ? "TLS" : transport,
    edge: undefined,
    tnx: undefined,
    srtp: from.srtp,
    ice: from.ice,
    headers: from.headers,
    omittedHeaders: [],
  };
}

/** Addresses that name nothing outside of a network or a host: RFC 1918, RFC 6598, loopback, link-local, multicast, … */
export function isPrivateHost(host: string): boolean {
  // RFC 6761 §6.3: the name that is an address of ours without asking anybody.
  if (/(^|\.)localhost\.?$/i.test(host)) return true;
  const address = host.replace(/^\[|\]$/g, "");
  const family = isIP(address);
  return family !== 0 && notPublic.check(address, family === 6 ? "ipv6" : "ipv4");
}

const notPublic = new BlockList();
for (const [address, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["224.0.0.0", 3],
] as const) {
  // The list also finds these addresses in their IPv4-mapped form.
  notPublic.addSubnet(address, prefix, "ipv4");
}
for (const [address, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  notPublic.addSubnet(address, prefix, "ipv6");
}
