import { answerChallenge, chooseChallenge } from "../digest/index.ts";
import type { SipResponse } from "../message/index.ts";
import type { ClientTransaction, ClientTransactionUser } from "../transaction/index.ts";
import { newTag } from "./identifiers.ts";
import { fill, type InviteUsage, type RequestContent } from "./invite-usage.ts";

/**
 * One request of ours inside a dialog. Answers one 401/407 when the usage has credentials (RFC 3261 §22.2), repeats
 * the ACK when a 2xx to a re-INVITE comes again, and passes everything else to its user.
 */
export class InDialogRequest implements ClientTransactionUser {
  readonly method: string;
  readonly #usage: InviteUsage;
  readonly #content: RequestContent;
  readonly #user: ClientTransactionUser;
  #hasAnsweredChallenge = false;
  #isAnswered = false;
  #hasProvisional = false;
  #wantsCancel = false;
  #isCancelled = false;
  #transaction: ClientTransaction | undefined;
  #authorization: { name: string; value: string } | undefined;

  constructor(usage: InviteUsage, method: string, content: RequestContent, user: ClientTransactionUser) {
    this.#usage = usage;
    this.method = method;
    this.#content = content;
    this.#user = user;
  }

  /** CANCEL for a re-INVITE: now, or when its first provisional response allows it (RFC 3261 §9.1). Idempotent. */
  cancel(): void {
    if (this.#isAnswered || this.#isCancelled) return;
    this.#wantsCancel = true;
    const transaction = this.#transaction;
    if (!this.#hasProvisional || transaction === undefined) return;
    this.#isCancelled = true;
    this.#usage.agent.layer.cancel(transaction);
  }

  send(): void {
    const usage = this.#usage;
    const isTargetRefresh = this.method === "INVITE" || this.method === "UPDATE";
    const request = usage.dialog.createRequest(
      this.method,
      isTargetRefresh ? { contact: usage.contact } : {},
    );
    request.headerFields.append("User-Agent", usage.agent.productName);
    fill(request.headerFields, this.#content);
    request.body = this.#content.body ?? "";
    if (this.#authorization !== undefined) {
      request.headerFields.append(this.#authorization.name, this.#authorization.value);
    }
    usage.withTarget((target) => {
      if (target === undefined) {
        this.#user.onFailure("transport-error", `no address for ${usage.dialog.nextHop()}`, undefined);
        return;
      }
      this.#transaction = usage.agent.layer.send(request, target, this);
    });
  }

  onResponse(response: SipResponse, transaction: ClientTransaction): void {
    const { statusCode } = response;
    if (this.#isAnswered) {
      if (this.method === "INVITE" && statusCode < 300) this.#usage.repeatAck(response.cseqNumber);
      return;
    }
    if ((statusCode === 401 || statusCode === 407) && this.#answerChallenge(response, transaction)) return;
    if (statusCode < 200) {
      this.#hasProvisional = true;
      if (this.#wantsCancel) this.cancel();
    } else {
      this.#isAnswered = true;
      if (statusCode < 300 && (this.method === "INVITE" || this.method === "UPDATE")) {
        this.#usage.dialog.refreshTarget(response);
      }
    }
    this.#user.onResponse(response, transaction);
  }

  onFailure(kind: "timeout" | "transport-error", text: string, transaction: ClientTransaction | undefined): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#user.onFailure(kind, text, transaction);
  }

  #answerChallenge(response: SipResponse, transaction: ClientTransaction): boolean {
    const credentials = this.#usage.credentials;
    if (credentials === undefined || this.#hasAnsweredChallenge) return false;
    this.#hasAnsweredChallenge = true;
    const isProxy = response.statusCode === 407;
    const challenge = chooseChallenge(response.values(isProxy ? "Proxy-Authenticate" : "WWW-Authenticate"));
    if (challenge === undefined) return false;
    this.#authorization = {
      name: isProxy ? "Proxy-Authorization" : "Authorization",
      value: answerChallenge(challenge, credentials, this.method, transaction.request.requestUri, {
        nonceCount: 1,
        cnonce: newTag(),
      }),
    };
    this.send();
    return true;
  }
}
