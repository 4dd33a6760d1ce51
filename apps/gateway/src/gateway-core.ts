import { type Reason, reasons } from "@tandem/reasons";
import { type SipMessage, type SipRequest, type SipSyntaxError, validateRequest } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import type { Flow } from "@tandem/sip/transport";
import { schemeOf } from "@tandem/sip/uri";
import {
  allowedMethods,
  appendCapabilities,
  type InviteUas,
  newTag,
  type UserAgent,
  type UserAgentCore,
} from "@tandem/sip/user-agent";
import { type AdmissionOptions, admit } from "./admission.ts";
import type { Silence } from "./backbone/backbone-gate.ts";
import { placeForSister, refuseSister } from "./backbone/sister-call.ts";
import { callIdentity, newCallSid, type PlacementServices, placeCall } from "./calls/call-placement.ts";
import { callRecord } from "./calls/call-record.ts";
import { refusedFacts, sendRefusal } from "./calls/refusal.ts";
import { isSkipAlert } from "./calls/skip-alerts.ts";
import { skippedRoutes } from "./egress/egress-candidates.ts";
import { CallContext } from "./pipeline/call-context.ts";
import { identifyIngress } from "./pipeline/ingress-identification.ts";
import { runPipeline } from "./pipeline/pipeline.ts";
import type { StageServices } from "./pipeline/stage-services.ts";
import { type Pending, refuse, type Verdict } from "./pipeline/verdict.ts";
import type { FrontDoor } from "./shield/front-door.ts";
import type { SnapshotHolder } from "./snapshot/snapshot-holder.ts";

export interface GatewayCoreOptions {
  readonly agent: UserAgent;
  readonly snapshots: SnapshotHolder;
  readonly admission: AdmissionOptions;
  readonly stages: StageServices;
  readonly door: FrontDoor;
  readonly placement: PlacementServices;
  /** Told of what is not answered on the backbone. */
  readonly onSilence: (why: Silence) => void;
  /** Closes the connection of a stranger. */
  readonly closeFlow: (flow: Flow) => void;
  /** Told what handling an INVITE threw before it was a call. */
  readonly onFault: (error: unknown, sipCallId: string) => void;
}

/** Seconds that a draining gateway asks for in Retry-After. */
const drainRetryAfterSeconds = 30;

/**
 * The gateway's side of the user agent: decides who is heard, answers what is no call, and turns an INVITE into one.
 *
 *   serving ──drain()──▶ draining: new calls and OPTIONS get 503 with Retry-After, calls in progress go on
 */
export class GatewayCore implements UserAgentCore {
  readonly #options: GatewayCoreOptions;
  /** Told when no new calls are taken any more. */
  onDrain: (() => void) | undefined;
  /** Connections that have carried a request of somebody known: nobody else can send on them. */
  readonly #knownFlows = new WeakSet<Flow>();
  #isDraining = false;

  constructor(options: GatewayCoreOptions) {
    this.#options = options;
    options.agent.setCore(this);
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Idempotent. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.onDrain?.();
  }

  /**
   * Every message from the transport. Strangers are dropped here, before any state is made for them. What comes again
   * (a BYE whose 200 was lost, when its dialog is gone) finds its transaction, if it comes from the same address.
   */
  receive(message: SipMessage, flow: Flow): void {
    const { agent, door, closeFlow } = this.#options;
    if (!door.hears(message, flow)) {
      if (flow.isReliable) closeFlow(flow);
      return;
    }
    if (message.isRequest) {
      const isExpected = agent.knowsDialogOf(message) || agent.layer.knows(message, flow);
      if (!isExpected && !this.#isLate(message, flow) && !this.#isKnown(message, flow)) return;
      if (flow.isReliable) this.#knownFlows.add(flow);
    }
    agent.receive(message, flow);
  }

  /**
   * A request for a dialog that is gone, an ACK behind the BYE say, on a connection that somebody known has used: it
   * gets its 481 and does not cost the other calls on that connection their flow.
   */
  #isLate(request: SipRequest, flow: Flow): boolean {
    return flow.isReliable && request.toTag !== "" && this.#knownFlows.has(flow);
  }

  /**
   * A request whose connection ends after it, because nobody can tell where it ends: whoever is known hears why.
   * 513 (RFC 3261 §21.5.7) for a body beyond our limit, 400 otherwise.
   */
  refuseUnframed(request: SipRequest, flow: Flow, error: SipSyntaxError): void {
    const { agent, snapshots, admission } = this.#options;
    const { table } = snapshots;
    const kind = table === undefined ? "stranger" : admit(request, flow, table, admission).kind;
    const isKnown =
      kind === "carrier" || kind === "trunk" || kind === "sister" || agent.knowsDialogOf(request);
    if (!isKnown || validateRequest(request)?.mayAnswer !== true) return;
    const statusCode = error.code === "body-too-large" ? 513 : 400;
    agent.layer.respondStatelessly(request, statusCode, flow, { reasonPhrase: error.text });
  }

  /** A fault of ours on the way to a call refuses that INVITE, and nothing else. */
  onInvite(invite: InviteUas): void {
    this.#guard(invite, () => this.#take(invite));
  }

  #guard(invite: InviteUas, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onFault(error, invite.request.callId);
      invite.reject(500);
    }
  }

  #take(invite: InviteUas): void {
    if (!hasSipScheme(invite.request)) {
      invite.reject(416);
      return;
    }
    const { snapshots, stages } = this.#options;
    const { table } = snapshots;
    if (table === undefined) {
      invite.reject(503);
      return;
    }
    const context = new CallContext({ request: invite.request, flow: invite.flow, table, isDryRun: false });
    if (!identifyIngress(context, this.#options.admission)) {
      invite.reject(403);
      return;
    }
    this.#follow(context, invite, this.#isDraining ? drainVerdict() : runPipeline(context, stages));
  }

  #follow(context: CallContext, invite: InviteUas, verdict: Verdict | Pending): void {
    if (verdict.kind === "wait") {
      verdict.start((resume) =>
        this.#guard(invite, () => this.#follow(context, invite, this.#resumed(invite, resume))),
      );
      return;
    }
    const { placement } = this.#options;
    const asked = context.backboneRequest;
    if (asked === undefined) {
      if (verdict.kind === "refuse") this.#refuse(context, invite, verdict);
      else placeCall(placement, context, invite);
    } else if (verdict.kind === "refuse") refuseSister(placement, context, invite, verdict);
    else placeForSister(placement, context, invite, asked);
  }

  /** What became of a call while it waited comes first. */
  #resumed(invite: InviteUas, resume: () => Verdict | Pending): Verdict | Pending {
    if (invite.state !== "proceeding") {
      const text = "the caller gave up while its PASSporT was verified";
      return refuse(reasons.callerCanceled, text, { statusCode: 487 });
    }
    return this.#isDraining ? drainVerdict() : resume();
  }

  onOutOfDialogRequest(request: SipRequest, transaction: ServerTransaction): void {
    const { agent } = this.#options;
    // RFC 3261 §8.2: the method is looked at first, then where the request wants to go.
    if (request.method === "OPTIONS") {
      const response = hasSipScheme(request)
        ? this.#optionsResponse(request, transaction)
        : agent.response(request, transaction.flow, 416, { toTag: newTag() });
      transaction.respond(response);
      return;
    }
    if (request.method === "REFER") {
      // A transfer is of a call: who has none has nothing to transfer.
      const reasonPhrase = "REFER Outside A Dialog";
      transaction.respond(agent.response(request, transaction.flow, 403, { toTag: newTag(), reasonPhrase }));
      return;
    }
    if (methodsOfDialogs.has(request.method)) {
      transaction.respond(agent.response(request, transaction.flow, 481, { toTag: newTag() }));
      return;
    }
    const statusCode = knownMethods.has(request.method) ? 405 : 501;
    const response = agent.response(request, transaction.flow, statusCode, { toTag: newTag() });
    response.headerFields.append("Allow", allowedMethods);
    transaction.respond(response);
  }

  #isKnown(request: SipRequest, flow: Flow): boolean {
    const { door, snapshots } = this.#options;
    const { table } = snapshots;
    if (table === undefined) return false;
    const admission = admit(request, flow, table, this.#options.admission);
    if (admission.kind === "carrier" || admission.kind === "trunk" || admission.kind === "sister")
      return door.lets(request, flow, admission, table);
    door.shield.onStranger(flow);
    if (admission.kind === "stranger" && admission.silence !== undefined) {
      this.#options.onSilence(admission.silence);
    }
    if (admission.kind === "probe") this.#answerProbe(request, flow);
    else if (flow.isReliable) this.#options.closeFlow(flow);
    return false;
  }

  /** Somebody unlisted who knows a trunk's name gets a bare answer: enough to find a wrong list, nothing to learn from. */
  #answerProbe(request: SipRequest, flow: Flow): void {
    const { layer } = this.#options.agent;
    layer.respondStatelessly(request, request.method === "OPTIONS" ? 200 : 403, flow);
  }

  #optionsResponse(request: SipRequest, transaction: ServerTransaction): ReturnType<UserAgent["response"]> {
    const { agent } = this.#options;
    const statusCode = this.#isDraining ? 503 : 200;
    // RFC 3261 §8.2.6.2: every response but a 100 has a To tag.
    const response = agent.response(request, transaction.flow, statusCode, { toTag: newTag() });
    if (this.#isDraining) response.headerFields.append("Retry-After", String(drainRetryAfterSeconds));
    appendCapabilities(response.headerFields);
    return response;
  }

  #refuse(context: CallContext, invite: InviteUas, refusal: Extract<Verdict, { kind: "refuse" }>): void {
    const { placement, door } = this.#options;
    if (door.shield.isUnverified(context.flow)) invite.rejectWithoutRepeating();
    if (isRefusedCaller(refusal.reason)) door.shield.onRefusedCaller(context.flow);
    const statusCode = sendRefusal(invite, refusal);
    // A challenge is no refusal of the call: the answer to it is on its way.
    if (statusCode === 407 || statusCode === 401) return;
    const identity = callIdentity(placement.configuration, context);
    const callSid = newCallSid();
    const skipped = skippedRoutes(context);
    const facts = refusedFacts(placement.ports.clock, invite, callSid, refusal, statusCode, skipped);
    placement.calls.tally.ended(identity, facts, undefined);
    placement.ledger.finish(callSid, JSON.stringify(callRecord(identity, facts)));
    const { accountSid, trunkSid } = identity;
    for (const { reason, url, text } of skipped) {
      if (!isSkipAlert(reason)) continue;
      placement.alerts.raise(reason, { accountSid, trunkSid, callSid, text: `${url}: ${text}` });
    }
    if (refusal.reason === reasons.callerCanceled) return;
    placement.alerts.raise(refusal.reason, { accountSid, trunkSid, callSid, text: refusal.text });
  }
}

function isRefusedCaller(reason: Reason): boolean {
  return (
    reason === reasons.wrongCredentials ||
    reason === reasons.sourceAddressNotInAccessControlList ||
    reason === reasons.clientCertificateRequired ||
    reason === reasons.clientCertificateRefused
  );
}

function drainVerdict(): Verdict {
  return refuse(reasons.draining, "this gateway takes no new calls", {
    headerFields: [{ name: "Retry-After", value: String(drainRetryAfterSeconds) }],
  });
}

/**
 * Nothing but a dialog or a subscription that is there can take these: RFC 3261 §15.1.2, RFC 3262 §3, RFC 3311 §5.2, RFC 6086
 * §4.2.2, RFC 6665 §4.1.3.
 */
const methodsOfDialogs: ReadonlySet<string> = new Set(["BYE", "PRACK", "UPDATE", "INFO", "NOTIFY"]);

const knownMethods: ReadonlySet<string> = new Set(["REGISTER", "SUBSCRIBE", "PUBLISH", "MESSAGE"]);

/** RFC 3261 §8.2.2.1: other schemes get 416, `tel` as well. */
function hasSipScheme({ requestUri }: SipRequest): boolean {
  const scheme = schemeOf(requestUri);
  return scheme === "sip" || scheme === "sips";
}
