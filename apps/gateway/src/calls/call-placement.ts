import type { CallPlan, CallPorts } from "@tandem/b2bua";
import type { GatewayConfiguration } from "@tandem/contracts";
import type { InviteUas } from "@tandem/sip/user-agent";
import { newCallId } from "@tandem/sip/user-agent";
import { egressCandidates } from "../egress/egress-candidates.ts";
import { ownHeaderNames } from "../egress/own-header-names.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { CallContext } from "../pipeline/call-context.ts";
import { defaultMaxForwards } from "../pipeline/hop-limit.ts";
import type { Alerts } from "./alerts.ts";
import type { CallIdentity } from "./call-record.ts";
import type { LiveCalls } from "./live-calls.ts";
import { PlacedCall } from "./placed-call.ts";

export interface PlacementServices {
  readonly configuration: GatewayConfiguration;
  readonly ports: CallPorts;
  readonly ledger: Ledger;
  readonly alerts: Alerts;
  readonly calls: LiveCalls;
}

/** Both directions silent for so long ends a call, unless the configuration says otherwise. */
const defaultMediaInactivitySeconds = 300;

/** A new exchangeCallId: `CA` and 32 hex digits. */
export function newCallSid(): string {
  return `CA${newCallId()}`;
}

/** Starts the call that the pipeline let pass. */
export function placeCall(services: PlacementServices, context: CallContext, invite: InviteUas): void {
  const callSid = newCallSid();
  const plan = callPlan(services.configuration, context, callSid);
  new PlacedCall(services, callIdentity(services.configuration, context), plan, invite).start();
}

export function callIdentity(configuration: GatewayConfiguration, context: CallContext): CallIdentity {
  const { flow } = context;
  const host = flow.remoteAddress.includes(":") ? `[${flow.remoteAddress}]` : flow.remoteAddress;
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
    ingressRemote: `${flow.protocol} ${host}:${flow.remotePort}`,
    callingNumber: context.callingNumber,
    calledNumber: context.calledNumber,
  };
}

/** The called number's for origination; for termination the calling number's, when it is the account's. */
function phoneNumberSid(context: CallContext): string | null {
  if (context.direction === "origination") return context.number?.sid ?? null;
  const number = context.table.numberByE164(context.callingNumber);
  return number?.accountSid === context.trunk?.accountSid ? (number?.sid ?? null) : null;
}

function callPlan(configuration: GatewayConfiguration, context: CallContext, callSid: string): CallPlan {
  const routes = egressCandidates(context, configuration, callSid);
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
      source: fromCarrier === undefined ? trunk.sourcePolicy : fromCarrier.sourcePolicy,
      signalingAddress: flow.remoteAddress,
      trustedNetworks: fromCarrier === undefined ? [] : fromCarrier.sourceNetworks,
    },
    maxForwards: (context.request.maxForwards() ?? defaultMaxForwards) - 1,
    maximumDurationMs: trunk.maximumDurationSeconds * 1000,
    mediaInactivityMs: (configuration.mediaInactivitySeconds ?? defaultMediaInactivitySeconds) * 1000,
    callSidHeaderField: ownHeaderNames(context.account).callSid,
  };
}
