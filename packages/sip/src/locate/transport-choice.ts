import type { TransportProtocol } from "../transport/index.ts";
import type { SipUri } from "../uri/index.ts";
import type { Located } from "./located.ts";

/** The transport that the URI itself demands; undefined: DNS may tell (RFC 3263 §4.1). */
export type TransportChoice =
  | { readonly ok: true; readonly protocol: TransportProtocol | undefined }
  | Extract<Located, { ok: false }>;

/** `served` are the transports we speak. A SIPS URI demands TLS; its transport=tcp means TLS over TCP. */
export function chooseTransport(uri: SipUri, served: readonly TransportProtocol[]): TransportChoice {
  const parameter = uri.parameters.get("transport")?.toLowerCase();
  const isSecure = uri.scheme === "sips";
  if (parameter === undefined) return checkServed(isSecure ? "TLS" : undefined, served);
  if (parameter === "tls" || (isSecure && parameter === "tcp")) return checkServed("TLS", served);
  if (parameter === "tcp") return checkServed("TCP", served);
  if (parameter === "udp" && !isSecure) return checkServed("UDP", served);
  return {
    ok: false,
    code: "unsupported-transport",
    text: `${uri.scheme}: with transport=${parameter} cannot be reached`,
  };
}

function checkServed(
  protocol: TransportProtocol | undefined,
  served: readonly TransportProtocol[],
): TransportChoice {
  if (protocol === undefined || served.includes(protocol)) return { ok: true, protocol };
  return { ok: false, code: "transport-not-served", text: `${protocol} is not spoken here` };
}

/** Without any word on it: UDP, or the first that we speak. */
export function defaultTransport(served: readonly TransportProtocol[]): TransportProtocol {
  return served.includes("UDP") ? "UDP" : (served[0] ?? "UDP");
}
