import { type Reason, reasons } from "@tandem/reasons";
import { HeaderFields, type SipRequest, type SipResponse } from "@tandem/sip/message";
import type { ServerTransaction } from "@tandem/sip/transaction";
import {
  type InviteResponse,
  type InviteUas,
  type InviteUasUser,
  type InviteUsage,
  type InviteUsageUser,
  newTag,
} from "@tandem/sip/user-agent";
import { AttemptLog } from "./attempt-log.ts";
import type { CallFacts, ReleasedBy } from "./call-facts.ts";
import type { CallPlan, CallPorts } from "./call-plan.ts";
import { q850CauseOf, q850Reason } from "./cause-mapping.ts";
import { type AttemptOutcome, EgressAttempt, type EgressAttemptUser } from "./egress-attempt.ts";
import { copyPassing } from "./header-policy.ts";
import { JoinedLegs, type JoinedLegsUser, type Release } from "./joined-legs.ts";
import { MediaAnchor } from "./media-anchor.ts";
import { chooseResponse, type FinalResponse } from "./response-choice.ts";

/** What a call tells the program that runs it. */
export interface CallUser {
  /** A 18x was passed on. */
  onRinging(call: Call): void;
  /** Both legs are known: write the journal, then call `done`; the 200 goes out then. Again at each target refresh. */
  onJournal(call: Call, done: () => void): void;
  /** An attempt failed: its facts are the last of `call.facts.attempts`. */
  onAttemptFailed(call: Call): void;
  /** The call is over, its facts are complete, nothing of it is left. Called once. */
  onReleased(call: Call): void;
}

/**
 * One call from the first attempt to its end.
 *
 *   trying ──attempt answers──▶ answering (journal) ──200 sent──▶ answered ──BYE …──▶ released
 *   trying ──no candidate left, stop, CANCEL──▶ released
 *   answering ──CANCEL, BYE of the callee──▶ released
 */
export class Call
  implements InviteUasUser, InviteUsageUser, EgressAttemptUser, JoinedLegsUser
{
  readonly plan: CallPlan;
  readonly invite: InviteUas;
  readonly facts: CallFacts;
  readonly #ports: CallPorts;
  readonly #user: CallUser;
  readonly #anchor: MediaAnchor;
  readonly #log: AttemptLog;
  readonly #responses: FinalResponse[] = [];
  readonly #startedMs: number;
  #state: "trying" | "answering" | "answered" | "released" = "trying";
  #candidateIndex = 0;
  #attempt: EgressAttempt | undefined;
  #hasTimedOut = false;
  #hasAlerted = false;
  /** To tags towards the caller, by attempt and To tag of the callee: each is an early dialog of its own. */
  #earlyTags: { readonly attempt: EgressAttempt; readonly remoteTag: string; readonly localTag: string }[] = [];
  #lastEarlyAnswer = "";
  #legs: JoinedLegs | undefined;
  /** CSeq of the egress INVITE whose ACK waits for the caller's late answer. */
  #lateSequenceNumber: number | undefined;

  constructor(ports: CallPorts, plan: CallPlan, invite: InviteUas, user: CallUser) {
    this.#ports = ports;
    this.plan = plan;
    this.invite = invite;
    this.#user = user;
    this.#anchor = new MediaAnchor(ports.relay, plan.ingressMedia);
    this.#startedMs = ports.clock.monotonicMs();
    this.facts = newFacts(plan.exchangeCallId, ports.clock.wallMs(), invite.request.callId);
    this.#log = new AttemptLog(ports.clock, this.facts.attempts);
    invite.setUser(this);
  }

  get state(): "trying" | "answering" | "answered" | "released" {
    return this.#state;
  }

  get legs(): JoinedLegs | undefined {
    return this.#legs;
  }

  get anchor(): MediaAnchor {
    return this.#anchor;
  }

  get hasAlerted(): boolean {
    return this.#hasAlerted;
  }

  /** Starts with the first candidate; ends at once when the offer can't be anchored or there is no candidate. */
  start(): void {
    for (const skipped of this.plan.skipped) this.#log.skipped(skipped);
    this.#next();
  }

  /** Ends the call from outside: 480 in set-up, BYE both ways afterwards. */
  hangUp(releasedBy: ReleasedBy, reason: Reason): void {
    if (this.#legs !== undefined) this.#legs.hangUp(releasedBy, reason);
    else this.#fail(reason.statusCode ?? 480, reason.reasonPhrase, [], releasedBy, reason);
  }

  /** A fault of ours inside this call: it alone ends. */
  onFault(): void {
    this.hangUp("exchange", reasons.internalError);
  }

  onProvisional(response: SipResponse, attempt: EgressAttempt): void {
    if (this.#state !== "trying" || attempt !== this.#attempt) return;
    this.#log.progressed(response.statusCode);
    const tag = this.#earlyTag(attempt, response.toTag);
    const body = this.#earlyBody(response);
    if (response.statusCode === 180 || response.statusCode === 183) this.#hasAlerted = true;
    if (this.facts.postDialDelayMs === undefined) this.#notePostDialDelay();
    this.invite.provisional(response.statusCode, tag, this.#passOn(response, body));
    this.#user.onRinging(this);
  }

  onAnswer(response: SipResponse, usage: InviteUsage, attempt: EgressAttempt): void {
    const answer = this.#anchorAnswer(response, usage);
    const tag = this.#earlyTag(attempt, response.toTag);
    const ingress = answer === undefined ? undefined : this.invite.accept(tag, this);
    if (answer === undefined || ingress === undefined) {
      this.#abortAnswer(usage, answer === undefined);
      return;
    }
    this.#state = "answering";
    this.#log.answered(attempt);
    this.facts.egressSipCallId = attempt.sipCallId;
    this.facts.carrierSid = attempt.candidate.carrierSid;
    this.#legs = this.#join(ingress, usage);
    this.#user.onJournal(this, () => this.#sendAnswer(ingress, response, answer));
  }

  onEnded(outcome: AttemptOutcome, attempt: EgressAttempt): void {
    if (attempt !== this.#attempt || this.#state !== "trying") return;
    this.#log.failed(attempt, outcome);
    if (outcome.result.kind === "timeout") this.#hasTimedOut = true;
    if (outcome.response !== undefined) this.#responses.push(finalResponse(outcome.response));
    this.#user.onAttemptFailed(this);
    if (outcome.verdict === "next") this.#next();
    else this.#stop(outcome);
  }

  onCancelled(how: "cancel" | "bye" | "transport"): void {
    if (this.#state === "released") return;
    const fields = new HeaderFields();
    fields.append("Reason", how === "cancel" ? 'SIP;cause=487;text="Canceled by the caller"' : q850Reason(16));
    this.#attempt?.abandon(fields);
    this.#log.abandoned(this.#attempt, reasons.callerCanceled);
    this.facts.statusCode = 487;
    if (this.#legs === undefined) {
      this.#released({ releasedBy: "caller", q850Cause: 16, reason: reasons.callerCanceled });
    } else {
      this.#legs.release({ releasedBy: "caller", q850Cause: 16, reason: reasons.callerCanceled }, "ingress");
    }
  }

  /** A request inside one of the dialogs: before the legs are joined there is nothing but a BYE of a forked callee. */
  onRequest(request: SipRequest, transaction: ServerTransaction, usage: InviteUsage): void {
    if (this.#legs !== undefined) this.#legs.onRequest(request, transaction, usage);
    else transaction.respond(this.#ports.agent.response(request, transaction.flow, 481));
  }

  onAck(request: SipRequest, usage: InviteUsage): void {
    const sequenceNumber = this.#lateSequenceNumber;
    if (sequenceNumber === undefined) {
      this.#legs?.onAck(request, usage);
      return;
    }
    this.#lateSequenceNumber = undefined;
    const anchored = this.#anchor.answer("ingress", request.body, true);
    const egress = this.#legs?.leg("egress");
    if (anchored.ok) {
      egress?.acknowledge(sequenceNumber, { body: anchored.text, contentType: "application/sdp" });
      return;
    }
    egress?.acknowledge(sequenceNumber);
    this.#legs?.hangUp("exchange", anchored.reason);
  }

  onNoAck(usage: InviteUsage): void {
    if (this.#lateSequenceNumber !== undefined) this.#legs?.leg("egress").acknowledge(this.#lateSequenceNumber);
    this.#legs?.onNoAck(usage);
  }

  onChanged(done: () => void): void {
    this.#user.onJournal(this, done);
  }

  onReleased(release: Release): void {
    // The callee hung up while the journal was being written: the caller still waits for a final response.
    if (this.invite.state === "proceeding") this.invite.reject(480);
    this.#released(release);
  }

  #next(): void {
    const candidate = this.plan.candidates[this.#candidateIndex];
    this.#candidateIndex += 1;
    if (candidate === undefined) {
      this.#giveUp();
      return;
    }
    const body = this.#offerFor(candidate.media);
    if (body === undefined) return;
    this.#attempt = new EgressAttempt({
      ports: this.#ports,
      candidate,
      direction: this.plan.direction,
      maxForwards: this.plan.maxForwards,
      body,
      contentType: "application/sdp",
      user: this,
      usageUser: this,
    });
    this.#log.started(candidate);
    this.#attempt.start();
  }

  /** The anchored offer for the next attempt, "" for a late offer; undefined when the call ended over it. */
  #offerFor(media: CallPlan["candidates"][number]["media"]): string | undefined {
    const failure = this.#anchor.useEgress({ ...media, signalingAddress: undefined });
    if (failure !== undefined) {
      this.#failWith(failure);
      return undefined;
    }
    const { request } = this.invite;
    if (request.body === "") return "";
    const again = this.#anchor.offerAgain();
    if (again !== undefined) return again;
    if (request.contentType() !== "application/sdp") {
      this.#failWith(reasons.unsupportedMediaType);
      return undefined;
    }
    const anchored = this.#anchor.offer("ingress", request.body);
    if (anchored.ok) return anchored.text;
    this.#failWith(anchored.reason, anchored.text);
    return undefined;
  }

  /** Every candidate was tried: the best response of all goes to the caller. */
  #giveUp(): void {
    if (this.plan.candidates.length === 0) {
      this.#failWith(this.plan.direction === "origination" ? reasons.noOriginationUrl : reasons.noCandidates);
      return;
    }
    const chosen = chooseResponse(this.#responses, this.#hasTimedOut);
    this.#fail(chosen.statusCode, chosen.reasonPhrase, chosen.reasonValues, "exchange", reasons.allCandidatesFailed);
  }

  #stop(outcome: AttemptOutcome): void {
    const responses = outcome.response === undefined ? [] : [finalResponse(outcome.response)];
    const chosen = chooseResponse(responses, outcome.result.kind === "timeout");
    const isCallee = outcome.response !== undefined;
    this.#fail(
      chosen.statusCode,
      chosen.reasonPhrase,
      chosen.reasonValues,
      isCallee ? "callee" : "exchange",
      isCallee ? reasons.calleeRefused : reasons.attemptTimeoutRing,
    );
  }

  #failWith(reason: Reason, text?: string): void {
    this.facts.reasonText = text;
    this.#fail(reason.statusCode ?? 500, reason.reasonPhrase, [], "exchange", reason);
  }

  #fail(
    statusCode: number,
    reasonPhrase: string,
    reasonValues: readonly string[],
    releasedBy: ReleasedBy,
    reason: Reason,
  ): void {
    if (this.#state === "released") return;
    const q850Cause = reason.q850Cause ?? q850CauseOf(statusCode);
    const headerFields = new HeaderFields();
    for (const value of reasonValues) headerFields.append("Reason", value);
    if (reasonValues.length === 0) headerFields.append("Reason", q850Reason(q850Cause));
    if (reason.statusCode === statusCode && releasedBy === "exchange") {
      headerFields.append("Warning", `399 tandem "${reason.code} ${reason.name}"`);
    }
    this.#attempt?.abandon();
    this.invite.reject(statusCode, { reasonPhrase, headerFields });
    this.facts.statusCode = statusCode;
    this.#released({ releasedBy, q850Cause, reason });
  }

  #released(release: Release): void {
    if (this.#state === "released") return;
    this.#state = "released";
    const { facts } = this;
    facts.releasedAtMs = this.#ports.clock.wallMs();
    facts.releasedBy = release.releasedBy;
    facts.q850Cause = release.q850Cause;
    facts.reason = release.reason;
    facts.fromIngress = this.#anchor.received("ingress");
    facts.fromEgress = this.#anchor.received("egress");
    this.#anchor.close();
    this.#user.onReleased(this);
  }

  #join(ingress: InviteUsage, egress: InviteUsage): JoinedLegs {
    return new JoinedLegs({
      agent: this.#ports.agent,
      clock: this.#ports.clock,
      random: this.#ports.random,
      ingress,
      egress,
      anchor: this.#anchor,
      maximumDurationMs: this.plan.maximumDurationMs,
      mediaInactivityMs: this.plan.mediaInactivityMs,
      callSidHeaderField: { name: this.plan.callSidHeaderField, value: this.plan.exchangeCallId },
      user: this,
    });
  }

  #sendAnswer(ingress: InviteUsage, response: SipResponse, body: string): void {
    if (this.#state !== "answering") return;
    this.#state = "answered";
    this.facts.answeredAtMs = this.#ports.clock.wallMs();
    this.facts.statusCode = 200;
    if (this.facts.postDialDelayMs === undefined) this.#notePostDialDelay();
    this.invite.answer(ingress, this.#passOn(response, body));
  }

  /** The body for the caller's 200; undefined when the callee's can't be used. Acknowledges unless the answer is late. */
  #anchorAnswer(response: SipResponse, usage: InviteUsage): string | undefined {
    if (this.invite.request.body === "") {
      const anchored = this.#anchor.offer("egress", response.body);
      if (!anchored.ok) {
        usage.acknowledge(response.cseqNumber);
        return undefined;
      }
      this.#lateSequenceNumber = response.cseqNumber;
      return anchored.text;
    }
    usage.acknowledge(response.cseqNumber);
    // Some peers put the answer into the 183 only: what was shown to the caller then still holds.
    if (response.body === "" && this.#lastEarlyAnswer !== "") return this.#lastEarlyAnswer;
    const anchored = this.#anchor.answer("egress", response.body, true);
    return anchored.ok ? anchored.text : undefined;
  }

  /** A 2xx that can't be joined to the caller: the callee must not stay answered. */
  #abortAnswer(usage: InviteUsage, isBadAnswer: boolean): void {
    if (this.#lateSequenceNumber !== undefined) usage.acknowledge(this.#lateSequenceNumber);
    this.#lateSequenceNumber = undefined;
    const fields = new HeaderFields();
    fields.append("Reason", q850Reason(isBadAnswer ? 65 : 16));
    usage.bye(fields);
    if (isBadAnswer) this.#failWith(reasons.badSdp);
    else this.#failWith(reasons.internalError);
  }

  #earlyBody(response: SipResponse): string {
    if (response.body === "" || this.invite.request.body === "") return "";
    const anchored = this.#anchor.answer("egress", response.body, false);
    if (!anchored.ok) return "";
    this.#lastEarlyAnswer = anchored.text;
    return anchored.text;
  }

  #earlyTag(attempt: EgressAttempt, remoteTag: string): string {
    const known = this.#earlyTags.find((tag) => tag.attempt === attempt && tag.remoteTag === remoteTag);
    if (known !== undefined) return known.localTag;
    const localTag = newTag();
    this.#earlyTags.push({ attempt, remoteTag, localTag });
    return localTag;
  }

  #passOn(response: SipResponse, body: string): InviteResponse {
    const headerFields = new HeaderFields();
    copyPassing(response, headerFields);
    return { reasonPhrase: response.reasonPhrase, headerFields, body };
  }

  #notePostDialDelay(): void {
    this.facts.postDialDelayMs = this.#ports.clock.monotonicMs() - this.#startedMs;
  }
}

function finalResponse(response: SipResponse): FinalResponse {
  return {
    statusCode: response.statusCode,
    reasonPhrase: response.reasonPhrase,
    reasonValues: response.values("Reason"),
  };
}

function newFacts(exchangeCallId: string, setupAtMs: number, ingressSipCallId: string): CallFacts {
  const nothing = { packets: 0, bytes: 0, lost: 0, jitterMs: 0 };
  return {
    exchangeCallId,
    setupAtMs,
    answeredAtMs: undefined,
    releasedAtMs: undefined,
    postDialDelayMs: undefined,
    releasedBy: undefined,
    statusCode: undefined,
    q850Cause: undefined,
    reason: undefined,
    reasonText: undefined,
    ingressSipCallId,
    egressSipCallId: undefined,
    carrierSid: undefined,
    attempts: [],
    fromIngress: nothing,
    fromEgress: nothing,
    adopted: false,
  };
}
