import type { Clock, Timer } from "@tandem/clock";
import { type Reason, reasons } from "@tandem/reasons";
import { HeaderFields, type Message, type SipRequest } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import {
  appendCapabilities,
  type InviteUsage,
  type InviteUsageUser,
  type UserAgent,
} from "@tandem/sip/user-agent";
import type { ReleasedBy } from "./call-facts.ts";
import type { CallMedia, CallMediaUser } from "./call-media.ts";
import { q850CauseIn, q850Reason } from "./cause-mapping.ts";
import { otherSide, type Side } from "./media-anchor.ts";
import type { ReferSubscription } from "./refer-subscription.ts";
import { type RequestRelayHost, relayRequest } from "./request-relay.ts";
import { SessionChanges, type SessionChangesHost } from "./session-changes.ts";
import { allowsUpdate, type SessionPolicy } from "./session-interval.ts";
import { SessionTimers, type SessionTimersUser } from "./session-timers.ts";

export interface Release {
  readonly releasedBy: ReleasedBy;
  readonly q850Cause: number;
  readonly reason: Reason | undefined;
}

export interface JoinedLegsUser {
  /** Both legs are down; media still counts until the user closes it. Called once. */
  onReleased(release: Release): void;
  /** A target or the media changed: the journal must know before the answer is passed on; `done` goes on. */
  onChanged(done: () => void): void;
  /** Whether the caller's offer is answered, so that another may follow before the 2xx; asked while the legs are early. */
  mayOffer(): boolean;
  /** A side wants the other one transferred (RFC 3515): the user answers the REFER. */
  onRefer(refer: SipRequest, transaction: ServerTransaction, side: Side): void;
}

/** A transfer of one side of the call, as long as it is not through. */
export interface PendingTransfer {
  /** The side that asked for it: its BYE does not end the call. */
  readonly transferor: Side;
  /** The call has ended otherwise. */
  onCallReleased(): void;
}

export interface JoinedLegsOptions {
  readonly agent: UserAgent;
  readonly clock: Clock;
  readonly random: () => number;
  readonly ingress: InviteUsage;
  readonly egress: InviteUsage;
  readonly media: CallMedia;
  readonly maximumDurationMs: number;
  readonly mediaInactivityMs: number;
  readonly sessionPolicy: SessionPolicy;
  /** Stands in our BYEs, `X-Tandem-CallSid: CA…`. */
  readonly callSidHeaderField: { readonly name: string; readonly value: string };
  readonly user: JoinedLegsUser;
}

/**
 * A call: two dialogs and the media between them. What one side asks is carried to the other; what ends one leg ends both.
 *
 *   early ──confirm()──▶ joined ──BYE, no ACK, duration, silence, hangUp()──▶ released
 *   early ──endEarly()──▶ released                     the attempt failed: its INVITE tells the dialogs
 *   joined ──beginTransfer()──▶ joined, and the transferor may go ──endTransfer()──▶ joined, or released when it has
 *                               ──handOver()──▶ handed over: the other side is another call's ──finishTransfer()──▶ released
 */
export class JoinedLegs
  implements CallMediaUser, InviteUsageUser, SessionChangesHost, RequestRelayHost, SessionTimersUser
{
  readonly media: CallMedia;
  readonly random: () => number;
  readonly sessions: SessionTimers;
  /** REFERs that were accepted in this call: the NOTIFYs of all but the first say which they are for. */
  referCount = 0;
  /** Of the last of them: a SUBSCRIBE of the transferor is its to answer. */
  referSubscription: ReferSubscription | undefined;
  readonly #options: JoinedLegsOptions;
  readonly #changes: SessionChanges;
  #durationTimer: Timer | undefined;
  #silenceTimer: Timer | undefined;
  #isReleased = false;
  #isEarly = true;
  #transfer: PendingTransfer | undefined;
  #hasTransferorLeft = false;
  #handedOver: Side | undefined;
  #ingressAllowsUpdate = true;
  #egressAllowsUpdate = true;

  constructor(options: JoinedLegsOptions) {
    this.#options = options;
    this.media = options.media;
    this.random = options.random;
    this.sessions = new SessionTimers(options.clock, options.sessionPolicy, this);
    this.#changes = new SessionChanges(this);
  }

  /** Both sides have answered. */
  confirm(): void {
    const { clock, maximumDurationMs, mediaInactivityMs } = this.#options;
    this.#isEarly = false;
    this.media.user = this;
    this.sessions.start();
    this.#durationTimer = clock.schedule(maximumDurationMs, onDuration, this);
    this.#silenceTimer = clock.schedule(mediaInactivityMs, onSilenceCheck, this);
  }

  /** An INVITE or a response of that side says in Allow whether it takes UPDATE (RFC 3311 §4); without Allow it may. */
  learn(side: Side, message: Message): void {
    const allow = message.has("Allow") ? allowsUpdate(message) : true;
    if (side === "ingress") this.#ingressAllowsUpdate = allow;
    else this.#egressAllowsUpdate = allow;
  }

  allowsUpdate(side: Side): boolean {
    return side === "ingress" ? this.#ingressAllowsUpdate : this.#egressAllowsUpdate;
  }

  mayOffer(): boolean {
    return this.#options.user.mayOffer();
  }

  isBusy(side: Side): boolean {
    return this.#changes.isBusy(side);
  }

  onChanged(done: () => void): void {
    this.#options.user.onChanged(done);
  }

  get isInTransfer(): boolean {
    return this.#transfer !== undefined;
  }

  /** Only one transfer at a time: `isInTransfer` must be asked before. */
  beginTransfer(transfer: PendingTransfer): void {
    this.#transfer = transfer;
  }

  /** Nothing may change on either leg until the transfer ends: `isBusy` has been asked before. */
  freeze(): void {
    this.#changes.isFrozen = true;
  }

  /** A REFER that is another gateway's to perform. */
  carry(request: SipRequest, transaction: ServerTransaction, side: Side): void {
    relayRequest(this, request, transaction, this.leg(otherSide(side)));
  }

  /** The transfer failed: the call goes on, unless the transferor has left it. */
  endTransfer(): void {
    const transferor = this.#transfer?.transferor;
    this.#transfer = undefined;
    this.#changes.isFrozen = false;
    if (transferor !== undefined && this.#hasTransferorLeft) this.#releasedBy(transferor, 16, undefined);
  }

  /** The transfer is through: that side is another call's now, and its usage has another user. */
  handOver(side: Side): void {
    this.#handedOver = side;
    this.#transfer = undefined;
    this.#stopTimers();
    if (this.#hasTransferorLeft) this.finishTransfer();
  }

  /** The transferor has been told: what is left of the call ends. */
  finishTransfer(): void {
    if (this.#handedOver === undefined) return;
    this.#releasedBy(otherSide(this.#handedOver), 16, undefined, false);
  }

  /** The attempt is over before anybody answered. */
  endEarly(): void {
    this.#isReleased = true;
    this.#changes.end();
  }

  get agent(): UserAgent {
    return this.#options.agent;
  }

  get isEarly(): boolean {
    return this.#isEarly;
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  leg(side: Side): InviteUsage {
    return side === "ingress" ? this.#options.ingress : this.#options.egress;
  }

  onRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void {
    const side: Side = usage === this.#options.ingress ? "ingress" : "egress";
    if (this.#handedOver !== undefined && request.method !== "BYE") {
      transaction.respond(this.agent.response(request, transaction.flow, 491));
      return;
    }
    switch (request.method) {
      case "BYE":
        // RFC 3261 §15: a callee sends none in an early dialog. The caller's never comes here.
        if (this.#isEarly) transaction.respond(this.agent.response(request, transaction.flow, 481));
        else this.#onBye(request, transaction, side);
        return;
      case "INVITE":
      case "UPDATE":
        this.#changes.onRequest(request, transaction, side);
        return;
      case "REFER":
        this.#onRefer(request, transaction, side);
        return;
      case "OPTIONS":
        this.#onOptions(request, transaction);
        return;
      default:
        this.#onOther(request, transaction, side);
    }
  }

  onAck(request: SipRequest, usage: InviteUsage): void {
    this.#changes.onAck(request, usage);
  }

  onNoAck(_usage: InviteUsage): void {
    this.hangUp("exchange", reasons.noAckReceived);
  }

  /** Ends the call for a reason of ours: BYE both ways. */
  hangUp(releasedBy: ReleasedBy, reason: Reason): void {
    this.release({ releasedBy, q850Cause: reason.q850Cause ?? 16, reason });
  }

  /** A side has lost the dialog (481) or is silent (408): the call is over (RFC 3261 §12.2.1.2). */
  onPeerLost(): void {
    // What becomes of an early dialog its INVITE tells.
    if (!this.#isEarly) this.hangUp("exchange", reasons.peerLost);
  }

  onRefreshed(): void {
    this.#options.user.onChanged(nothing);
  }

  onSessionExpired(): void {
    this.hangUp("exchange", reasons.sessionExpired);
  }

  onMediaLost(reason: Reason): void {
    this.hangUp("exchange", reason);
  }

  onBadSdp(): void {
    if (this.#isEarly) this.media.rollback();
    else this.hangUp("exchange", reasons.badSdp);
  }

  /** BYE to both sides, but to the one that ended the call itself. Idempotent. */
  release(release: Release, endedBy?: Side, reasonValues?: readonly string[]): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#stopTimers();
    const fields = this.#byeHeaderFields(release, reasonValues);
    for (const side of ["ingress", "egress"] as const) {
      if (side === this.#handedOver) continue;
      if (side === endedBy) this.leg(side).close();
      else this.leg(side).bye(fields);
    }
    const transfer = this.#transfer;
    this.#transfer = undefined;
    transfer?.onCallReleased();
    this.#options.user.onReleased(release);
  }

  /** @internal */
  expireDuration(): void {
    this.hangUp("exchange", reasons.maximumDurationReached);
  }

  /** @internal Ends a call whose both directions have been silent; on hold silence is what one expects. */
  checkSilence(): void {
    const { clock, mediaInactivityMs } = this.#options;
    const last = this.media.lastReceivedMs;
    const silentMs = last === undefined || this.media.isHeld ? 0 : clock.monotonicMs() - last;
    if (silentMs >= mediaInactivityMs) {
      this.hangUp("exchange", reasons.mediaInactive);
      return;
    }
    this.#silenceTimer = clock.schedule(mediaInactivityMs - silentMs, onSilenceCheck, this);
  }

  #onBye(request: SipRequest, transaction: ServerTransaction, side: Side): void {
    transaction.respond(this.agent.response(request, transaction.flow, 200));
    const values = request.values("Reason");
    const q850Cause = q850CauseIn(values) ?? 16;
    if (this.#transfer?.transferor === side) {
      this.#hasTransferorLeft = true;
      this.leg(side).close();
      return;
    }
    this.#releasedBy(side, q850Cause, values);
  }

  #releasedBy(side: Side, q850Cause: number, values: readonly string[] | undefined, hasEnded = true): void {
    const releasedBy = side === "ingress" ? "caller" : "callee";
    this.release({ releasedBy, q850Cause, reason: undefined }, hasEnded ? side : undefined, values);
  }

  #onRefer(request: SipRequest, transaction: ServerTransaction, side: Side): void {
    if (this.#isEarly || this.leg(side).dialog.state === "early") {
      this.#changes.refuseForNow(request, transaction);
    } else this.#options.user.onRefer(request, transaction, side);
  }

  #stopTimers(): void {
    this.#durationTimer?.cancel();
    this.#silenceTimer?.cancel();
    this.sessions.stop();
    this.#changes.end();
  }

  #onOptions(request: SipRequest, transaction: ServerTransaction): void {
    const response = this.agent.response(request, transaction.flow, 200);
    appendCapabilities(response.headerFields);
    transaction.respond(response);
  }

  #onOther(request: SipRequest, transaction: ServerTransaction, side: Side): void {
    const { referSubscription } = this;
    if (request.method === "SUBSCRIBE" && referSubscription?.concerns(request, this.leg(side)) === true) {
      referSubscription.onSubscribe(request, transaction);
      return;
    }
    const to = this.leg(otherSide(side));
    // The caller's 200 is still to be sent: nothing goes to it in this dialog before.
    if (!this.#isEarly && to.dialog.state === "early") this.#changes.refuseForNow(request, transaction);
    else relayRequest(this, request, transaction, to);
  }

  #byeHeaderFields(release: Release, reasonValues: readonly string[] | undefined): HeaderFields {
    const fields = new HeaderFields();
    if (reasonValues !== undefined && reasonValues.length > 0) {
      for (const value of reasonValues) fields.append("Reason", value);
    } else {
      fields.append("Reason", q850Reason(release.q850Cause));
    }
    const { name, value } = this.#options.callSidHeaderField;
    fields.append(name, value);
    return fields;
  }
}

function nothing(): void {}

function onDuration(legs: JoinedLegs): void {
  legs.expireDuration();
}

function onSilenceCheck(legs: JoinedLegs): void {
  legs.checkSilence();
}
