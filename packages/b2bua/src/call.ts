import { SteadyTime } from "@tandem/clock";
import { type Reason, reasons } from "@tandem/reasons";
import type { SipRequest } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import type { InviteUas, InviteUsage, InviteUsageUser, Path } from "@tandem/sip/user-agent";
import { type CallFacts, newFacts, type ReleasedBy } from "./call-facts.ts";
import type { CallMedia } from "./call-media.ts";
import { type CallPlan, type CallPorts, type CallTerms, termsOf } from "./call-plan.ts";
import { CallSetup, type CallSetupUser } from "./call-setup.ts";
import type { JoinedLegs, JoinedLegsUser, Release } from "./joined-legs.ts";
import type { Side } from "./media-anchor.ts";
import { openMedia } from "./open-media.ts";
import { failureFor } from "./setup-failure.ts";
import type { CallUser, SwitchedCall } from "./switched-call.ts";

/**
 * One call from the first attempt to its end.
 *
 *   set-up ──ACK for our 200──▶ up ──BYE …──▶ released          set-up ──nobody answers, CANCEL …──▶ released
 *
 * What a set-up needs is much and a call that is up needs nothing of it: it is forgotten with the ACK.
 */
export class Call implements SwitchedCall, CallSetupUser, JoinedLegsUser, InviteUsageUser {
  readonly terms: CallTerms;
  readonly facts: CallFacts;
  readonly time: SteadyTime;
  readonly #user: CallUser;
  readonly #media: CallMedia;
  #setup: CallSetup | undefined;
  #legs: JoinedLegs | undefined;
  #isReleased = false;

  constructor(ports: CallPorts, plan: CallPlan, invite: InviteUas, user: CallUser) {
    this.terms = termsOf(plan);
    this.#user = user;
    this.#media = openMedia(ports, plan);
    this.time = new SteadyTime(ports.clock);
    this.facts = newFacts(plan.exchangeCallId, this.time.wallMs(), invite.request.callId);
    const { facts, time } = this;
    this.#setup = new CallSetup({ ports, plan, invite, media: this.#media, facts, time, user: this });
  }

  get state(): "trying" | "answering" | "answered" | "released" {
    if (this.#isReleased) return "released";
    const state = this.#setup?.state;
    return state === undefined || state === "over" ? "answered" : state;
  }

  get legs(): JoinedLegs | undefined {
    return this.#legs;
  }

  get media(): CallMedia {
    return this.#media;
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** Call-ID of the attempt under way, or of the one that answered. */
  get attemptSipCallId(): string | undefined {
    return this.#setup === undefined ? this.facts.egressSipCallId : this.#setup.attempt?.sipCallId;
  }

  /** By which network the egress leg leaves; undefined: it does not, yet. */
  get attemptPath(): Path | undefined {
    return this.#setup === undefined ? this.#legs?.leg("egress").path : this.#setup.attempt?.path;
  }

  /** Starts with the first candidate; ends at once when the offer can't be anchored or there is no candidate. */
  start(): void {
    this.#setup?.start();
  }

  /** Ends the call from outside: 480 in set-up unless the reason has a status code, BYE both ways afterwards. */
  hangUp(releasedBy: ReleasedBy, reason: Reason): void {
    if (this.#legs !== undefined) this.#legs.hangUp(releasedBy, reason);
    else this.#setup?.fail(failureFor(reason, releasedBy));
  }

  /** A private line is dead: set-up over it goes on at once elsewhere. A call that is answered is not touched. */
  onConnectionDown(connectionSid: string, text: string): void {
    if (!this.#isReleased) this.#setup?.onConnectionDown(connectionSid, text);
  }

  /** A fault of ours inside this call: it alone ends. */
  onFault(): void {
    this.hangUp("exchange", reasons.internalError);
  }

  abandon(): void {
    this.#setup?.abandon();
    this.#legs?.leg("ingress").close();
    this.#legs?.leg("egress").close();
    this.#media.close(nothing);
  }

  onRinging(): void {
    this.#user.onRinging(this);
  }

  onAttemptFailed(): void {
    this.#user.onAttemptFailed(this);
  }

  onCandidateSkipped(): void {
    this.#user.onCandidateSkipped(this);
  }

  onJoined(legs: JoinedLegs): void {
    this.#legs = legs;
  }

  onSetupFailed(release: Release): void {
    this.#released(release);
  }

  /** A request inside one of the dialogs. */
  onRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void {
    if (this.#legs !== undefined) this.#legs.onRequest(request, transaction, usage);
    else this.#setup?.onEarlyRequest(request, transaction, usage);
  }

  onAck(request: SipRequest, usage: InviteUsage): void {
    const legs = this.#legs;
    if (legs === undefined) return;
    const setup = usage === legs.leg("ingress") ? this.#setup : undefined;
    if (setup?.onAck(request, legs) !== true) legs.onAck(request, usage);
    if (setup !== undefined) this.#setup = undefined;
  }

  onNoAck(usage: InviteUsage): void {
    this.#legs?.onNoAck(usage);
  }

  onChanged(done: () => void): void {
    this.#user.onJournal(this, done);
  }

  mayOffer(): boolean {
    return this.#setup?.mayOffer() === true;
  }

  onRefer(refer: SipRequest, transaction: ServerTransaction, side: Side): void {
    this.#user.onRefer(this, refer, transaction, side);
  }

  onReleased(release: Release): void {
    this.#setup?.onLegsReleased(release);
    this.#released(release);
  }

  #released(release: Release): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    const { facts } = this;
    facts.releasedAtMs = this.time.wallMs();
    facts.releasedBy = release.releasedBy;
    facts.q850Cause = release.q850Cause;
    facts.reason = release.reason;
    this.#setup?.end();
    this.#media.close(() => {
      facts.fromIngress = this.#media.received("ingress");
      facts.fromEgress = this.#media.received("egress");
      facts.mediaEngine = this.#media.engine;
      this.#user.onReleased(this);
    });
  }
}

function nothing(): void {}
