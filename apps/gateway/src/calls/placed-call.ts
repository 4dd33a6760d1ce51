import type { CallPorts, CallUser, ReleasedBy, Side, SwitchedCall } from "@tandem/b2bua";
import type { LiveCall } from "@tandem/contracts";
import { type Reason, reasons } from "@tandem/reasons";
import type { SipRequest } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import type { Ledger } from "../ledger/ledger.ts";
import { guardedSdpRelay } from "../media/guarded-sdp-relay.ts";
import { CallQuality, type QualityFacts } from "../quality/call-quality.ts";
import type { OneWayAlerts } from "../quality/one-way-alerts.ts";
import type { TransferableCall } from "../transfer/transferable-call.ts";
import type { Alerts } from "./alerts.ts";
import { type CallJournal, callJournal } from "./call-journal.ts";
import { type CallIdentity, statusOf } from "./call-record.ts";
import { callKey, countedTrunk, finishCall } from "./finished-call.ts";
import { GuardedClock } from "./guarded-clock.ts";
import type { GatewayCall, LiveCalls } from "./live-calls.ts";
import { isSkipAlert } from "./skip-alerts.ts";

export interface PlacedCallServices {
  readonly ports: CallPorts;
  readonly ledger: Ledger;
  readonly alerts: Alerts;
  readonly oneWayAlerts: OneWayAlerts;
  readonly calls: LiveCalls;
  /** Told what a call threw; the call is ended by itself. */
  onFault(error: unknown, callSid: string): void;
  /** Answers a REFER of one side of an answered call. */
  onRefer(call: TransferableCall, refer: SipRequest, transaction: ServerTransaction, side: Side): void;
}

/** A call that this process set up, or a transfer made: the b2bua's call with its journal, its alerts and its record. */
export class PlacedCall implements GatewayCall, CallUser {
  readonly callSid: string;
  readonly trunkSid: string | null;
  readonly isLeg: boolean;
  readonly #services: PlacedCallServices;
  readonly #identity: CallIdentity;
  readonly #call: SwitchedCall;
  /** From the first look at its media on. */
  #quality: CallQuality | undefined;
  #isOver = false;

  /** @param make makes the call of the b2bua, which does not start yet */
  constructor(
    services: PlacedCallServices,
    identity: CallIdentity,
    exchangeCallId: string,
    make: (ports: CallPorts, user: CallUser) => SwitchedCall,
  ) {
    this.#services = services;
    this.#identity = identity;
    this.callSid = callKey(identity, exchangeCallId);
    this.trunkSid = countedTrunk(identity);
    this.isLeg = identity.leg !== undefined;
    const clock = new GuardedClock(services.ports.clock, (error) => this.fail(error));
    const { sdpRelay } = services.ports;
    const guarded = sdpRelay && guardedSdpRelay(sdpRelay, (error) => this.fail(error));
    this.#call = make({ ...services.ports, clock, sdpRelay: guarded }, this);
  }

  get transferable(): TransferableCall | undefined {
    const { legs, facts } = this.#call;
    return legs === undefined ? undefined : { identity: this.#identity, facts, legs };
  }

  start(): void {
    this.#services.calls.add(this);
    try {
      this.#call.start();
    } catch (error) {
      this.fail(error);
    }
  }

  lookAtMedia(nowMs: number): void {
    const { facts, media } = this.#call;
    if (this.#isOver || facts.answeredAtMs === undefined) return;
    try {
      this.#quality ??= this.#newQuality(facts.answeredAtMs, nowMs);
      const found = this.#quality.look(media, nowMs);
      if (found !== undefined) this.#services.oneWayAlerts.raise(this.#identity, this.callSid, found);
    } catch (error) {
      this.fail(error);
    }
  }

  hasSipCallId(callId: string): boolean {
    const { facts, attemptSipCallId } = this.#call;
    if (callId === facts.ingressSipCallId || callId === attemptSipCallId) return true;
    return facts.attempts.some(({ sipCallId }) => callId === sipCallId);
  }

  usesInterface(name: string): boolean {
    return this.#identity.ingressInterface === name || this.#call.attemptPath?.interfaceName === name;
  }

  onConnectionDown(connectionSid: string, text: string): void {
    try {
      this.#call.onConnectionDown(connectionSid, text);
    } catch (error) {
      this.fail(error);
    }
  }

  describe(): LiveCall {
    const { facts } = this.#call;
    const { direction, accountSid, trunkSid, callingNumber, calledNumber } = this.#identity;
    return {
      sid: facts.exchangeCallId,
      direction,
      accountSid,
      trunkSid,
      callingNumber,
      calledNumber,
      status: statusOf(facts),
      setupAtMs: facts.setupAtMs,
      answeredAtMs: facts.answeredAtMs ?? null,
    };
  }

  hangUp(releasedBy: ReleasedBy, reason: Reason): void {
    this.#call.hangUp(releasedBy, reason);
  }

  fail(error: unknown): void {
    this.#services.onFault(error, this.callSid);
    try {
      this.#call.onFault();
    } catch (second) {
      this.#services.onFault(second, this.callSid);
    }
    if (!this.#isOver) this.#abandon();
  }

  onRinging(): void {}

  onJournal(call: SwitchedCall, answer: () => void): void {
    const done = (): void => {
      try {
        answer();
      } catch (error) {
        this.fail(error);
      }
    };
    const journal: CallJournal | undefined = callJournal(this.#identity, call, call.time.wallMs());
    if (journal === undefined) done();
    else this.#services.ledger.journal(this.callSid, JSON.stringify(journal), done);
  }

  onAttemptFailed(call: SwitchedCall): void {
    const attempt = call.facts.attempts[call.facts.attempts.length - 1];
    if (attempt === undefined) return;
    const outcome =
      attempt.statusCode === undefined ? attempt.reasonText : `${attempt.statusCode} ${attempt.reasonPhrase}`;
    const isCustomers = this.#identity.direction === "origination";
    this.#raise(
      isCustomers ? reasons.originationAttemptFailed : reasons.carrierAttemptFailed,
      `${attempt.url}: ${outcome}`,
    );
  }

  onCandidateSkipped(call: SwitchedCall): void {
    const skipped = call.facts.attempts[call.facts.attempts.length - 1];
    const { reason, url, reasonText } = skipped ?? {};
    if (reason !== undefined && isSkipAlert(reason)) this.#raise(reason, `${url}: ${reasonText}`);
  }

  onRefer(call: SwitchedCall, refer: SipRequest, transaction: ServerTransaction, side: Side): void {
    const { legs, facts } = call;
    if (legs !== undefined) {
      this.#services.onRefer({ identity: this.#identity, facts, legs }, refer, transaction, side);
    }
  }

  onReleased(call: SwitchedCall): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { facts } = call;
    finishCall(this.#services, this.#identity, facts, this.#finishedQuality());
    if (facts.reason !== undefined && isAlertWorthy(facts.reason)) {
      this.#raise(facts.reason, facts.reasonText ?? facts.reason.text);
    }
    this.#services.calls.remove(this.callSid);
  }

  /** Undefined: nobody was heard, or nobody answered. Whatever becomes of it, the call gets its record. */
  #finishedQuality(): QualityFacts | undefined {
    const { facts, media } = this.#call;
    if (facts.answeredAtMs === undefined) return undefined;
    if (this.#quality === undefined && facts.fromIngress.packets + facts.fromEgress.packets === 0)
      return undefined;
    try {
      const nowMs = this.#services.ports.clock.monotonicMs();
      const quality = this.#quality ?? this.#newQuality(facts.answeredAtMs, nowMs);
      const found = quality.finish(media, nowMs);
      if (found !== undefined) this.#services.oneWayAlerts.raise(this.#identity, this.callSid, found);
      return quality.facts();
    } catch (error) {
      this.#services.onFault(error, this.callSid);
      return undefined;
    }
  }

  #newQuality(answeredAtMs: number, nowMs: number): CallQuality {
    return new CallQuality(nowMs - (this.#call.time.wallMs() - answeredAtMs), true);
  }

  /** It could not even be ended: the caller is told, the record says what is known, and the call is forgotten. */
  #abandon(): void {
    const { facts } = this.#call;
    facts.statusCode ??= 500;
    facts.releasedAtMs ??= this.#call.time.wallMs();
    facts.releasedBy ??= "exchange";
    facts.q850Cause ??= reasons.internalError.q850Cause;
    facts.reason ??= reasons.internalError;
    const { legs, media } = this.#call;
    const remains = [
      () => this.#call.abandon(),
      () => legs?.leg("ingress").close(),
      () => legs?.leg("egress").close(),
      () => media.close(() => undefined),
    ];
    for (const end of remains) {
      try {
        end();
      } catch (error) {
        this.#services.onFault(error, this.callSid);
      }
    }
    this.onReleased(this.#call);
  }

  /** Of an attempt for a sister that one tells: the failover is its, and so are the alerts. */
  #raise(reason: Reason, text: string): void {
    if (this.isLeg) return;
    const { accountSid, trunkSid } = this.#identity;
    this.#services.alerts.raise(reason, { accountSid, trunkSid, callSid: this.callSid, text });
  }
}

/** What the parties themselves did is no alert; the attempts behind a refusal have raised theirs. */
const unremarkable: ReadonlySet<Reason> = new Set([
  reasons.callerCanceled,
  reasons.invitationExpired,
  reasons.calleeRefused,
  reasons.allCandidatesFailed,
  reasons.hungUpByOperator,
]);

function isAlertWorthy(reason: Reason): boolean {
  return !unremarkable.has(reason);
}
