import type { InterfaceConfiguration, InterfaceRole } from "@tandem/contracts";
import { mayUse, type RoutingTable, type TrunkByHost } from "@tandem/routing";
import type { SipRequest } from "@tandem/sip/message";
import type { Flow } from "@tandem/sip/transport";
import type { SipUri } from "@tandem/sip/uri";
import type { BackboneGate, BackboneVerdict, Silence } from "./backbone/backbone-gate.ts";
import type { BackboneRequest } from "./backbone/backbone-request.ts";
import { backboneHeaderField } from "./backbone/backbone-signature.ts";
import type { ProbeBucket } from "./probe-bucket.ts";

/** Who sent a request outside a dialog. */
export type Admission =
  /** Without a SIP Request-URI later stages refuse it with the reason. */
  | { readonly kind: "carrier"; readonly requestUri: SipUri | undefined }
  | { readonly kind: "trunk"; readonly requestUri: SipUri; readonly found: TrunkByHost }
  /** `request` of an INVITE that is verified; undefined: OPTIONS, and what belongs to an INVITE that was taken. */
  | { readonly kind: "sister"; readonly request: BackboneRequest | undefined }
  /** An unlisted address that knows a trunk's name: a bare answer, a few times a minute. */
  | { readonly kind: "probe" }
  /** No answer on UDP, close on TCP and TLS. */
  | { readonly kind: "stranger"; readonly silence?: Silence };

export interface AdmissionOptions {
  readonly interfaceByName: (name: string) => InterfaceConfiguration | undefined;
  readonly probes: Pick<ProbeBucket, "take">;
  /** Left out: nobody is known on a backbone interface. */
  readonly backbone?: Pick<BackboneGate, "judge">;
}

const stranger: Admission = { kind: "stranger" };
const nobody: BackboneVerdict = { kind: "silence", why: "unknown-source" };

/**
 * Decides who is answered at all. Known: a carrier's address on a carrier interface; a request whose Request-URI names a
 * trunk that lists the address or has credentials; a sister gateway on a backbone interface. Everybody else is a stranger,
 * and so is whoever shows a backbone request anywhere else, or comes over a private line that is not active or that of
 * another account.
 */
export function admit(
  request: SipRequest,
  flow: Flow,
  table: RoutingTable,
  options: AdmissionOptions,
): Admission {
  const roles = options.interfaceByName(flow.interfaceName)?.roles ?? [];
  const onBackbone = ofBackbone(request, flow, table, roles, options);
  if (onBackbone !== undefined) return onBackbone;
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

/** Undefined: it has nothing to do with the backbone. */
function ofBackbone(
  request: SipRequest,
  flow: Flow,
  table: RoutingTable,
  roles: readonly InterfaceRole[],
  options: AdmissionOptions,
): Admission | undefined {
  const isBackboneRequest = request.method === "INVITE" && request.has(backboneHeaderField);
  if (!roles.includes("backbone")) {
    return isBackboneRequest ? { kind: "stranger", silence: "wrong-interface" } : undefined;
  }
  const verdict = options.backbone?.judge(request, flow, table.snapshot) ?? nobody;
  if (verdict.kind === "sister") return verdict;
  // An interface may have other roles too: there, who is no sister may still be somebody.
  const isOnlyBackbone = roles.every((role) => role === "backbone");
  return isBackboneRequest || isOnlyBackbone ? { kind: "stranger", silence: verdict.why } : undefined;
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
  const line = lineOf(flow, trunk.accountSid, table);
  if (line === "dead") return stranger;
  const isListed = table.allows(trunk, flow.remoteAddress, flow.connection);
  const isKnown = isListed || (line === "own" && trunk.credentialListSids.length > 0);
  if (isKnown) return { kind: "trunk", requestUri, found };
  // An ACK ends the exchange that a 403 began: it is not answered, and so not counted.
  const isAnswerable = line === "own" && trunk.ipAccessControlListSids.length > 0 && request.method !== "ACK";
  return isAnswerable && options.probes.take(flow.remoteAddress) ? { kind: "probe" } : stranger;
}

/**
 * Whose line a request came over, as its trunk sees it. The customer of one line is a stranger to trunks of others: only
 * their access control lists can say otherwise. Over no line everybody is on their own. A line that is not active is dead.
 */
function lineOf(flow: Flow, accountSid: string, table: RoutingTable): "own" | "foreign" | "dead" {
  if (flow.connection === undefined) return "own";
  const connection = table.connectionBySid(flow.connection);
  if (connection?.status !== "active") return "dead";
  return mayUse(connection, accountSid) ? "own" : "foreign";
}
