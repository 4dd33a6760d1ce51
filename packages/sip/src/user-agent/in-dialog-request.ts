import type { Dialog } from "../dialog/index.ts";
import { answerChallenge, chooseChallenge } from "../digest/index.ts";
import { HeaderFields, type SipResponse } from "../message/index.ts";
import type { ClientTransaction, ClientTransactionUser } from "../transaction/index.ts";
import type { Target } from "../transport/target.ts";
import { allowedMethods } from "./allowed-methods.ts";
import type { DialogHost } from "./dialog-host.ts";
import { newTag } from "./identifiers.ts";
import { type DigestIdentity, fill, type RequestContent } from "./request-content.ts";
import { supportedUnreliably } from "./supported-options.ts";

/** The dialog that a request is sent in: an `InviteUsage`. */
export interface RequestUsage {
  readonly agent: DialogHost;
  readonly dialog: Dialog;
  readonly contact: string;
  readonly credentials: DigestIdentity | undefined;
  ackCredentials: HeaderFields | undefined;
  withTarget(use: (target: Target | undefined) => void): void;
  noteSuccess(sequenceNumber: number): void;
  repeatAck(sequenceNumber: number): boolean;
}

/**
 * One request of ours inside a dialog. Answers one 401/407 when the usage has credentials (RFC 3261 §22.2), repeats
 * the ACK when a 2xx to a re-INVITE comes again, and passes everything else to its user.
 */
export class InDialogRequest implements ClientTransactionUser {
  readonly method: string;
  readonly #usage: RequestUsage;
  readonly #content: RequestContent;
  readonly #user: ClientTransactionUser;
  #hasAnsweredChallenge = false;
  #isAnswered = false;
  #hasProvisional = false;
  #wantsCancel = false;
  #transaction: ClientTransaction | undefined;
  #authorization: { name: string; value: string } | undefined;

  constructor(usage: RequestUsage, method: string, content: RequestContent, user: ClientTransactionUser) {
    this.#usage = usage;
    this.method = method;
    this.#content = content;
    this.#user = user;
  }

  /** CANCEL for a re-INVITE: now, or when its first provisional response allows it (RFC 3261 §9.1). Idempotent. */
  cancel(): void {
    if (this.#isAnswered || this.method !== "INVITE") return;
    this.#wantsCancel = true;
    const transaction = this.#transaction;
    // The layer cancels a transaction once only.
    if (this.#hasProvisional && transaction !== undefined) this.#usage.agent.layer.cancel(transaction);
  }

  /** Called once. A fault is told through `onFailure`, at once when there is no address. */
  send(): void {
    const usage = this.#usage;
    const isTargetRefresh = this.method === "INVITE" || this.method === "UPDATE";
    const request = usage.dialog.createRequest(
      this.method,
      isTargetRefresh ? { contact: usage.contact } : {},
    );
    request.headerFields.append("User-Agent", usage.agent.productName);
    // RFC 3261 table 2 (m* in INVITE), RFC 3311 §5.1. Responses to these are not acknowledged by PRACK.
    if (isTargetRefresh) {
      request.headerFields.append("Allow", allowedMethods).append("Supported", supportedUnreliably);
    }
    fill(request.headerFields, this.#content);
    request.body = this.#content.body ?? "";
    if (this.#authorization !== undefined) {
      request.headerFields.append(this.#authorization.name, this.#authorization.value);
    }
    usage.withTarget((target) => {
      if (target === undefined) {
        this.onFailure("transport-error", `no address for ${usage.dialog.nextHop()}`, undefined);
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
      if (statusCode < 300) this.#onSuccess(response);
    }
    this.#user.onResponse(response, transaction);
  }

  onFailure(
    kind: "timeout" | "transport-error",
    text: string,
    transaction: ClientTransaction | undefined,
  ): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#user.onFailure(kind, text, transaction);
  }

  #onSuccess(response: SipResponse): void {
    const isInvite = this.method === "INVITE";
    if (isInvite || this.method === "UPDATE") this.#usage.dialog.refreshTarget(response);
    if (!isInvite) return;
    const authorization = this.#authorization;
    this.#usage.ackCredentials =
      authorization === undefined
        ? undefined
        : new HeaderFields().append(authorization.name, authorization.value);
    this.#usage.noteSuccess(response.cseqNumber);
  }

  /** A request that is given up is not sent again. */
  #answerChallenge(response: SipResponse, transaction: ClientTransaction): boolean {
    const credentials = this.#usage.credentials;
    if (credentials === undefined || this.#hasAnsweredChallenge || this.#wantsCancel) return false;
    this.#hasAnsweredChallenge = true;
    const isProxy = response.statusCode === 407;
    const challenge = chooseChallenge(response.values(isProxy ? "Proxy-Authenticate" : "WWW-Authenticate"));
    if (challenge === undefined) return false;
    this.#authorization = {
      name: isProxy ? "Proxy-Authorization" : "Authorization",
      value: answerChallenge(challenge, credentials, this.method, transaction.request.requestUri, {
        nonceCount: 1,
        cnonce: newTag(),
        body: this.#content.body ?? "",
      }),
    };
    // The provisional responses were those of the challenged transaction: they allow no CANCEL for the next one.
    this.#hasProvisional = false;
    this.send();
    return true;
  }
}
