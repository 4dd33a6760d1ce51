import type { Timer } from "@tandem/clock";
import type { SipResponse } from "../message/index.ts";
import type { SendFailure } from "../transport/target.ts";
import { ackForFailure } from "./ack-for-failure.ts";
import { ClientTransaction } from "./client-transaction.ts";
import {
  type InviteClientAction,
  type InviteClientEvent,
  type InviteClientState,
  step,
} from "./invite-client-machine.ts";
import { giveUpMs } from "./transaction-timers.ts";

/** Performs what `invite-client-machine.ts` decides. */
export class InviteClientTransaction extends ClientTransaction {
  #state: InviteClientState = "calling";
  #timerA: Timer | undefined = undefined;
  #timerAMs = 0;
  #timerB: Timer | undefined = undefined;
  /** D in completed, M in accepted. */
  #lastTimer: Timer | undefined = undefined;
  /** Runs from our CANCEL until a final response (RFC 3261 §9.1). */
  #cancelTimer: Timer | undefined = undefined;
  /** The ACK for a failure, to be sent again. */
  #ack: string | undefined = undefined;

  get state(): InviteClientState {
    return this.#state;
  }

  start(): void {
    const { clock, timers } = this.host;
    this.#timerB = clock.schedule(giveUpMs(timers), onTimerB, this);
    if (!this.isReliable) {
      this.#timerAMs = timers.t1Ms;
      this.#timerA = clock.schedule(this.#timerAMs, onTimerA, this);
    }
    this.send(this.text);
  }

  receive(response: SipResponse): void {
    this.#handle({ kind: "response", statusCode: response.statusCode }, response);
  }

  transportFailed(failure: SendFailure): void {
    // ICMP may answer an old datagram; once the peer has answered, it says nothing about the peer.
    if (!this.isReliable && this.#state !== "calling") return;
    this.#handle(transportError, undefined, failure.text);
  }

  terminate(): void {
    if (this.#state !== "terminated") this.#enter("terminated");
  }

  /**
   * A CANCEL is sent: without a final response 64*T1 later this transaction is over (RFC 3261 §9.1).
   * False when there is nothing to cancel any more, or it was cancelled before.
   */
  startCancelTimer(): boolean {
    const isOpen = this.#state === "calling" || this.#state === "proceeding";
    if (!isOpen || this.#cancelTimer !== undefined) return false;
    this.#cancelTimer = this.host.clock.schedule(giveUpMs(this.host.timers), onCancelTimer, this);
    return true;
  }

  expire(event: InviteClientEvent): void {
    this.#handle(event, undefined);
  }

  #handle(event: InviteClientEvent, response: SipResponse | undefined, text = "no response"): void {
    const { state, actions } = step(this.#state, event);
    const isEntered = state !== this.#state;
    if (isEntered) this.#enter(state);
    try {
      for (const action of actions) this.#perform(action, response, text);
    } finally {
      // Timer D is zero on reliable transports: nothing comes twice there.
      if (this.#state === "completed" && this.isReliable) this.#handle(timerD, undefined);
      if (isEntered && state === "terminated") this.user.onTerminated?.(this);
    }
  }

  /** Leaving a state ends what belongs to it. */
  #enter(state: InviteClientState): void {
    this.#state = state;
    this.text = "";
    this.#timerA?.cancel();
    this.#timerA = undefined;
    this.#timerB?.cancel();
    this.#timerB = undefined;
    if (state === "proceeding") return;
    this.#cancelTimer?.cancel();
    if (state !== "terminated") return;
    this.#lastTimer?.cancel();
    this.host.removeClient(this);
  }

  #sendAck(response: SipResponse): void {
    this.#ack ??= ackForFailure(this, response);
    this.send(this.#ack, this.derivedTarget);
  }

  #perform(action: InviteClientAction, response: SipResponse | undefined, text: string): void {
    const { clock, timers } = this.host;
    switch (action) {
      case "retransmit-invite":
        this.host.requestsRepeated += 1;
        this.#timerAMs *= 2;
        this.#timerA = clock.schedule(this.#timerAMs, onTimerA, this);
        this.send(this.text);
        break;
      case "send-ack":
        if (response !== undefined) this.#sendAck(response);
        break;
      case "pass-response-to-tu":
        if (response !== undefined) this.user.onResponse(response, this);
        break;
      case "inform-tu-timeout":
        this.user.onFailure("timeout", text, this);
        break;
      case "inform-tu-transport-error":
        this.user.onFailure("transport-error", text, this);
        break;
      case "start-timer-d":
        if (!this.isReliable) this.#lastTimer = clock.schedule(timers.timerDMs, onTimerD, this);
        break;
      case "start-timer-m":
        this.#lastTimer = clock.schedule(giveUpMs(timers), onTimerM, this);
        break;
    }
  }
}

const timerA: InviteClientEvent = { kind: "timer", timer: "A" };
const timerB: InviteClientEvent = { kind: "timer", timer: "B" };
const timerD: InviteClientEvent = { kind: "timer", timer: "D" };
const timerM: InviteClientEvent = { kind: "timer", timer: "M" };
const cancelTimeout: InviteClientEvent = { kind: "cancel-timeout" };
const transportError: InviteClientEvent = { kind: "transport-error" };

const onTimerA = (transaction: InviteClientTransaction): void => transaction.expire(timerA);
const onTimerB = (transaction: InviteClientTransaction): void => transaction.expire(timerB);
const onTimerD = (transaction: InviteClientTransaction): void => transaction.expire(timerD);
const onTimerM = (transaction: InviteClientTransaction): void => transaction.expire(timerM);
const onCancelTimer = (transaction: InviteClientTransaction): void => transaction.expire(cancelTimeout);
