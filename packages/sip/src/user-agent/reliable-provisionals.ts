import { randomInt } from "node:crypto";
import type { Timer } from "@tandem/clock";
import { type OutgoingResponse, parseRAck, type SipRequest } from "../message/index.ts";
import type { ServerTransaction } from "../transaction/index.ts";
import type { DialogHost } from "./dialog-host.ts";

/** Who answers the PRACK for a response of ours. */
export interface PrackHandler {
  onPrack(prack: SipRequest, transaction: ServerTransaction): void;
}

export interface ReliableProvisionalsUser {
  /** Everything that was sent is acknowledged. */
  onAllAcknowledged(): void;
  /** 64*T1 without a PRACK (RFC 3262 §3). */
  onNoPrack(): void;
}

interface Provisional {
  readonly response: OutgoingResponse;
  readonly handler: PrackHandler | undefined;
}

/** Responses that may wait for the PRACK of the one before: more than that are dropped. */
export const maximumWaitingProvisionals = 8;

/** RFC 3262 §3: the first RSeq is chosen between 1 and 2^31 - 1. */
const firstResponseNumberMaximum = 2 ** 31 - 1;

/**
 * The UAS core's side of RFC 3262 §3 in one early dialog: numbers the responses, sends one at a time, and repeats it after
 * T1, then doubling, until its PRACK comes or 64*T1 have gone by.
 *
 *   idle ──send()──▶ unacknowledged ──PRACK──▶ idle, or the next that waits
 *                    unacknowledged ──64*T1──▶ over (onNoPrack)
 *   any ──finish()──▶ finished: nothing is repeated any more, a PRACK that is still on its way is taken
 */
export class ReliableProvisionals {
  readonly #agent: DialogHost;
  readonly #transaction: ServerTransaction;
  readonly #sequenceNumber: number;
  readonly #user: ReliableProvisionalsUser;
  readonly #waiting: Provisional[] = [];
  #unacknowledged: Provisional | undefined;
  #responseNumber = randomInt(firstResponseNumberMaximum);
  #timer: Timer | undefined;
  #intervalMs = 0;
  #giveUpAtMs = 0;
  #isFinished = false;
  #hasAcknowledgedBody = false;

  constructor(
    agent: DialogHost,
    transaction: ServerTransaction,
    sequenceNumber: number,
    user: ReliableProvisionalsUser,
  ) {
    this.#agent = agent;
    this.#transaction = transaction;
    this.#sequenceNumber = sequenceNumber;
    this.#user = user;
  }

  get isPending(): boolean {
    return this.#unacknowledged !== undefined;
  }

  /** RFC 3262 §3: no 2xx may go out while a session description is unacknowledged. */
  get holdsSuccess(): boolean {
    return this.#unacknowledged !== undefined && this.#unacknowledged.response.body !== "";
  }

  /** A session description has arrived for certain: it is not sent again with the 2xx. */
  get hasAcknowledgedBody(): boolean {
    return this.#hasAcknowledgedBody;
  }

  /** Sends a response, or keeps it until the one before is acknowledged. RSeq and Require are added. */
  send(response: OutgoingResponse, handler: PrackHandler | undefined): void {
    const provisional = { response, handler };
    if (this.#unacknowledged === undefined) this.#start(provisional);
    else if (this.#waiting.length < maximumWaitingProvisionals) this.#waiting.push(provisional);
  }

  onPrack(prack: SipRequest, transaction: ServerTransaction): void {
    const pending = this.#unacknowledged;
    const rack = parseRAck(prack.value("RAck") ?? "");
    if (!rack.ok) {
      const reasonPhrase = rack.error.text;
      transaction.respond(this.#agent.response(prack, transaction.flow, 400, { reasonPhrase }));
      return;
    }
    const { responseNumber, sequenceNumber, method } = rack.value;
    const isMatch =
      responseNumber === this.#responseNumber &&
      sequenceNumber === this.#sequenceNumber &&
      method === "INVITE";
    if (pending === undefined || !isMatch) {
      transaction.respond(this.#agent.response(prack, transaction.flow, 481));
      return;
    }
    this.#acknowledge(pending);
    if (pending.handler === undefined) {
      transaction.respond(this.#agent.response(prack, transaction.flow, 200));
    } else pending.handler.onPrack(prack, transaction);
    this.#goOn();
  }

  /** A final response was sent. Idempotent. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#waiting.length = 0;
    if (this.#unacknowledged === undefined) return;
    this.#timer?.cancel();
    const { clock } = this.#agent;
    this.#timer = clock.schedule(Math.max(0, this.#giveUpAtMs - clock.monotonicMs()), onTimer, this);
  }

  /** The dialog is gone. */
  close(): void {
    this.#isFinished = true;
    this.#waiting.length = 0;
    this.#unacknowledged = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** @internal */
  expire(): void {
    const { clock } = this.#agent;
    const pending = this.#unacknowledged;
    if (pending === undefined) return;
    if (clock.monotonicMs() >= this.#giveUpAtMs) {
      this.close();
      this.#user.onNoPrack();
      return;
    }
    this.#transaction.respond(pending.response);
    this.#intervalMs *= 2;
    this.#arm(clock.monotonicMs());
  }

  #start(provisional: Provisional): void {
    const { clock, timers } = this.#agent;
    this.#unacknowledged = provisional;
    this.#responseNumber += 1;
    provisional.response.headerFields.append("Require", "100rel");
    provisional.response.headerFields.append("RSeq", String(this.#responseNumber));
    const nowMs = clock.monotonicMs();
    this.#intervalMs = timers.t1Ms;
    this.#giveUpAtMs = nowMs + 64 * timers.t1Ms;
    this.#arm(nowMs);
    this.#transaction.respond(provisional.response);
  }

  #arm(nowMs: number): void {
    const delayMs = Math.min(this.#intervalMs, this.#giveUpAtMs - nowMs);
    this.#timer = this.#agent.clock.schedule(delayMs, onTimer, this);
  }

  #acknowledge(pending: Provisional): void {
    this.#unacknowledged = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (pending.response.body !== "") this.#hasAcknowledgedBody = true;
  }

  #goOn(): void {
    if (this.#unacknowledged !== undefined) return;
    const next = this.#waiting.shift();
    if (next !== undefined && !this.#isFinished) this.#start(next);
    else this.#user.onAllAcknowledged();
  }
}

function onTimer(provisionals: ReliableProvisionals): void {
  provisionals.expire();
}
