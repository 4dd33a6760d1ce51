import { type ParsedCandidateUri, parseCandidateUri, type RoutingTable } from "@tandem/routing";
import { parseNameAddr, parseReplaces, type Replaces, type SipRequest } from "@tandem/sip/message";
import { parseSipUri, parseTelUri, parseUriHeaders } from "@tandem/sip/uri";
import { numberPart } from "../pipeline/number-part.ts";

/** Where a REFER leads (RFC 3515 §2.1, RFC 3891 §7.1). */
export type ReferTarget =
  /** `tel:` or `sip:+E164@` one of our names: a number, be it a good one or not. */
  | { readonly kind: "number"; readonly dialled: string; readonly replaces: Replaces | undefined }
  | {
      readonly kind: "uri";
      readonly uri: ParsedCandidateUri;
      /** As written, without header fields. */
      readonly url: string;
      readonly replaces: Replaces | undefined;
    };

export type ReferTargetResult =
  | { readonly ok: true; readonly target: ReferTarget }
  | { readonly ok: false; readonly statusCode: 400 | 416 | 501; readonly text: string };

/** Hosts under which we are addressed: names of ours, and the host of our Contact. */
export interface OwnHosts {
  isOurs(host: string): boolean;
}

export function ownHosts(table: RoutingTable, contactHosts: readonly string[]): OwnHosts {
  return { isOurs: (host) => table.isOurHost(host) || contactHosts.includes(host.toLowerCase()) };
}

export function referTarget(refer: SipRequest, hosts: OwnHosts): ReferTargetResult {
  const values = refer.list("Refer-To");
  const [value] = values;
  if (value === undefined || values.length > 1) return fault(400, "Refer-To must stand there once");
  const nameAddr = parseNameAddr(value);
  if (!nameAddr.ok) return fault(400, `Refer-To: ${nameAddr.error.text}`);
  const { addrSpec } = nameAddr.value;
  const tel = parseTelUri(addrSpec);
  if (tel.ok) return { ok: true, target: { kind: "number", dialled: tel.value.number, replaces: undefined } };
  return sipTarget(addrSpec, hosts);
}

function sipTarget(addrSpec: string, hosts: OwnHosts): ReferTargetResult {
  const question = addrSpec.indexOf("?", addrSpec.indexOf("@") + 1);
  const url = question < 0 ? addrSpec : addrSpec.slice(0, question);
  const parsed = parseSipUri(url);
  if (!parsed.ok) {
    return /^sips?:/i.test(addrSpec)
      ? fault(400, `Refer-To: ${parsed.error.text}`)
      : fault(416, "Refer-To is neither a SIP nor a tel URI");
  }
  const method = parsed.value.parameters.get("method");
  if (method !== undefined && method.toUpperCase() !== "INVITE")
    return fault(501, `Refer-To asks for ${method}`);
  const replaces = replacesIn(question < 0 ? "" : addrSpec.slice(question + 1));
  if (replaces === "malformed") return fault(400, "Refer-To has a Replaces that can't be read");
  if (hosts.isOurs(parsed.value.host)) {
    const dialled = numberPart(parsed.value.user ?? "");
    return { ok: true, target: { kind: "number", dialled, replaces } };
  }
  const uri = parseCandidateUri(url);
  if (!uri.ok) return fault(400, "Refer-To: a URI that no call can be placed to");
  const path = { edge: undefined, tnx: undefined };
  const media = { srtp: undefined, ice: undefined };
  const plain = { ...uri.value, ...path, ...media, headers: [], omittedHeaders: [] };
  return { ok: true, target: { kind: "uri", uri: plain, url, replaces } };
}

function replacesIn(headers: string): Replaces | "malformed" | undefined {
  const all = parseUriHeaders(headers);
  if (!all.ok) return "malformed";
  const value = all.value.find(({ name }) => name.toLowerCase() === "replaces")?.value;
  if (value === undefined) return undefined;
  const replaces = parseReplaces(value);
  return replaces.ok ? replaces.value : "malformed";
}

function fault(statusCode: 400 | 416 | 501, text: string): ReferTargetResult {
  return { ok: false, statusCode, text };
}
