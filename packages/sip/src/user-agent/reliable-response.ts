import { HeaderFields, type SipResponse } from "../message/index.ts";
import type { ClientTransactionUser } from "../transaction/index.ts";
import type { InviteUsage } from "./invite-usage.ts";
import type { RequestContent } from "./request-content.ts";

/** A provisional response to our INVITE that its sender repeats until we acknowledge it (RFC 3262 §4). */
export class ReliableResponse {
  readonly response: SipResponse;
  /** Of the early dialog. */
  readonly usage: InviteUsage;
  readonly #responseNumber: number;
  #isAcknowledged = false;

  constructor(response: SipResponse, usage: InviteUsage, responseNumber: number) {
    this.response = response;
    this.usage = usage;
    this.#responseNumber = responseNumber;
  }

  /** Sends the PRACK, once. `user` hears what the peer makes of it: wanted when the PRACK carries an offer. */
  acknowledge(content: RequestContent = {}, user: ClientTransactionUser = ignoreResult): void {
    if (this.#isAcknowledged || this.usage.isClosed) return;
    this.#isAcknowledged = true;
    const headerFields = new HeaderFields();
    headerFields.append("RAck", `${this.#responseNumber} ${this.response.cseqNumber} INVITE`);
    if (content.headerFields !== undefined) headerFields.appendAll(content.headerFields);
    this.usage.request("PRACK", { ...content, headerFields }, user);
  }
}

const ignoreResult: ClientTransactionUser = { onResponse() {}, onFailure() {} };
