import type { SipRequest, SipResponse } from "@tandem/sip/message";
import type { ClientTransactionUser, ServerTransaction } from "@tandem/sip/transaction";
import type { PrackHandler, ReliableResponse, UserAgent } from "@tandem/sip/user-agent";
import { acceptedContent } from "./accepted-content.ts";
import { descriptionIn } from "./description-in.ts";
import type { Anchored } from "./media-anchor.ts";
import { sessionBodyOf } from "./session-body.ts";
import type { CarriedInPrack, SetupOffer } from "./setup-offer.ts";

/**
 * The PRACK for one provisional response that both legs carry reliably. Without a body each leg has its own. One that
 * brings the answer to the callee's offer, or an offer (RFC 3262 §5), is carried on; its own answer comes back then.
 */
export class PrackRelay implements PrackHandler, ClientTransactionUser {
  readonly #agent: UserAgent;
  readonly #offer: SetupOffer;
  /** Undefined: the callee's response was not reliable. */
  readonly #reliable: ReliableResponse | undefined;
  #pending: { readonly prack: SipRequest; readonly transaction: ServerTransaction } | undefined;

  constructor(agent: UserAgent, offer: SetupOffer, reliable: ReliableResponse | undefined) {
    this.#agent = agent;
    this.#offer = offer;
    this.#reliable = reliable;
  }

  onPrack(prack: SipRequest, transaction: ServerTransaction): void {
    const reliable = this.#reliable;
    const body = sessionBodyOf(prack);
    if (body.kind === "none") {
      reliable?.acknowledge();
      transaction.respond(this.#agent.response(prack, transaction.flow, 200));
      return;
    }
    if (body.kind === "refused") {
      reliable?.acknowledge();
      const refused = this.#agent.response(prack, transaction.flow, 415);
      refused.headerFields.appendAll(acceptedContent());
      transaction.respond(refused);
      return;
    }
    if (reliable === undefined) this.#respond(prack, transaction, 488);
    else this.#offer.fromPrack(body.text, (carried) => this.#carry(reliable, carried, prack, transaction));
  }

  onResponse(response: SipResponse): void {
    if (response.statusCode < 200) return;
    if (response.statusCode >= 300) this.#fail(488);
    else this.#offer.answerToPrack(descriptionIn(response), (answer) => this.#succeed(answer));
  }

  onFailure(): void {
    this.#fail(500);
  }

  #carry(
    reliable: ReliableResponse,
    carried: CarriedInPrack,
    prack: SipRequest,
    transaction: ServerTransaction,
  ): void {
    if (!carried.ok) {
      // The callee's response was heard all the same.
      reliable.acknowledge();
      this.#respond(prack, transaction, 488);
      return;
    }
    const content = { body: carried.text, contentType: "application/sdp" };
    if (!carried.isOffer) {
      reliable.acknowledge(content);
      this.#respond(prack, transaction, 200);
      return;
    }
    this.#pending = { prack, transaction };
    reliable.acknowledge(content, this);
  }

  #succeed(answer: Anchored): void {
    if (!answer.ok) {
      this.#fail(488);
      return;
    }
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) return;
    const response = this.#agent.response(pending.prack, pending.transaction.flow, 200);
    response.headerFields.append("Content-Type", "application/sdp");
    response.body = answer.text;
    pending.transaction.respond(response);
  }

  #fail(statusCode: number): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined) return;
    this.#offer.rollbackPrack();
    this.#respond(pending.prack, pending.transaction, statusCode);
  }

  #respond(prack: SipRequest, transaction: ServerTransaction, statusCode: number): void {
    transaction.respond(this.#agent.response(prack, transaction.flow, statusCode));
  }
}
