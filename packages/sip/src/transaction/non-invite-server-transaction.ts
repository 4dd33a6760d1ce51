import type { Timer } from "@tandem/clock";
import { createResponse, type OutgoingResponse } from "../message/index.ts";
import type { SendFailure } from "../transport/target.ts";
import {
  type NonInviteServerAction,
  type NonInviteServerEvent,
  type NonInviteServerState,
  step,
} from "./non-invite-server-machine.ts";
import { ServerTransaction, type WrittenResponse, write } from "./server-transaction.ts";
import { sourceOf } from "./stateless-response.ts";
import { giveUpMs, timerEAtT2Ms } from "./transaction-timers.ts";

/** Performs what `non-invite-server-machine.ts` decides. */
export class NonInviteServerTransaction extends ServerTransaction {
  #state: NonInviteServerState = "trying";
  #startMs = 0;
  #tryingTimer: Timer | undefined = undefined;
  #gaveUpTimer: Timer | undefined = undefined;
  #timerJ: Timer | undefined = undefined;

  get state(): NonInviteServerState {
    return this.#state;
  }

  get isFinal(): boolean {
    return this.#state === "completed" || this.#state === "terminated";
  }

  /** Called once the TU has the request. Most have their final response by then and need no timers. */
  wait(): void {
    if (this.isFinal) return;
    const { clock, timers } = this.host;
    this.#startMs = clock.monotonicMs();
    this.#tryingTimer = clock.schedule(timerEAtT2Ms(timers), onTimerEAtT2, this);
    this.#gaveUpTimer = clock.schedule(giveUpMs(timers), onClientGaveUp, this);
  }

  respond(response: OutgoingResponse): void {
    const { statusCode } = response;
    const written = write(response);
    // A 408 is not sent (RFC 4320 §4.2), and a 100 before it is not to be repeated any more.
    if (statusCode === 408 && !this.isFinal) this.text = "";
    this.#handle({ kind: "response", statusCode, mayTry: this.#mayTry() }, written);
  }

  absorb(): void {
    this.#handle(requestAgain);
  }

  transportFailed(failure: SendFailure): void {
    this.#handle(transportError, undefined, failure);
  }

  terminate(): void {
    if (this.#state !== "terminated") this.#enter("terminated");
  }

  expire(event: NonInviteServerEvent): void {
    this.#handle(event);
  }

  /** RFC 4320 §4.1: over UDP a 100 before the client's timer E is at T2 would only slow its retransmissions down. */
  #mayTry(): boolean {
    if (this.flow.isReliable) return true;
    const { clock, timers } = this.host;
    return this.#tryingTimer !== undefined && clock.monotonicMs() - this.#startMs >= timerEAtT2Ms(timers);
  }

  #handle(event: NonInviteServerEvent, written?: WrittenResponse, failure?: SendFailure): void {
    const { state, actions } = step(this.#state, event);
    const isEntered = state !== this.#state;
    if (isEntered) this.#enter(state);
    try {
      for (const action of actions) this.#perform(action, written, failure);
    } finally {
      // Timer J is zero on reliable transports: nothing comes twice there.
      if (this.#state === "completed" && this.flow.isReliable) this.#handle(timerJ);
      if (isEntered && state === "terminated") this.onTerminated?.(this);
    }
  }

  /** Leaving a state ends what belongs to it. */
  #enter(state: NonInviteServerState): void {
    this.#state = state;
    this.#tryingTimer?.cancel();
    if (state === "proceeding") return;
    this.#gaveUpTimer?.cancel();
    this.host.mayRepeat(this);
    this.releaseRequest();
    if (state !== "terminated") return;
    this.#timerJ?.cancel();
    this.text = "";
    this.host.removeServer(this);
  }

  #sendTrying(): void {
    const { request } = this;
    if (request === undefined) return;
    this.send(write(createResponse(request, 100, { receivedFrom: sourceOf(this.flow) })));
  }

  #perform(
    action: NonInviteServerAction,
    written: WrittenResponse | undefined,
    failure: SendFailure | undefined,
  ): void {
    switch (action) {
      case "send-response":
        if (written !== undefined) this.send(written);
        break;
      case "send-trying":
        this.#sendTrying();
        break;
      case "retransmit-response":
        this.retransmit();
        break;
      case "inform-tu-transport-error":
        if (failure !== undefined) this.onTransportError?.(failure, this);
        break;
      case "start-timer-j":
        if (this.flow.isReliable) break;
        this.#timerJ = this.host.clock.schedule(giveUpMs(this.host.timers), onTimerJ, this);
        break;
    }
  }
}

const requestAgain: NonInviteServerEvent = { kind: "request" };
const timerEAtT2: NonInviteServerEvent = { kind: "timer-e-at-t2" };
const clientGaveUp: NonInviteServerEvent = { kind: "client-gave-up" };
const timerJ: NonInviteServerEvent = { kind: "timer", timer: "J" };
const transportError: NonInviteServerEvent = { kind: "transport-error" };

const onTimerEAtT2 = (transaction: NonInviteServerTransaction): void => transaction.expire(timerEAtT2);
const onClientGaveUp = (transaction: NonInviteServerTransaction): void => transaction.expire(clientGaveUp);
const onTimerJ = (transaction: NonInviteServerTransaction): void => transaction.expire(timerJ);
