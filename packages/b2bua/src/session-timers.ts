import type { Clock } from "@tandem/clock";
import type { HeaderFields, Message, SipRequest, SipResponse } from "@tandem/sip/message";
import type { InviteUsage } from "@tandem/sip/user-agent";
import type { CallMedia } from "./call-media.ts";
import type { Side } from "./media-anchor.ts";
import {
  agreementFor,
  agreementIn,
  allowsUpdate,
  isTooSmall,
  minSeIn,
  type SessionPolicy,
} from "./session-interval.ts";
import { SessionRefresh, type SessionRefreshHost } from "./session-refresh.ts";
import { SessionTimer, type SessionTimerJournal, type SessionTimerUser } from "./session-timer.ts";

export interface SessionTimersUser {
  readonly media: CallMedia;
  readonly random: () => number;
  leg(side: Side): InviteUsage;
  /** No re-INVITE of ours may go to that side now (RFC 3261 §14.1). */
  isBusy(side: Side): boolean;
  onRefreshed(): void;
  onPeerLost(): void;
  /** A side was not refreshed in time. */
  onSessionExpired(): void;
}

/** A refresh that finds its leg busy waits so long. */
const busyDelayMs = 2000;

/** The session timers of both legs of a call, each negotiated and refreshed on its own (RFC 4028). */
export class SessionTimers implements SessionTimerUser, SessionRefreshHost {
  readonly policy: SessionPolicy;
  readonly #clock: Clock;
  readonly #user: SessionTimersUser;
  #isStarted = false;
  #ingress: SessionTimer | undefined;
  #egress: SessionTimer | undefined;
  #ingressRefresh: SessionRefresh | undefined;
  #egressRefresh: SessionRefresh | undefined;

  constructor(clock: Clock, policy: SessionPolicy, user: SessionTimersUser) {
    this.#clock = clock;
    this.policy = policy;
    this.#user = user;
  }

  get media(): CallMedia {
    return this.#user.media;
  }

  get random(): () => number {
    return this.#user.random;
  }

  leg(side: Side): InviteUsage {
    return this.#user.leg(side);
  }

  /** The call is answered: before, no session is refreshed, nor is one agreed on (RFC 4028 §4). */
  start(): void {
    this.#isStarted = true;
  }

  /** Whether a leg has a session timer. */
  get isAny(): boolean {
    return this.#ingress?.agreement !== undefined || this.#egress?.agreement !== undefined;
  }

  /** 422 has to be the answer: the interval is below our Min-SE. */
  refuses(request: SipRequest): boolean {
    return this.#isStarted && isTooSmall(request, this.policy);
  }

  /** A request of a side that gets a 2xx: INVITE, re-INVITE or UPDATE. */
  accept(side: Side, request: SipRequest): void {
    if (!this.#isStarted) return;
    let timer = this.#of(side);
    if (timer === undefined && agreementFor(request, this.policy, false) === undefined) return;
    timer ??= this.#open(side);
    this.#learn(timer, request);
    timer.accept(request);
  }

  fillAnswer(side: Side, fields: HeaderFields): void {
    this.#of(side)?.fillAnswer(fields);
  }

  fillRequest(side: Side, fields: HeaderFields): void {
    this.#of(side)?.fillRequest(fields);
  }

  /** A side answered our INVITE, re-INVITE or UPDATE with 2xx. */
  onSuccess(side: Side, response: SipResponse): void {
    if (!this.#isStarted) return;
    let timer = this.#of(side);
    if (timer === undefined && agreementIn(response) === undefined) return;
    timer ??= this.#open(side);
    this.#learn(timer, response);
    timer.onSuccess(response);
  }

  /** A side refused an interval of ours in a request that was carried: the next one asks for more. */
  onTooSmall(side: Side, response: SipResponse): void {
    this.#of(side)?.raise(minSeIn(response) ?? 0);
  }

  /** A re-INVITE of ours is on its way to that side: one of its own gets 491 (RFC 3261 §14.2). */
  isInviting(side: Side): boolean {
    const refresh = side === "ingress" ? this.#ingressRefresh : this.#egressRefresh;
    return refresh?.isInvite === true;
  }

  stop(): void {
    this.#ingress?.stop();
    this.#egress?.stop();
    this.#ingressRefresh?.end();
    this.#egressRefresh?.end();
  }

  toJournal(side: Side): SessionTimerJournal | undefined {
    return this.#of(side)?.toJournal();
  }

  adopt(side: Side, journal: SessionTimerJournal): void {
    this.#open(side).adopt(journal, this.#user.random());
  }

  onRefreshDue(timer: SessionTimer): void {
    const side: Side = timer === this.#ingress ? "ingress" : "egress";
    const refresh = new SessionRefresh(this, side, timer);
    if (refresh.isInvite && this.#user.isBusy(side)) {
      timer.retry(busyDelayMs);
      return;
    }
    // Without a description that the peer knows only UPDATE could refresh: the session runs out, as it must.
    if (refresh.isInvite && this.#user.media.shownTo(side) === "") return;
    if (side === "ingress") this.#ingressRefresh = refresh;
    else this.#egressRefresh = refresh;
    refresh.send();
  }

  onSessionExpired(): void {
    this.#user.onSessionExpired();
  }

  onRefreshEnded(side: Side): void {
    if (side === "ingress") this.#ingressRefresh = undefined;
    else this.#egressRefresh = undefined;
  }

  onRefreshed(): void {
    this.#user.onRefreshed();
  }

  onPeerLost(): void {
    this.#user.onPeerLost();
  }

  /** Allow may be left out later: then what was said before holds. */
  #learn(timer: SessionTimer, message: Message): void {
    if (message.has("Allow")) timer.allowsUpdate = allowsUpdate(message);
  }

  #of(side: Side): SessionTimer | undefined {
    return side === "ingress" ? this.#ingress : this.#egress;
  }

  #open(side: Side): SessionTimer {
    const timer = new SessionTimer(this.#clock, this.policy, this);
    if (side === "ingress") this.#ingress = timer;
    else this.#egress = timer;
    return timer;
  }
}
