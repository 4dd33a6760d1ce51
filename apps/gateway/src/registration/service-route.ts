import { parseCandidateUri } from "@tandem/routing";
import { parseNameAddr, type SipResponse } from "@tandem/sip/message";
import { parseSipUri, serializeSipUri } from "@tandem/sip/uri";
import { requestUriOf } from "../egress/sip-uri-text.ts";

/** Values of a Service-Route that are taken, and bytes of all of them. One that is longer is not used at all. */
export const serviceRouteLimits = { values: 8, bytes: 2048 } as const;

/** The proxies that a registrar wants the calls of its binding to pass (RFC 3608). */
export interface ServiceRoute {
  /** Route values in their order, as the registrar wrote them; at least one. */
  readonly values: readonly string[];
  /** What is located: the first value's host, port and transport. */
  readonly nextHop: string;
  readonly transport: "UDP" | "TCP" | "TLS" | undefined;
  /** The first value without lr (RFC 3261 §16.12), as it stands in a Request-URI; undefined: a loose router. */
  readonly strictRouter: string | undefined;
}

export type ServiceRouteReading =
  /** Undefined: the registrar wants none. */
  | { readonly ok: true; readonly route: ServiceRoute | undefined }
  | { readonly ok: false; readonly text: string };

/** Service-Route of a 200 to REGISTER. All of it or nothing: a part of a route leads nowhere. */
export function serviceRouteIn(response: SipResponse): ServiceRouteReading {
  if (!response.has("Service-Route")) return none;
  const values = response.list("Service-Route");
  const [first] = values;
  if (first === undefined) return none;
  if (values.length > serviceRouteLimits.values) {
    return unusable(`it has more than ${serviceRouteLimits.values} values`);
  }
  const bytes = values.reduce((sum, value) => sum + value.length, 0);
  if (bytes > serviceRouteLimits.bytes) return unusable(`it has more than ${serviceRouteLimits.bytes} bytes`);
  const uris = values.map(uriIn);
  const firstUri = uris[0];
  if (firstUri === undefined || uris.includes(undefined)) return unusable("it holds what is no SIP URI");
  const hop = parseCandidateUri(firstUri);
  const uri = parseSipUri(firstUri);
  if (!hop.ok || !uri.ok) return unusable("its first URI can't be reached");
  const isLoose = uri.value.parameters.has("lr");
  return {
    ok: true,
    route: {
      values,
      nextHop: requestUriOf(hop.value, undefined),
      transport: hop.value.transport,
      strictRouter: isLoose ? undefined : serializeSipUri({ ...uri.value, headers: "" }),
    },
  };
}

/** Undefined: no name-addr in angle brackets (RFC 3608 §5 has nothing else) with a SIP URI. */
function uriIn(value: string): string | undefined {
  const nameAddr = value.includes("<") ? parseNameAddr(value) : undefined;
  if (nameAddr?.ok !== true) return undefined;
  const { addrSpec } = nameAddr.value;
  return parseSipUri(addrSpec).ok ? addrSpec : undefined;
}

const none: ServiceRouteReading = { ok: true, route: undefined };

function unusable(text: string): ServiceRouteReading {
  return { ok: false, text };
}
