import type { CallMedia, CallPorts } from "@tandem/b2bua";
import {
  adoptMedia,
  JoinedLegs,
  type JoinedLegsUser,
  type Release,
  type ReleasedBy,
  type SessionPolicy,
  type Side,
} from "@tandem/b2bua";
import { SteadyTime } from "@tandem/clock";
import type { LiveCall, OneWayAudio } from "@tandem/contracts";
import { type Reason, reasons } from "@tandem/reasons";
import { Dialog } from "@tandem/sip/dialog";
import type { SipRequest } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import { InviteUsage, type InviteUsageUser } from "@tandem/sip/user-agent";
import type { Ledger } from "../ledger/ledger.ts";
import { guardedSdpRelay } from "../media/guarded-sdp-relay.ts";
import { CallQuality } from "../quality/call-quality.ts";
import type { OneWayAlerts } from "../quality/one-way-alerts.ts";
import type { TransferableCall } from "../transfer/transferable-call.ts";
import { type CallJournal, type LegJournal, legJournal } from "./call-journal.ts";
import { statusOf } from "./call-record.ts";
import { callKey, countedTrunk, finishCall } from "./finished-call.ts";
import { GuardedClock } from "./guarded-clock.ts";
import type { GatewayCall, LiveCalls } from "./live-calls.ts";

export interface AdoptionServices {
  readonly ports: CallPorts;
  readonly ledger: Ledger;
  readonly calls: LiveCalls;
  readonly sessionPolicy: SessionPolicy;
  readonly oneWayAlerts: OneWayAlerts;
  /** Answers a REFER of one side. */
  onRefer(call: TransferableCall, refer: SipRequest, transaction: ServerTransaction, side: Side): void;
  /** Told what a call threw; the call is ended by itself. */
  onFault(error: unknown, callSid: string): void;
}

/**
 * An answered call of an earlier life of this gateway. Its dialogs go on with sequence numbers well above the old
 * ones, so that nothing the dead process sent can be ahead of us; its media goes on at the same ports.
 */
export class AdoptedCall implements GatewayCall, InviteUsageUser, JoinedLegsUser {
  readonly callSid: string;
  readonly trunkSid: string | null;
  readonly isLeg: boolean;
  readonly #services: AdoptionServices;
  readonly #journal: CallJournal;
  readonly #media: CallMedia;
  readonly #legs: JoinedLegs;
  readonly #quality: CallQuality;
  readonly #time: SteadyTime;
  #isOver = false;

  private constructor(services: AdoptionServices, journal: CallJournal, media: CallMedia) {
    this.#services = services;
    this.#journal = journal;
    this.#media = media;
    const { exchangeCallId } = journal.facts;
    this.callSid = callKey(journal.identity, exchangeCallId);
    this.trunkSid = countedTrunk(journal.identity);
    this.isLeg = journal.identity.leg !== undefined;
    journal.facts.adopted = true;
    const { agent, clock, random } = services.ports;
    const answeredAtMs = journal.facts.answeredAtMs ?? clock.wallMs();
    // Only the wall clock is the same in both lives; set back meanwhile, it says that the call has not begun.
    const elapsedMs = Math.max(0, clock.wallMs() - answeredAtMs);
    this.#time = new SteadyTime(clock, answeredAtMs + elapsedMs);
    this.#quality = new CallQuality(clock.monotonicMs() - elapsedMs, false);
    this.#legs = new JoinedLegs({
      agent,
      clock: new GuardedClock(clock, (error) => this.fail(error)),
      random,
      ingress: this.#usage(journal.ingress),
      egress: this.#usage(journal.egress),
      media,
      maximumDurationMs: Math.max(0, journal.maximumDurationMs - elapsedMs),
      mediaInactivityMs: journal.mediaInactivityMs,
      sessionPolicy: services.sessionPolicy,
      callSidHeaderField: { name: journal.callSidHeaderField, value: exchangeCallId },
      user: this,
    });
    this.#legs.confirm();
    for (const side of ["ingress", "egress"] as const) {
      const { session } = journal[side];
      if (session !== undefined) this.#legs.sessions.adopt(side, session);
    }
  }

  /**
   * Goes on with the call; undefined when its media ports could not be had again.
   * @throws Error when the journal is not what it should be; nothing is left of the attempt then
   */
  static adopt(services: AdoptionServices, journal: CallJournal): AdoptedCall | undefined {
    const { exchangeCallId: key } = journal.facts;
    const { mediaInactivityMs } = journal;
    let call: AdoptedCall | undefined;
    const fail = (error: unknown): void => call?.fail(error);
    const { relay, sdpRelay, clock } = services.ports;
    const ports = {
      relay,
      sdpRelay: sdpRelay && guardedSdpRelay(sdpRelay, fail),
      clock: new GuardedClock(clock, fail),
    };
    const media = adoptMedia(ports, { key, mediaInactivityMs }, journal.media);
    if (media === undefined) return undefined;
    try {
      call = new AdoptedCall(services, journal, media);
      services.calls.add(call);
      return call;
    } catch (error) {
      media.close(() => undefined);
      throw error;
    }
  }

  lookAtMedia(nowMs: number): void {
    if (this.#isOver) return;
    try {
      this.#tell(this.#quality.look(this.#media, nowMs));
    } catch (error) {
      this.fail(error);
    }
  }

  hasSipCallId(callId: string): boolean {
    const { ingressSipCallId, egressSipCallId } = this.#journal.facts;
    return callId === ingressSipCallId || callId === egressSipCallId;
  }

  usesInterface(name: string): boolean {
    const { ingress, egress } = this.#journal;
    return ingress.interfaceName === name || egress.interfaceName === name;
  }

  onConnectionDown(): void {}

  describe(): LiveCall {
    const { identity, facts } = this.#journal;
    return {
      sid: facts.exchangeCallId,
      direction: identity.direction,
      accountSid: identity.accountSid,
      trunkSid: identity.trunkSid,
      callingNumber: identity.callingNumber,
      calledNumber: identity.calledNumber,
      status: statusOf(facts),
      setupAtMs: facts.setupAtMs,
      answeredAtMs: facts.answeredAtMs ?? null,
    };
  }

  hangUp(releasedBy: ReleasedBy, reason: Reason): void {
    this.#legs.hangUp(releasedBy, reason);
  }

  fail(error: unknown): void {
    this.#services.onFault(error, this.callSid);
    try {
      this.#legs.hangUp("exchange", reasons.internalError);
    } catch (second) {
      this.#services.onFault(second, this.callSid);
    }
    const reason = reasons.internalError;
    this.onReleased({ releasedBy: "exchange", q850Cause: reason.q850Cause ?? 41, reason });
  }

  onRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void {
    this.#legs.onRequest(request, transaction, usage);
  }

  onAck(request: SipRequest, usage: InviteUsage): void {
    this.#legs.onAck(request, usage);
  }

  onNoAck(usage: InviteUsage): void {
    this.#legs.onNoAck(usage);
  }

  onChanged(answer: () => void): void {
    const done = (): void => {
      try {
        answer();
      } catch (error) {
        this.fail(error);
      }
    };
    const media = this.#media.toJournal(this.#legs.sessions.isAny);
    if (media === undefined) {
      done();
      return;
    }
    const journal: CallJournal = {
      ...this.#journal,
      ingress: legJournal(this.#legs, "ingress"),
      egress: legJournal(this.#legs, "egress"),
      media,
    };
    this.#services.ledger.journal(this.callSid, JSON.stringify(journal), done);
  }

  get transferable(): TransferableCall {
    const { identity, facts } = this.#journal;
    return { identity, facts, legs: this.#legs };
  }

  onRefer(refer: SipRequest, transaction: ServerTransaction, side: Side): void {
    this.#services.onRefer(this.transferable, refer, transaction, side);
  }

  /** An adopted call is answered. */
  mayOffer(): boolean {
    return true;
  }

  onReleased(release: Release): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { facts, identity } = this.#journal;
    facts.releasedAtMs = this.#time.wallMs();
    facts.releasedBy = release.releasedBy;
    facts.q850Cause = release.q850Cause;
    facts.reason = release.reason;
    facts.statusCode = 200;
    this.#closeMedia(() => {
      finishCall(this.#services, identity, facts, this.#quality.facts());
      this.#services.calls.remove(this.callSid);
    });
  }

  /** Whatever becomes of the media, the call gets its record. */
  #closeMedia(done: () => void): void {
    const media = this.#media;
    try {
      media.close(() => {
        this.#readCounts();
        done();
      });
    } catch (error) {
      this.#services.onFault(error, this.callSid);
      done();
    }
  }

  #readCounts(): void {
    const { facts } = this.#journal;
    try {
      facts.fromIngress = this.#media.received("ingress");
      facts.fromEgress = this.#media.received("egress");
      facts.mediaEngine = this.#media.engine;
      this.#tell(this.#quality.finish(this.#media, this.#services.ports.clock.monotonicMs()));
    } catch (error) {
      this.#services.onFault(error, this.callSid);
    }
  }

  #tell(found: OneWayAudio | undefined): void {
    if (found !== undefined) this.#services.oneWayAlerts.raise(this.#journal.identity, this.callSid, found);
  }

  #usage(leg: LegJournal): InviteUsage {
    const dialog = Dialog.fromJournal(leg.dialog);
    dialog.state = "confirmed";
    const path = { interfaceName: leg.interfaceName, connection: leg.connection ?? undefined };
    return new InviteUsage(this.#services.ports.agent, dialog, path, this);
  }
}
