import type { InterfaceConfiguration } from "@tandem/contracts";
import type { RoutingTable, TrunkByHost } from "@tandem/routing";
import type { SipRequest } from "@tandem/sip/message";
import type { Flow } from "@tandem/sip/transport";
import type { SipUri } from "@tandem/sip/uri";
import type { ProbeBucket } from "./probe-bucket.ts";

/** Who sent a request outside a dialog. */
export type Admission =
  /** Without a SIP Request-URI later stages refuse it with the reason. */
  | { readonly kind: "carrier"; readonly requestUri: SipUri | undefined }
  | { readonly kind: "trunk"; readonly requestUri: SipUri; readonly found: TrunkByHost }
  /** An unlisted address that knows a trunk's name: a bare answer, a few times a minute. */
  | { readonly kind: "probe" }
  /** No answer on UDP, close on TCP and TLS. */
  | { readonly kind: "stranger" };

export interface AdmissionOptions {
  readonly interfaceByName: (name: string) => InterfaceConfiguration | undefined;
  readonly probes: Pick<ProbeBucket, "take">;
}

const stranger: Admission = { kind: "stranger" };

/**
 * Decides who is answered at all. Known: a carrier's address on a carrier interface; a request whose Request-URI names a
 * trunk that lists the address or has credentials. Everybody else is a stranger.
 */
export function admit(
  request: SipRequest,
  flow: Flow,
  table: RoutingTable,
  options: AdmissionOptions,
): Admission {
  const roles = options.interfaceByName(flow.interfaceName)?.roles ?? [];
  const parsed = request.uri();
  const uri = parsed.ok ? parsed.value : undefined;
  if (uri !== undefined && (roles.includes("private") || roles.includes("public"))) {
    const found = table.trunkByHost(uri.host);
    if (found !== undefined) return ofTrunk(found, request, uri, flow, table, options);
  }
  if (roles.includes("carrier") && table.carrierBySource(flow.remoteAddress).length > 0) {
    return { kind: "carrier", requestUri: uri };
  }
  return stranger;
}

function ofTrunk(
  found: TrunkByHost,
  request: SipRequest,
  requestUri: SipUri,
  flow: Flow,
  table: RoutingTable,
  options: AdmissionOptions,
): Admission {
  const { trunk } = found;
  const isKnown = trunk.credentialListSids.length > 0 || table.allows(trunk, flow.remoteAddress);
  if (isKnown) return { kind: "trunk", requestUri, found };
  // An ACK ends the exchange that a 403 began: it is not answered, and so not counted.
  const isAnswerable = trunk.ipAccessControlListSids.length > 0 && request.method !== "ACK";
  return isAnswerable && options.probes.take(flow.remoteAddress) ? { kind: "probe" } : stranger;
}
