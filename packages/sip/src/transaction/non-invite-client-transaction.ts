import type { Timer } from "@tandem/clock";
import type { SipResponse } from "../message/index.ts";
import type { SendFailure } from "../transport/target.ts";
import { ClientTransaction } from "./client-transaction.ts";
import {
  type NonInviteClientAction,
  type NonInviteClientEvent,
  type NonInviteClientState,
  step,
} from "./non-invite-client-machine.ts";
import { giveUpMs } from "./transaction-timers.ts";

/** Performs what `non-invite-client-machine.ts` decides. */
export class NonInviteClientTransaction extends ClientTransaction {
  #state: NonInviteClientState = "trying";
  #timerE: Timer | undefined = undefined;
  #timerEMs = 0;
  #timerF: Timer | undefined = undefined;
  #timerK: Timer | undefined = undefined;

  get state(): NonInviteClientState {
    return this.#state;
  }

  start(): void {
    const { clock, timers } = this.host;
    this.#timerF = clock.schedule(giveUpMs(timers), onTimerF, this);
    if (!this.isReliable) {
      this.#timerEMs = timers.t1Ms;
      this.#timerE = clock.schedule(this.#timerEMs, onTimerE, this);
    }
    this.send(this.text);
  }

  receive(response: SipResponse): void {
    this.#handle({ kind: "response", statusCode: response.statusCode }, response);
  }

  transportFailed(failure: SendFailure): void {
    // ICMP may answer an old datagram; once the peer has answered, it says nothing about the peer.
    if (!this.isReliable && this.#state !== "trying") return;
    this.#handle(transportError, undefined, failure.text);
  }

  terminate(): void {
    if (this.#state !== "terminated") this.#enter("terminated");
  }

  expire(event: NonInviteClientEvent): void {
    this.#handle(event, undefined);
  }

  #handle(event: NonInviteClientEvent, response: SipResponse | undefined, text = "no response"): void {
    const { state, actions } = step(this.#state, event);
    const isEntered = state !== this.#state;
    if (isEntered) this.#enter(state);
    try {
      for (const action of actions) this.#perform(action, response, text);
    } finally {
      // Timer K is zero on reliable transports: nothing comes twice there.
      if (this.#state === "completed" && this.isReliable) this.#handle(timerK, undefined);
      if (isEntered && state === "terminated") this.user.onTerminated?.(this);
    }
  }

  /** Leaving a state ends what belongs to it. Timers E and F belong to trying and proceeding alike. */
  #enter(state: NonInviteClientState): void {
    this.#state = state;
    if (state === "proceeding") return;
    this.text = "";
    // A completed transaction lives on for seconds, and nobody writes its request again.
    this.request.headerFields.clear();
    this.#timerE?.cancel();
    this.#timerE = undefined;
    this.#timerF?.cancel();
    this.#timerF = undefined;
    if (state !== "terminated") return;
    this.#timerK?.cancel();
    this.host.removeClient(this);
  }

  #perform(action: NonInviteClientAction, response: SipResponse | undefined, text: string): void {
    const { clock, timers } = this.host;
    switch (action) {
      case "retransmit-request":
        this.host.requestsRepeated += 1;
        // In proceeding the interval is T2 at once (RFC 3261 §17.1.2.2).
        this.#timerEMs =
          this.#state === "proceeding" ? timers.t2Ms : Math.min(this.#timerEMs * 2, timers.t2Ms);
        this.#timerE = clock.schedule(this.#timerEMs, onTimerE, this);
        this.send(this.text);
        break;
      case "pass-response-to-tu":
        if (response !== undefined) this.user.onResponse(response, this);
        if (this.#state === "completed") this.releaseUser();
        break;
      case "inform-tu-timeout":
        this.user.onFailure("timeout", text, this);
        break;
      case "inform-tu-transport-error":
        this.user.onFailure("transport-error", text, this);
        break;
      case "start-timer-k":
        if (!this.isReliable) this.#timerK = clock.schedule(timers.t4Ms, onTimerK, this);
        break;
    }
  }
}

const timerE: NonInviteClientEvent = { kind: "timer", timer: "E" };
const timerF: NonInviteClientEvent = { kind: "timer", timer: "F" };
const timerK: NonInviteClientEvent = { kind: "timer", timer: "K" };
const transportError: NonInviteClientEvent = { kind: "transport-error" };

const onTimerE = (transaction: NonInviteClientTransaction): void => transaction.expire(timerE);
const onTimerF = (transaction: NonInviteClientTransaction): void => transaction.expire(timerF);
const onTimerK = (transaction: NonInviteClientTransaction): void => transaction.expire(timerK);
