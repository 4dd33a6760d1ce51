import { SteadyTime, type Timer } from "@tandem/clock";
import { type Reason, reasons } from "@tandem/reasons";
import { HeaderFields, type SipRequest, type SipResponse } from "@tandem/sip/message";
import type { ClientTransactionUser, ServerTransaction } from "@tandem/sip/transaction";
import type { InviteUsage, Path } from "@tandem/sip/user-agent";
import { AnchoredMedia } from "./anchored-media.ts";
import { type CallFacts, newFacts, type ReleasedBy } from "./call-facts.ts";
import type { CallMedia } from "./call-media.ts";
import { type CallPlan, type CallPorts, type CallTerms, termsOf } from "./call-plan.ts";
import { descriptionIn } from "./description-in.ts";
import { JoinedLegs, type JoinedLegsUser, type PendingTransfer, type Release } from "./joined-legs.ts";
import { type LegOf, MediaAnchor, otherSide, type Side } from "./media-anchor.ts";
import type { ReferSubscription } from "./refer-subscription.ts";
import { defaultSessionPolicy } from "./session-interval.ts";
import { failureFor, type SetupFailure } from "./setup-failure.ts";
import type { CallUser, SwitchedCall } from "./switched-call.ts";

/** A call that one of its sides leaves, so that the other one can be joined to somebody else. */
export interface LeftCall {
  readonly legs: JoinedLegs;
  /** The side that leaves. */
  readonly transferor: Side;
  readonly facts: CallFacts;
}

export interface BridgeCallOptions {
  readonly ports: CallPorts;
  readonly plan: CallPlan;
  /** The call in which the REFER came: its other side is the caller of the new one. */
  readonly first: LeftCall;
  /** The call that Replaces names: its other side is the callee. */
  readonly second: LeftCall;
  readonly subscription: ReferSubscription;
  readonly user: CallUser;
}

/** Legs that are busy are asked again so often, each 0.5 s. */
export const maximumBridgeTries = 20;
const busyDelayMs = 500;

/**
 * The call that an attended transfer makes (RFC 5589 §7) when both calls of the transferor are ours: their other sides are
 * joined to each other, by an offer that the first is asked for (RFC 3725 §4.1).
 *
 *   waiting ──nothing else under way──▶ asking the first ──offer──▶ asking the second ──answer──▶ answered ──▶ released
 *   waiting, asking ──refused, one of them gone, hangUp()──▶ released: both calls go on
 */
export class BridgeCall implements SwitchedCall, JoinedLegsUser, PendingTransfer {
  readonly terms: CallTerms;
  readonly facts: CallFacts;
  readonly time: SteadyTime;
  readonly media: CallMedia;
  readonly transferor: Side;
  readonly #anchor: MediaAnchor;
  readonly #options: BridgeCallOptions;
  readonly #caller: LegOf;
  readonly #callee: LegOf;
  #state: "waiting" | "asking" | "answered" | "released" = "waiting";
  #timer: Timer | undefined;
  #tries = 0;
  /** CSeq of the first's re-INVITE whose 2xx has no ACK yet. */
  #owedSequenceNumber: number | undefined;
  #legs: JoinedLegs | undefined;
  readonly attemptSipCallId: string;
  readonly attemptPath: Path;

  constructor(options: BridgeCallOptions) {
    const { ports, plan, first, second } = options;
    this.#options = options;
    this.terms = termsOf(plan);
    this.transferor = first.transferor;
    this.#caller = { anchor: anchorOf(first.legs), side: otherSide(first.transferor) };
    this.#callee = { anchor: anchorOf(second.legs), side: otherSide(second.transferor) };
    this.#anchor = MediaAnchor.forTransfer(ports.relay, this.#caller, this.#callee);
    this.media = new AnchoredMedia(this.#anchor);
    const egress = this.#calleeLeg;
    this.attemptSipCallId = egress.dialog.callId;
    this.attemptPath = egress.path;
    this.time = new SteadyTime(ports.clock);
    this.facts = newFacts(plan.exchangeCallId, this.time.wallMs(), this.#callerLeg.dialog.callId);
    this.facts.egressSipCallId = this.attemptSipCallId;
    first.legs.beginTransfer(this);
    second.legs.beginTransfer({ transferor: second.transferor, onCallReleased: () => this.onCallReleased() });
  }

  get legs(): JoinedLegs | undefined {
    return this.#legs;
  }

  start(): void {
    this.#options.subscription.progress(100);
    this.again();
  }

  hangUp(releasedBy: ReleasedBy, reason: Reason): void {
    if (this.#legs !== undefined) this.#legs.hangUp(releasedBy, reason);
    else this.#fail(failureFor(reason, releasedBy));
  }

  /** Both legs are answered already. */
  onConnectionDown(): void {}

  onFault(): void {
    this.hangUp("exchange", reasons.internalError);
  }

  abandon(): void {
    this.#legs?.leg("ingress").close();
    this.#legs?.leg("egress").close();
    this.media.close(nothing);
  }

  /** @internal */
  again(): void {
    this.#timer = undefined;
    const { first, second } = this.#options;
    this.#tries += 1;
    if (![first.legs, second.legs].some(isBusy)) {
      first.legs.freeze();
      second.legs.freeze();
      this.#state = "asking";
      this.#ask(first.legs, this.#caller.side, "", new AskedSide(this, "first"));
    } else if (this.#tries >= maximumBridgeTries) this.#fail(refused(491));
    else this.#timer = this.#options.ports.clock.schedule(busyDelayMs, again, this);
  }

  /** @internal */
  onAnswered(who: "first" | "second", response: SipResponse): void {
    const { first, second } = this.#options;
    if (who === "first") first.legs.sessions.onSuccess(this.#caller.side, response);
    else {
      second.legs.sessions.onSuccess(this.#callee.side, response);
      this.#calleeLeg.acknowledge(response.cseqNumber);
    }
    if (this.#state !== "asking") {
      if (who === "first") this.#callerLeg.acknowledge(response.cseqNumber);
      return;
    }
    if (who === "first") this.#owedSequenceNumber = response.cseqNumber;
    const anchored =
      who === "first"
        ? this.#anchor.offer("ingress", descriptionIn(response))
        : this.#anchor.answer("egress", descriptionIn(response), true);
    if (!anchored.ok) this.#fail(refused(488));
    else if (who === "first")
      this.#ask(second.legs, this.#callee.side, anchored.text, new AskedSide(this, "second"));
    else this.#join(anchored.text);
  }

  /** @internal */
  onRefused(who: "first" | "second", statusCode: number, isLost: boolean): void {
    if (this.#state !== "asking") return;
    const { legs } = who === "first" ? this.#options.first : this.#options.second;
    this.#fail(isLost ? failureFor(reasons.peerLost) : refused(statusCode));
    if (isLost) legs.onPeerLost();
  }

  onRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void {
    this.#legs?.onRequest(request, transaction, usage);
  }

  onAck(request: SipRequest, usage: InviteUsage): void {
    this.#legs?.onAck(request, usage);
  }

  onNoAck(usage: InviteUsage): void {
    this.#legs?.onNoAck(usage);
  }

  onChanged(done: () => void): void {
    this.#options.user.onJournal(this, done);
  }

  mayOffer(): boolean {
    return true;
  }

  onRefer(refer: SipRequest, transaction: ServerTransaction, side: Side): void {
    this.#options.user.onRefer(this, refer, transaction, side);
  }

  /** One of the calls ended otherwise. */
  onCallReleased(): void {
    this.#fail({ ...failureFor(reasons.callerCanceled, "caller"), statusCode: 487 });
  }

  onReleased(release: Release): void {
    this.#released(release);
  }

  get #callerLeg(): InviteUsage {
    return this.#options.first.legs.leg(this.#caller.side);
  }

  get #calleeLeg(): InviteUsage {
    return this.#options.second.legs.leg(this.#callee.side);
  }

  #ask(legs: JoinedLegs, side: Side, body: string, asked: AskedSide): void {
    const headerFields = new HeaderFields();
    legs.sessions.fillRequest(side, headerFields);
    legs.leg(side).request("INVITE", { headerFields, body, contentType: "application/sdp" }, asked);
  }

  #join(answer: string): void {
    const { ports, first, second, user, subscription } = this.#options;
    const ingress = this.#callerLeg;
    const egress = this.#calleeLeg;
    this.#acknowledgeCaller(answer);
    const sessions = [
      ["ingress", first.legs.sessions.toJournal(this.#caller.side)],
      ["egress", second.legs.sessions.toJournal(this.#callee.side)],
    ] as const;
    this.#state = "answered";
    this.facts.answeredAtMs = this.time.wallMs();
    this.facts.statusCode = 200;
    first.facts.transferredTo = this.terms.exchangeCallId;
    second.facts.transferredTo = this.terms.exchangeCallId;
    this.#anchor.takeOver(this.#caller, this.#callee);
    first.legs.handOver(this.#caller.side);
    second.legs.handOver(this.#callee.side);
    ingress.setUser(this);
    egress.setUser(this);
    this.#legs = new JoinedLegs({
      agent: ports.agent,
      clock: ports.clock,
      random: ports.random,
      ingress,
      egress,
      media: this.media,
      maximumDurationMs: this.terms.maximumDurationMs,
      mediaInactivityMs: this.terms.mediaInactivityMs,
      sessionPolicy: this.terms.sessionPolicy ?? defaultSessionPolicy,
      callSidHeaderField: { name: this.terms.callSidHeaderField, value: this.terms.exchangeCallId },
      user: this,
    });
    this.#legs.confirm();
    for (const [side, session] of sessions)
      if (session !== undefined) this.#legs.sessions.adopt(side, session);
    user.onJournal(this, () => {
      subscription.final(200, undefined, () => {
        first.legs.finishTransfer();
        second.legs.finishTransfer();
      });
    });
  }

  #acknowledgeCaller(body: string): void {
    const sequenceNumber = this.#owedSequenceNumber;
    this.#owedSequenceNumber = undefined;
    if (sequenceNumber === undefined) return;
    this.#callerLeg.acknowledge(sequenceNumber, { body, contentType: "application/sdp" });
  }

  #fail(failure: SetupFailure): void {
    if (this.#state === "released" || this.#state === "answered") return;
    const { first, second, subscription } = this.#options;
    this.#timer?.cancel();
    // Its offer has to be answered: with what it was told before.
    this.#acknowledgeCaller(first.legs.media.shownTo(this.#caller.side));
    this.#anchor.rollback();
    this.facts.statusCode = failure.statusCode;
    subscription.final(failure.statusCode, failure.reasonPhrase, nothing);
    this.#released(failure);
    first.legs.endTransfer();
    second.legs.endTransfer();
  }

  #released(release: Release): void {
    if (this.#state === "released") return;
    const { facts } = this;
    if (this.#state === "answered") {
      facts.fromIngress = this.#anchor.received("ingress");
      facts.fromEgress = this.#anchor.received("egress");
    }
    this.#state = "released";
    facts.releasedAtMs = this.time.wallMs();
    facts.releasedBy = release.releasedBy;
    facts.q850Cause = release.q850Cause;
    facts.reason = release.reason;
    facts.mediaEngine = this.media.engine;
    this.media.close(nothing);
    this.#options.user.onReleased(this);
  }
}

/** The media of a call one of whose legs is taken. @throws Error when its engine lets none go: such a REFER is refused */
export function anchorOf({ media: { anchor } }: JoinedLegs): MediaAnchor {
  if (anchor === undefined) throw new Error("a transfer of a leg whose media can not leave their engine");
  return anchor;
}

/** Our re-INVITE to one of the two. */
class AskedSide implements ClientTransactionUser {
  readonly #call: BridgeCall;
  readonly #who: "first" | "second";

  constructor(call: BridgeCall, who: "first" | "second") {
    this.#call = call;
    this.#who = who;
  }

  onResponse(response: SipResponse): void {
    const { statusCode } = response;
    if (statusCode < 200) return;
    if (statusCode < 300) this.#call.onAnswered(this.#who, response);
    else this.#call.onRefused(this.#who, statusCode, statusCode === 408 || statusCode === 481);
  }

  onFailure(kind: "timeout" | "transport-error"): void {
    this.#call.onRefused(this.#who, 480, kind === "timeout");
  }
}

function refused(statusCode: number): SetupFailure {
  return { ...failureFor(reasons.mediaNotAcceptable), statusCode, reasonPhrase: undefined };
}

function isBusy(legs: JoinedLegs): boolean {
  return (["ingress", "egress"] as const).some((side) => legs.isBusy(side) || legs.sessions.isInviting(side));
}

function again(call: BridgeCall): void {
  call.again();
}

function nothing(): void {}
