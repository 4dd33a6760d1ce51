import {
  BridgeCall,
  type CallPlan,
  type CallPorts,
  type CallUser,
  type EgressInvite,
  isUnsubscribed,
  type JoinedLegs,
  otherSide,
  ReferSubscription,
  type Side,
  type SwitchedCall,
  TransferCall,
} from "@tandem/b2bua";
import { reasons } from "@tandem/reasons";
import type { RoutingTable } from "@tandem/routing";
import type { SipRequest } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import { callIdentity, callPlan, newCallSid, type PlacementServices } from "../calls/call-placement.ts";
import type { CallIdentity } from "../calls/call-record.ts";
import { PlacedCall } from "../calls/placed-call.ts";
import { placeOfNamed } from "../egress/named-target.ts";
import { isPrivateHost } from "../egress/redirect-policy.ts";
import { CallContext } from "../pipeline/call-context.ts";
import { runPipeline } from "../pipeline/pipeline.ts";
import type { StageServices } from "../pipeline/stage-services.ts";
import { acceptRefer, type Refusal, refuseRefer } from "./refer-response.ts";
import { type OwnHosts, type ReferTarget, referTarget } from "./refer-target.ts";
import { legFacts, numberOn, type TransferableCall, transferorMayBe } from "./transferable-call.ts";

export interface TransfersOptions {
  readonly placement: PlacementServices;
  readonly stages: StageServices;
  readonly table: () => RoutingTable | undefined;
  readonly hosts: (table: RoutingTable) => OwnHosts;
}

/** One REFER on its way to a call. */
interface Refer {
  readonly parent: TransferableCall;
  readonly refer: SipRequest;
  readonly transaction: ServerTransaction;
  readonly side: Side;
  readonly target: ReferTarget;
  /** The transferor's call with the target, when that is ours. */
  readonly other: OtherCall | undefined;
  readonly context: CallContext;
}

interface OtherCall {
  readonly call: TransferableCall;
  /** The transferor's side of it. */
  readonly side: Side;
}

/** Performs the transfers that customers ask for (RFC 3515), as far as the mode of their trunk lets them. */
export class Transfers {
  readonly #options: TransfersOptions;

  constructor(options: TransfersOptions) {
    this.#options = options;
  }

  onRefer(parent: TransferableCall, refer: SipRequest, transaction: ServerTransaction, side: Side): void {
    const { legs, identity } = parent;
    const { agent } = this.#options.placement.ports;
    // The gateway where the call entered knows what it is about.
    if (identity.leg !== undefined) {
      legs.carry(refer, transaction, side);
      return;
    }
    const table = this.#options.table();
    const trunk = table?.trunkBySid(identity.trunkSid ?? "");
    if (table === undefined || trunk === undefined) {
      this.#refuse(parent, refer, transaction, {
        reason: reasons.transferNotAllowed,
        text: "the trunk is no more",
      });
      return;
    }
    const read = referTarget(refer, this.#options.hosts(table));
    if (!read.ok || legs.isInTransfer) {
      const statusCode = read.ok ? 491 : read.statusCode;
      const options = read.ok ? {} : { reasonPhrase: read.text };
      transaction.respond(agent.response(refer, transaction.flow, statusCode, options));
      return;
    }
    const { target } = read;
    const context = new CallContext({ request: refer, flow: transaction.flow, table, isDryRun: false });
    const other = this.#otherCall(parent, target);
    context.trunk = trunk;
    context.account = table.accountBySid(trunk.accountSid);
    context.transfer = {
      target,
      isCustomers: transferorMayBe(identity, side),
      flow: transaction.flow,
      transfereeNumber: numberOn(identity, otherSide(side)),
      transferorNumber: numberOn(identity, side),
      hasBothCalls: other !== undefined,
      hasFixedMedia: [legs, other?.call.legs].some((one) => one !== undefined && !one.media.anchor),
    };
    this.#decide({ parent, refer, transaction, side, target, other, context });
  }

  #decide(asked: Refer): void {
    const { parent, refer, transaction, context } = asked;
    const verdict = runPipeline(context, this.#options.stages);
    if (verdict.kind === "refuse") this.#refuse(parent, refer, transaction, verdict);
    else this.#perform(asked);
  }

  #perform(asked: Refer): void {
    const { parent, refer, transaction, side, context } = asked;
    const { placement } = this.#options;
    const { legs } = parent;
    const callSid = newCallSid();
    const plan = this.#plan(asked, callSid);
    acceptRefer(placement.ports.agent, refer, transaction, legs.leg(side), isUnsubscribed(refer));
    legs.referCount += 1;
    const subscription = new ReferSubscription(legs.leg(side), refer, legs.referCount === 1);
    legs.referSubscription = subscription;
    const make = (ports: CallPorts, user: CallUser): SwitchedCall => {
      const first = { legs, transferor: side, facts: parent.facts };
      const second = asked.other;
      if (second === undefined) return new TransferCall({ ports, plan, parent: first, subscription, user });
      const { call } = second;
      const left = { legs: call.legs, transferor: second.side, facts: call.facts };
      return new BridgeCall({ ports, plan, first, second: left, subscription, user });
    };
    new PlacedCall(placement, this.#identity(asked, context), callSid, make).start();
  }

  #plan({ target, refer, context }: Refer, callSid: string): CallPlan {
    const plan = callPlan(this.#options.placement, context, callSid);
    if (target.kind !== "uri") return plan;
    const { replaces, uri } = target;
    const { flow } = context;
    const named = {
      table: context.table,
      uri,
      interfaces: this.#options.placement.place.interfaces,
      mayBePrivate: flow.connection !== undefined || isPrivateHost(flow.remoteAddress),
      reason: reasons.transferNotAllowed,
    };
    const candidates = plan.candidates.map((candidate) => ({
      ...candidate,
      placeOf: placeOfNamed(named, candidate.placeOf),
      invite: () => withReferral(candidate.invite(), refer, replaces),
    }));
    return { ...plan, candidates };
  }

  #identity({ parent, side, target, other, context }: Refer, asked: CallContext): CallIdentity {
    const identity = callIdentity(this.#options.placement.configuration, context);
    const called = target.kind === "uri" ? (target.uri.user ?? target.uri.host) : asked.calledNumber;
    return {
      ...identity,
      ...legFacts(parent, otherSide(side)),
      calledNumber: other === undefined ? called : numberOn(other.call.identity, otherSide(other.side)),
      parentCallSid: parent.facts.exchangeCallId,
      ...(other === undefined ? {} : { replacedCallSid: other.call.facts.exchangeCallId }),
    };
  }

  /** The call that Replaces names, if it is one of the same trunk that the transferor is a side of. */
  #otherCall(parent: TransferableCall, { replaces }: ReferTarget): OtherCall | undefined {
    if (replaces === undefined || replaces.isEarlyOnly) return undefined;
    const { ports, calls } = this.#options.placement;
    const { callId, toTag, fromTag } = replaces;
    // Some write the tags as they see them, not as we do.
    const usage = ports.agent.usageOf(callId, toTag, fromTag) ?? ports.agent.usageOf(callId, fromTag, toTag);
    if (usage?.dialog.state !== "confirmed") return undefined;
    const call = calls.find((one) => hasLeg(one.transferable?.legs, usage))?.transferable;
    if (call === undefined || !mayJoin(parent, call)) return undefined;
    const side: Side = call.legs.leg("ingress") === usage ? "ingress" : "egress";
    return transferorMayBe(call.identity, side) ? { call, side } : undefined;
  }

  #refuse(
    parent: TransferableCall,
    refer: SipRequest,
    transaction: ServerTransaction,
    refusal: Refusal,
  ): void {
    const { ports, alerts } = this.#options.placement;
    refuseRefer(ports.agent, refer, transaction, refusal);
    const { accountSid, trunkSid } = parent.identity;
    const callSid = parent.facts.exchangeCallId;
    alerts.raise(refusal.reason, { accountSid, trunkSid, callSid, text: refusal.text });
  }
}

function hasLeg(legs: JoinedLegs | undefined, usage: object): boolean {
  return legs !== undefined && (legs.leg("ingress") === usage || legs.leg("egress") === usage);
}

/** Two calls of one trunk, both of which entered here. */
function mayJoin(one: TransferableCall, other: TransferableCall): boolean {
  if (one.legs === other.legs || other.legs.isInTransfer) return false;
  return one.identity.trunkSid === other.identity.trunkSid && other.identity.leg === undefined;
}

/** Who referred, and whose place is taken at the target's own switch (RFC 3892 §2.1, RFC 3891 §3). */
function withReferral(
  invite: EgressInvite,
  refer: SipRequest,
  replaces: ReferTarget["replaces"],
): EgressInvite {
  const referredBy = refer.value("Referred-By");
  if (referredBy !== undefined) invite.headerFields.append("Referred-By", referredBy);
  if (replaces !== undefined) {
    const { callId, toTag, fromTag, isEarlyOnly } = replaces;
    const early = isEarlyOnly ? ";early-only" : "";
    invite.headerFields.append("Replaces", `${callId};to-tag=${toTag};from-tag=${fromTag}${early}`);
    invite.headerFields.append("Require", "replaces");
  }
  return invite;
}
