import { Call, type CallPlan } from "@tandem/b2bua";
import type { GatewayConfiguration, SourcePolicy } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { maxBreadthOf } from "@tandem/sip/message";
import type { Flow } from "@tandem/sip/transport";
import { parseSipUri, type SipUri } from "@tandem/sip/uri";
import type { InviteUas } from "@tandem/sip/user-agent";
import { newCallId } from "@tandem/sip/user-agent";
import { egressCandidates } from "../egress/egress-candidates.ts";
import type { GatewayPlace } from "../egress/egress-ways.ts";
import { ownHeaderNames } from "../egress/own-header-names.ts";
import { ingressSrtp } from "../media/media-security.ts";
import type { CallContext } from "../pipeline/call-context.ts";
import { defaultMaxForwards } from "../pipeline/hop-limit.ts";
import { numberPart } from "../pipeline/number-part.ts";
import type { CallIdentity } from "./call-record.ts";
import { PlacedCall, type PlacedCallServices } from "./placed-call.ts";
import { sessionPolicyOf } from "./session-policy.ts";

export interface PlacementServices extends PlacedCallServices {
  readonly configuration: GatewayConfiguration;
  /** Where egress legs leave. */
  readonly place: GatewayPlace;
}

/** Both directions silent for so long ends a call, unless the configuration says otherwise. */
const defaultMediaInactivitySeconds = 300;
/** What is no number may be of any length. */
const maximumRecordedUserLength = 64;

/** A new exchangeCallId: `CA` and 32 hex digits. */
export function newCallSid(): string {
  return `CA${newCallId()}`;
}

/** Starts the call that the pipeline let pass. */
export function placeCall(services: PlacementServices, context: CallContext, invite: InviteUas): void {
  const callSid = newCallSid();
  const plan = callPlan(services, context, callSid);
  const identity = callIdentity(services.configuration, context);
  new PlacedCall(services, identity, callSid, (ports, user) => new Call(ports, plan, invite, user)).start();
  const { verification, direction } = context;
  if (direction !== "origination" || verification?.ok !== false) return;
  const { accountSid, trunkSid } = identity;
  const { text } = verification.fault;
  services.alerts.raise(reasons.passportNotVerified, { accountSid, trunkSid, callSid, text });
}

export function callIdentity(configuration: GatewayConfiguration, context: CallContext): CallIdentity {
  const { flow } = context;
  return {
    direction: context.direction,
    accountSid: context.trunk?.accountSid ?? null,
    trunkSid: context.trunk?.sid ?? null,
    phoneNumberSid: phoneNumberSid(context),
    carrierSid: context.carrier?.sid ?? null,
    gateway: configuration.name,
    edge: configuration.edge,
    namedEdge: context.namedEdge?.name ?? null,
    ingressInterface: flow.interfaceName,
    ingressConnection: flow.connection ?? null,
    ingressRemote: remoteText(flow),
    callingNumber: context.callingNumber === "" ? callingUser(context) : context.callingNumber,
    stir: context.stir,
    calledNumber: context.calledNumber === "" ? recordedUser(context.requestUri) : context.calledNumber,
  };
}

/** `UDP 192.0.2.7:5060`. */
function remoteText({ protocol, remoteAddress, remotePort }: Flow): string {
  const host = remoteAddress.includes(":") ? `[${remoteAddress}]` : remoteAddress;
  return `${protocol} ${host}:${remotePort}`;
}

/** A call that was refused before its numbers were looked at is recorded with what stood in From and Request-URI. */
function callingUser(context: CallContext): string {
  const from = context.request.from();
  const uri = from.ok ? parseSipUri(from.value.addrSpec) : undefined;
  return recordedUser(uri?.ok === true ? uri.value : undefined);
}

function recordedUser(uri: SipUri | undefined): string {
  return numberPart(uri?.user ?? "").slice(0, maximumRecordedUserLength);
}

/** The called number's for origination; for termination the calling number's, when it is the account's. */
function phoneNumberSid(context: CallContext): string | null {
  if (context.direction === "origination") return context.number?.sid ?? null;
  const number = context.table.numberByE164(context.callingNumber);
  return number?.accountSid === context.trunk?.accountSid ? (number?.sid ?? null) : null;
}

/** What the pipeline decided, as the b2bua wants it. */
export function callPlan(
  { configuration, place }: Pick<PlacementServices, "configuration" | "place">,
  context: CallContext,
  callSid: string,
): CallPlan {
  const routes = egressCandidates(context, place, callSid);
  const { flow, carrier } = context;
  const trunk = context.knownTrunk;
  const fromCarrier = context.direction === "origination" ? carrier : undefined;
  return {
    exchangeCallId: callSid,
    direction: context.direction,
    candidates: routes.candidates,
    skipped: routes.skipped,
    ingressMedia: {
      mediaInterface: flow.interfaceName,
      source: sourcePolicyOf(context),
      signalingAddress: flow.remoteAddress,
      trustedNetworks: fromCarrier === undefined ? [] : fromCarrier.sourceNetworks,
      dscp: customersDscp(context),
      srtp: ingressSrtp(context),
    },
    negotiation: context.negotiation === undefined ? undefined : { key: callSid, why: context.negotiation },
    relayWhy: context.relayWhy,
    maxBreadth: maxBreadthOf(context.request),
    maxForwards: (context.request.maxForwards() ?? defaultMaxForwards) - 1,
    maximumDurationMs: trunk.maximumDurationSeconds * 1000,
    mediaInactivityMs: (configuration.mediaInactivitySeconds ?? defaultMediaInactivitySeconds) * 1000,
    sessionPolicy: sessionPolicyOf(configuration),
    callSidHeaderField: ownHeaderNames(context.account).callSid,
  };
}

/** Media to the customer are marked as its trunk says; those to a carrier or a sister as the gateway is configured. */
function customersDscp({ direction, backboneRequest, knownTrunk }: CallContext): number | undefined {
  return direction === "termination" && backboneRequest === undefined ? knownTrunk.mediaDscp : undefined;
}

/** From a sister media comes from where it says: it is one of ours. */
function sourcePolicyOf(context: CallContext): SourcePolicy {
  if (context.backboneRequest !== undefined) return "strict";
  const { carrier, direction } = context;
  return direction === "origination" && carrier !== undefined
    ? carrier.sourcePolicy
    : context.knownTrunk.sourcePolicy;
}
