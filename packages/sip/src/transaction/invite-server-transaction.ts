import type { Timer } from "@tandem/clock";
import type { OutgoingResponse, SipRequest } from "../message/index.ts";
import type { Flow } from "../transport/flow.ts";
import type { SendFailure } from "../transport/target.ts";
import {
  type InviteServerAction,
  type InviteServerEvent,
  type InviteServerState,
  step,
} from "./invite-server-machine.ts";
import { ServerTransaction, type WrittenResponse, write } from "./server-transaction.ts";
import { giveUpMs } from "./transaction-timers.ts";

/** What an event brings along for its actions. */
interface Detail {
  readonly written?: WrittenResponse;
  readonly ack?: SipRequest;
  readonly flow?: Flow;
  readonly failure?: SendFailure;
}

/** Performs what `invite-server-machine.ts` decides. The TU answers 100 itself. */
export class InviteServerTransaction extends ServerTransaction {
  /** A CANCEL has matched. */
  isCancelled = false;
  #state: InviteServerState = "proceeding";
  #timerG: Timer | undefined = undefined;
  #timerGMs = 0;
  #timerH: Timer | undefined = undefined;
  /** I in confirmed, L in accepted. */
  #lastTimer: Timer | undefined = undefined;

  get state(): InviteServerState {
    return this.#state;
  }

  get isFinal(): boolean {
    return this.#state !== "proceeding";
  }

  respond(response: OutgoingResponse): void {
    const written = write(response);
    this.#handle({ kind: "response", statusCode: response.statusCode }, { written });
  }

  absorb(): void {
    this.#handle(inviteAgain, noDetail);
  }

  /** An ACK with our branch: for a failure it ends here, for a 2xx (from an RFC 2543 peer, say) it goes to the TU. */
  acknowledge(ack: SipRequest, flow: Flow): void {
    this.#handle(acknowledged, { ack, flow });
  }

  /** The ACK for our 2xx has come as a transaction of its own: the 2xx will not be repeated. */
  successAcknowledged(): void {
    if (this.#state !== "accepted") return;
    this.text = "";
    this.releaseRequest();
  }

  transportFailed(failure: SendFailure): void {
    this.#handle(transportError, { failure });
  }

  terminate(): void {
    if (this.#state !== "terminated") this.#enter("terminated");
  }

  expire(event: InviteServerEvent): void {
    this.#handle(event, noDetail);
  }

  #handle(event: InviteServerEvent, detail: Detail): void {
    const { state, actions } = step(this.#state, event);
    const isEntered = state !== this.#state;
    if (isEntered) this.#enter(state);
    try {
      for (const action of actions) this.#perform(action, detail);
    } finally {
      // Timer I is zero on reliable transports: an ACK does not come twice there.
      if (this.#state === "confirmed" && this.flow.isReliable) this.#handle(timerI, noDetail);
      if (isEntered && state === "terminated") this.onTerminated?.(this);
    }
  }

  /** Leaving a state ends what belongs to it, the last response included: a final one is about to take its place. */
  #enter(state: InviteServerState): void {
    this.#state = state;
    if (state === "completed") this.host.mayRepeat(this);
    this.text = "";
    this.#timerG?.cancel();
    this.#timerH?.cancel();
    if (state !== "terminated") return;
    this.#lastTimer?.cancel();
    this.host.removeServer(this);
  }

  #send({ written }: Detail): void {
    if (written !== undefined) this.send(written);
  }

  #passAck({ ack, flow }: Detail): void {
    this.text = "";
    if (ack !== undefined) this.host.passAck(ack, flow ?? this.flow);
  }

  #perform(action: InviteServerAction, detail: Detail): void {
    switch (action) {
      case "send-response":
        this.#send(detail);
        break;
      case "retransmit-response":
        this.retransmit();
        break;
      case "pass-ack-to-tu":
        this.#passAck(detail);
        break;
      case "inform-tu-no-ack":
        this.onTimeoutWithoutAck?.(this);
        break;
      case "inform-tu-transport-error":
        if (detail.failure !== undefined) this.onTransportError?.(detail.failure, this);
        break;
      case "start-timers-g-h":
      case "start-timer-i":
      case "start-timer-l":
        this.#startTimers(action);
        break;
    }
  }

  #startTimers(action: "start-timers-g-h" | "start-timer-i" | "start-timer-l"): void {
    const { clock, timers } = this.host;
    switch (action) {
      case "start-timers-g-h":
        this.#timerH = clock.schedule(giveUpMs(timers), onTimerH, this);
        if (this.flow.isReliable || !this.repeatsFailure) break;
        this.#timerGMs = timers.t1Ms;
        this.#timerG = clock.schedule(this.#timerGMs, onTimerG, this);
        break;
      case "start-timer-i":
        if (!this.flow.isReliable) this.#lastTimer = clock.schedule(timers.t4Ms, onTimerI, this);
        break;
      case "start-timer-l":
        this.#lastTimer = clock.schedule(giveUpMs(timers), onTimerL, this);
        break;
    }
  }

  /** Timer G has fired: the response goes out again, and the interval doubles up to T2. */
  retransmitLater(): void {
    const { clock, timers } = this.host;
    this.#timerGMs = Math.min(this.#timerGMs * 2, timers.t2Ms);
    this.#timerG = clock.schedule(this.#timerGMs, onTimerG, this);
    this.#handle(timerG, noDetail);
  }
}

const noDetail: Detail = {};
const inviteAgain: InviteServerEvent = { kind: "invite" };
const acknowledged: InviteServerEvent = { kind: "ack" };
const transportError: InviteServerEvent = { kind: "transport-error" };
const timerG: InviteServerEvent = { kind: "timer", timer: "G" };
const timerH: InviteServerEvent = { kind: "timer", timer: "H" };
const timerI: InviteServerEvent = { kind: "timer", timer: "I" };
const timerL: InviteServerEvent = { kind: "timer", timer: "L" };

const onTimerG = (transaction: InviteServerTransaction): void => transaction.retransmitLater();
const onTimerH = (transaction: InviteServerTransaction): void => transaction.expire(timerH);
const onTimerI = (transaction: InviteServerTransaction): void => transaction.expire(timerI);
const onTimerL = (transaction: InviteServerTransaction): void => transaction.expire(timerL);
