import type { InterfaceConfiguration } from "@tandem/contracts";
import type { RoutingTable } from "@tandem/routing";
import type { SipRequest } from "@tandem/sip/message";
import { parseSipUri, type SipUri } from "@tandem/sip/uri";
import type { Flow } from "@tandem/sip/transport";
import type { ProbeBucket } from "./probe-bucket.ts";

/** Who sent a request outside a dialog. */
export type Admission =
  /** Without a SIP Request-URI later stages refuse it with the reason. */
  | { readonly kind: "carrier"; readonly requestUri: SipUri | undefined }
  | { readonly kind: "trunk"; readonly requestUri: SipUri }
  /** An unlisted address that knows a trunk's name: a bare answer, a few times a minute. */
  | { readonly kind: "probe" }
  /** No answer on UDP, close on TCP and TLS. */
  | { readonly kind: "stranger" };

export interface AdmissionOptions {
  readonly interfaceByName: (name: string) => InterfaceConfiguration | undefined;
  readonly probes: ProbeBucket;
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
  const uri = parseSipUri(request.requestUri);
  if (uri.ok && (roles.includes("private") || roles.includes("public"))) {
    const found = table.trunkByHost(uri.value.host);
    if (found !== undefined) {
      const { trunk } = found;
      const isKnown = trunk.credentialListSids.length > 0 || table.allows(trunk, flow.remoteAddress);
      if (isKnown) return { kind: "trunk", requestUri: uri.value };
      const isAnswerable = trunk.ipAccessControlListSids.length > 0;
      return isAnswerable && options.probes.take(flow.remoteAddress) ? { kind: "probe" } : stranger;
    }
  }
  if (roles.includes("carrier") && table.carrierBySource(flow.remoteAddress).length > 0) {
    return { kind: "carrier", requestUri: uri.ok ? uri.value : undefined };
  }
  return stranger;
}
