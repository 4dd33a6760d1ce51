import { type Reason, reasons } from "@tandem/reasons";
import { parseSipUri, type SipUri } from "@tandem/sip/uri";
import { type OmittedUriHeader, parseUriHeaderList, type UriHeaderField } from "./uri-header-list.ts";

/** A SIP URL of an origination URL or a carrier gateway, taken apart. */
export interface ParsedCandidateUri {
  /** Lower case; IPv6 in brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** Undefined: not said, RFC 3263 decides. */
  readonly transport: "UDP" | "TCP" | "TLS" | undefined;
  /** As written (escaped). Undefined: the called number takes its place. */
  readonly user: string | undefined;
  /** Of `;edge=`, or its old name `;region=`, as written. */
  readonly edge: string | undefined;
  /** SID of the connection of `;tnx=`. */
  readonly tnx: string | undefined;
  /** How the target has its SRTP keys, `;srtp=`. Undefined: not said. */
  readonly srtp: "sdes" | "dtls" | undefined;
  /** Which ICE agent the target wants to meet, `;ice=`. Undefined: none. */
  readonly ice: "full" | "lite" | undefined;
  /** Header fields to add to the request. */
  readonly headers: readonly UriHeaderField[];
  /** Header fields that may not be added. */
  readonly omittedHeaders: readonly OmittedUriHeader[];
}

export type CandidateUriResult =
  | { readonly ok: true; readonly value: ParsedCandidateUri }
  | { readonly ok: false; readonly reason: Reason; readonly text: string };

const connectionSid = /^TX[0-9a-f]{32}$/i;

/**
 * Reads `sip:[user@]host[:port][;transport=][;edge=|;region=][;tnx=][;srtp=][;ice=][?X-name=value&…]`. `sips:` means sip over TLS;
 * `sip://host`, which old samples show, is read as `sip:host`.
 */
export function parseCandidateUri(text: string): CandidateUriResult {
  const question = headersStart(text);
  const address = question < 0 ? text : text.slice(0, question);
  const parsed = parseSipUri(address.replace(/^(sips?:)\/\//i, "$1"));
  if (!parsed.ok) return { ok: false, reason: reasons.malformedSipUri, text: parsed.error.text };
  const uri = parsed.value;
  const transport = transportOf(uri);
  if (transport === "unsupported") {
    return {
      ok: false,
      reason: reasons.unsupportedUriParameter,
      text: `transport ${uri.parameters.get("transport")} is not supported`,
    };
  }
  const tnx = nonEmpty(uri.parameters.get("tnx"));
  if (tnx !== undefined && !connectionSid.test(tnx)) {
    return { ok: false, reason: reasons.connectionSidMalformed, text: `tnx ${tnx} is no connection SID` };
  }
  const srtp = oneOf(uri, "srtp", ["sdes", "dtls"]);
  const ice = oneOf(uri, "ice", ["full", "lite"]);
  const wrong = srtp.wrong ?? ice.wrong;
  if (wrong !== undefined) return { ok: false, reason: reasons.unsupportedUriParameter, text: wrong };
  return {
    ok: true,
    value: {
      host: uri.host,
      port: uri.port,
      transport,
      user: nonEmpty(uri.user),
      edge: nonEmpty(uri.parameters.get("edge")) ?? nonEmpty(uri.parameters.get("region")),
      tnx,
      srtp: srtp.value,
      ice: ice.value,
      ...parseUriHeaderList(question < 0 ? "" : text.slice(question + 1)),
    },
  };
}

/** Where the `?` of the header section is. A `?` before the `@` belongs to the user part (RFC 3261 §25.1). */
function headersStart(text: string): number {
  return text.indexOf("?", text.indexOf("@") + 1);
}

function transportOf(uri: SipUri): "UDP" | "TCP" | "TLS" | "unsupported" | undefined {
  const transport = nonEmpty(uri.parameters.get("transport"))?.toUpperCase();
  if (uri.scheme === "sips") return "TLS";
  if (transport === undefined || transport === "UDP" || transport === "TCP" || transport === "TLS") {
    return transport;
  }
  return "unsupported";
}

function oneOf<T extends string>(
  uri: SipUri,
  name: string,
  values: readonly T[],
): { readonly value: T | undefined; readonly wrong: string | undefined } {
  const text = nonEmpty(uri.parameters.get(name))?.toLowerCase();
  const value = values.find((one) => one === text);
  const isWrong = text !== undefined && value === undefined;
  return { value, wrong: isWrong ? `${name}=${text} is none of ${values.join(" and ")}` : undefined };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
