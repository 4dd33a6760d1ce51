import type { Clock, Timer } from "@tandem/clock";
import { HeaderFields, type SipResponse } from "@tandem/sip/message";
import type { ClientTransactionUser } from "@tandem/sip/transaction";
import { descriptionIn } from "./description-in.ts";
import type { JoinedLegs } from "./joined-legs.ts";
import { otherSide, type Side } from "./media-anchor.ts";

export interface TransfereeOfferUser {
  onTransfereeAnswer(body: string): void;
  /** @param isLost the transferee no longer knows the call, or is silent */
  onTransfereeRefused(statusCode: number, isLost: boolean): void;
}

export interface TransfereeOfferOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly legs: JoinedLegs;
  readonly user: TransfereeOfferUser;
}

/** A transferee that is busy with a re-INVITE is asked again so often, after 0.5 s or the time of RFC 3261 §14.1. */
export const maximumTransfereeOffers = 10;
const busyDelayMs = 500;

/**
 * The target's media, offered to the transferee by re-INVITE (RFC 3725 §4). Waits while another change is under way; from the
 * first try on both legs of the call are frozen.
 */
export class TransfereeOffer implements ClientTransactionUser {
  readonly #options: TransfereeOfferOptions;
  readonly #side: Side;
  readonly #body: string;
  #timer: Timer | undefined;
  #tries = 0;
  #isOver = false;

  constructor(options: TransfereeOfferOptions, side: Side, body: string) {
    this.#options = options;
    this.#side = side;
    this.#body = body;
  }

  start(): void {
    this.#timer = undefined;
    if (this.#isOver) return;
    const { legs, user } = this.#options;
    this.#tries += 1;
    if (this.#tries > maximumTransfereeOffers) {
      this.#isOver = true;
      user.onTransfereeRefused(491, false);
      return;
    }
    const isBusy =
      legs.isBusy(this.#side) || legs.sessions.isInviting(this.#side) || legs.isBusy(otherSide(this.#side));
    if (isBusy) {
      this.#retry(busyDelayMs);
      return;
    }
    legs.freeze();
    const headerFields = new HeaderFields();
    legs.sessions.fillRequest(this.#side, headerFields);
    const content = { headerFields, body: this.#body, contentType: "application/sdp" };
    legs.leg(this.#side).request("INVITE", content, this);
  }

  /** The transfer is over otherwise. */
  stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }

  onResponse(response: SipResponse): void {
    const { statusCode } = response;
    if (statusCode < 200) return;
    const { legs, user } = this.#options;
    if (statusCode < 300) legs.leg(this.#side).acknowledge(response.cseqNumber);
    if (this.#isOver) return;
    if (statusCode === 491) {
      this.#retry(this.#glareDelayMs());
      return;
    }
    this.#isOver = true;
    if (statusCode >= 300) {
      user.onTransfereeRefused(488, statusCode === 408 || statusCode === 481);
      return;
    }
    legs.sessions.onSuccess(this.#side, response);
    user.onTransfereeAnswer(descriptionIn(response));
  }

  onFailure(kind: "timeout" | "transport-error"): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.user.onTransfereeRefused(480, kind === "timeout");
  }

  #retry(delayMs: number): void {
    this.#timer = this.#options.clock.schedule(delayMs, again, this);
  }

  /** RFC 3261 §14.1: who owns the Call-ID waits 2.1 to 4 s, the other up to 2 s. */
  #glareDelayMs(): number {
    const { random } = this.#options;
    return this.#side === "egress" ? 2100 + Math.floor(random() * 191) * 10 : Math.floor(random() * 201) * 10;
  }
}

function again(offer: TransfereeOffer): void {
  offer.start();
}
