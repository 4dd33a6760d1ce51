import type { SendFailure } from "./target.ts";

const codes: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection-refused",
  ECONNRESET: "connection-reset",
  EPIPE: "connection-reset",
  ETIMEDOUT: "connect-timeout",
  EHOSTUNREACH: "host-unreachable",
  ENETUNREACH: "network-unreachable",
  EADDRNOTAVAIL: "address-not-available",
  EMSGSIZE: "message-too-large",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate-name-mismatch",
  CERT_HAS_EXPIRED: "certificate-untrusted",
  CERT_NOT_YET_VALID: "certificate-untrusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate-untrusted",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate-untrusted",
  UNABLE_TO_GET_ISSUER_CERT: "certificate-untrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate-untrusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate-untrusted",
  INVALID_CA: "certificate-untrusted",
  INVALID_PURPOSE: "certificate-untrusted",
};

/** The one way from an error of node:net, node:dgram or node:tls to a failure. Unknown errors: `fallbackCode`. */
export function sendFailureFrom(reason: unknown, fallbackCode = "send-failed"): SendFailure {
  if (!(reason instanceof Error)) return { code: fallbackCode, text: String(reason) };
  const code = "code" in reason && typeof reason.code === "string" ? reason.code : "";
  return { code: codes[code] ?? fallbackCode, text: reason.message };
}

/** Reports later: callers of a send never hear of its failure before the send has returned. */
export function failLater(onFailure: (failure: SendFailure) => void, code: string, text: string): void {
  process.nextTick(onFailure, { code, text });
}
