import type { Clock } from "@tandem/clock";
import type { OutgoingRequest, SipResponse } from "../message/index.ts";
import type { Flow } from "../transport/flow.ts";
import type { MessageSink } from "../transport/message-sink.ts";
import type { SendFailure, Target } from "../transport/target.ts";
import { topVia } from "./top-via.ts";
import type { TransactionTimers } from "./transaction-timers.ts";

/** Why a client transaction ended without a final response. */
export type ClientFailureKind = "timeout" | "transport-error";

/** Who sent a request through the transaction layer. */
export interface ClientTransactionUser {
  /** Every provisional response, the first final one, and for INVITE every 2xx (RFC 6026). */
  onResponse(response: SipResponse, transaction: ClientTransaction): void;
  /**
   * At most once, and the transaction is over then. After a 3xx-6xx to INVITE it can only mean that the ACK could not
   * be sent (RFC 3261 figure 5): the result of the transaction stands.
   */
  onFailure(kind: ClientFailureKind, text: string, transaction: ClientTransaction | undefined): void;
  /** The transaction is over, whatever the result. Not called after `forget` or `close` of the layer. */
  onTerminated?(transaction: ClientTransaction): void;
}

/** What a client transaction needs of its layer. */
export interface ClientHost {
  readonly clock: Clock;
  readonly sink: MessageSink;
  readonly timers: TransactionTimers;
  /** Requests that were sent again since nobody answered. */
  requestsRepeated: number;
  removeClient(transaction: ClientTransaction): void;
}

/**
 * A client transaction: one request and its responses (RFC 3261 §17.1). Owns its timers and sends; what happens when is
 * decided by the machine of its kind. The text of the request is dropped as soon as it cannot be retransmitted any more.
 */
export abstract class ClientTransaction {
  /** Key of RFC 3261 §17.1.3: the branch; for CANCEL, which shares the branch of its INVITE, the method too. */
  readonly id: string;
  readonly branch: string;
  readonly request: OutgoingRequest;
  readonly target: Target;
  /** sent-by of our Via: responses must bring it back. */
  readonly sentBy: { readonly host: string; readonly port: number };
  protected readonly host: ClientHost;
  protected user: ClientTransactionUser;
  /** The request as sent; "" once it is never sent again. */
  protected text: string;
  #flow: Flow | undefined = undefined;

  constructor(
    host: ClientHost,
    branch: string,
    request: OutgoingRequest,
    text: string,
    target: Target,
    user: ClientTransactionUser,
    sentBy: { readonly host: string; readonly port: number },
  ) {
    this.host = host;
    this.id = clientKey(branch, request.method);
    this.branch = branch;
    this.request = request;
    this.text = text;
    this.target = target;
    this.user = user;
    this.sentBy = sentBy;
  }

  abstract get state(): string;

  get method(): string {
    return this.request.method;
  }

  /** Path on which the request was sent first; undefined when nothing went out. */
  get flow(): Flow | undefined {
    return this.#flow;
  }

  get isReliable(): boolean {
    return this.target.protocol !== "UDP";
  }

  /** Starts the timers and sends the request. Called once. */
  abstract start(): void;
  /** A response that matches. */
  abstract receive(response: SipResponse): void;
  /** A send of this transaction failed. */
  abstract transportFailed(failure: SendFailure): void;
  /** Ends at once and tells nobody. Idempotent. */
  abstract terminate(): void;

  /** Where ACK and CANCEL of this request go: where the request itself went (RFC 3261 §17.1.1.3, §9.1). */
  get derivedTarget(): Target {
    return this.#isUpgraded ? { ...this.target, protocol: "TCP" } : this.target;
  }

  /** Topmost Via of the request as it went out: that of its ACK and CANCEL. */
  get derivedVia(): string {
    if (!this.#isUpgraded) return this.request.headerFields.value("Via") ?? "";
    return topVia("TCP", this.host.sink.sentBy(this.target.interfaceName, "TCP"), this.branch);
  }

  /** The transport has sent it by TCP because it was too long for UDP (RFC 3261 §18.1.1). */
  get #isUpgraded(): boolean {
    const flow = this.#flow;
    return flow !== undefined && !this.isReliable && flow.isReliable && flow.isOpen;
  }

  /**
   * The user has its last response. A transaction lives on for seconds, and unless the user wants to hear of its end, what
   * is behind the user need not.
   */
  protected releaseUser(): void {
    if (this.user.onTerminated === undefined) this.user = nobody;
  }

  /** Sends; the first time remembers the flow. */
  protected send(text: string, target: Target = this.target): void {
    const flow = this.host.sink.sendTo(target, text, (failure) => this.transportFailed(failure));
    this.#flow ??= flow;
  }
}

const nobody: ClientTransactionUser = { onResponse() {}, onFailure() {} };

/** Key among client transactions. */
export function clientKey(branch: string, method: string): string {
  return method === "CANCEL" ? `${branch} CANCEL` : branch;
}
