import { Call, type CallPlan, type CallPorts, type CallUser, type ReleasedBy } from "@tandem/b2bua";
import type { LiveCall } from "@tandem/contracts";
import { type Reason, reasons } from "@tandem/reasons";
import type { InviteUas } from "@tandem/sip/user-agent";
import type { Ledger } from "../ledger/ledger.ts";
import type { Alerts } from "./alerts.ts";
import { type CallJournal, callJournal } from "./call-journal.ts";
import { type CallIdentity, callRecord, statusOf } from "./call-record.ts";
import type { GatewayCall, LiveCalls } from "./live-calls.ts";

export interface PlacedCallServices {
  readonly ports: CallPorts;
  readonly ledger: Ledger;
  readonly alerts: Alerts;
  readonly calls: LiveCalls;
}

/** A call that this process set up: the b2bua's call with its journal, its alerts and its record. */
export class PlacedCall implements GatewayCall, CallUser {
  readonly callSid: string;
  readonly trunkSid: string | null;
  readonly #services: PlacedCallServices;
  readonly #identity: CallIdentity;
  readonly #call: Call;

  constructor(services: PlacedCallServices, identity: CallIdentity, plan: CallPlan, invite: InviteUas) {
    this.#services = services;
    this.#identity = identity;
    this.callSid = plan.exchangeCallId;
    this.trunkSid = identity.trunkSid;
    this.#call = new Call(services.ports, plan, invite, this);
  }

  start(): void {
    this.#services.calls.add(this);
    this.#call.start();
  }

  hasSipCallId(callId: string): boolean {
    const { ingressSipCallId, egressSipCallId } = this.#call.facts;
    return callId === ingressSipCallId || callId === egressSipCallId;
  }

  describe(): LiveCall {
    const { facts } = this.#call;
    const { direction, accountSid, trunkSid, callingNumber, calledNumber } = this.#identity;
    return {
      sid: this.callSid,
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

  onRinging(): void {}

  onJournal(call: Call, done: () => void): void {
    const journal: CallJournal | undefined = callJournal(
      this.#identity,
      call,
      this.#services.ports.clock.wallMs(),
    );
    if (journal === undefined) done();
    else this.#services.ledger.journal(this.callSid, JSON.stringify(journal), done);
  }

  onAttemptFailed(call: Call): void {
    const attempt = call.facts.attempts[call.facts.attempts.length - 1];
    if (attempt === undefined) return;
    const outcome = attempt.statusCode === undefined ? attempt.reasonText : `${attempt.statusCode} ${attempt.reasonPhrase}`;
    const isCustomers = this.#identity.direction === "origination";
    this.#raise(
      isCustomers ? reasons.originationAttemptFailed : reasons.carrierAttemptFailed,
      `${attempt.url}: ${outcome}`,
    );
  }

  onReleased(call: Call): void {
    const { facts } = call;
    this.#services.ledger.finish(this.callSid, JSON.stringify(callRecord(this.#identity, facts)));
    if (facts.reason !== undefined && isAlertWorthy(facts.reason)) {
      this.#raise(facts.reason, facts.reasonText ?? facts.reason.text);
    }
    this.#services.calls.remove(this.callSid);
  }

  #raise(reason: Reason, text: string): void {
    const { accountSid, trunkSid } = this.#identity;
    this.#services.alerts.raise(reason, { accountSid, trunkSid, callSid: this.callSid, text });
  }
}

/** What the parties themselves did is no alert; the attempts behind a refusal have raised theirs. */
const unremarkable: ReadonlySet<Reason> = new Set([
  reasons.callerCanceled,
  reasons.calleeRefused,
  reasons.allCandidatesFailed,
  reasons.hungUpByOperator,
]);

function isAlertWorthy(reason: Reason): boolean {
  return !unremarkable.has(reason);
}
