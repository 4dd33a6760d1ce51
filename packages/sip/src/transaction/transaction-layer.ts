import type { Clock } from "@tandem/clock";
import { TextTable } from "@tandem/tables";
import {
  type HeaderFields,
  type OutgoingRequest,
  parseMessage,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  serialize,
  validateRequest,
  validateResponse,
} from "../message/index.ts";
import type { Flow } from "../transport/flow.ts";
import type { MessageSink } from "../transport/message-sink.ts";
import type { Target } from "../transport/target.ts";
import { BranchGenerator } from "./branch.ts";
import { cancelRequest } from "./cancel-request.ts";
import {
  type ClientHost,
  type ClientTransaction,
  type ClientTransactionUser,
  clientKey,
} from "./client-transaction.ts";
import { initialMaxForwards } from "./derived-request.ts";
import { InviteClientTransaction } from "./invite-client-transaction.ts";
import { NonInviteClientTransaction } from "./non-invite-client-transaction.ts";
import { hearOverload, type OverloadControl } from "./overload-control.ts";
import { ServerTransactions } from "./server-transactions.ts";
import type { StatelessResponseOptions } from "./stateless-response.ts";
import { topVia } from "./top-via.ts";
import { defaultTransactionLimits, type TransactionLimits } from "./transaction-limits.ts";
import { defaultTransactionTimers, type TransactionTimers } from "./transaction-timers.ts";
import type { TransactionUser } from "./transaction-user.ts";

export interface TransactionLayerOptions {
  readonly clock: Clock;
  readonly sink: MessageSink;
  readonly user: TransactionUser;
  /** Default: RFC 3261 table 4. */
  readonly timers?: TransactionTimers;
  /** Token characters behind the magic cookie of our branches. Default "tdm". */
  readonly branchPrefix?: string;
  readonly limits?: Partial<TransactionLimits>;
  /** Left out: nothing is announced, and nothing is heard. */
  readonly overload?: OverloadControl | undefined;
}

/** The transaction layer of RFC 3261 §17: gives each message to its transaction, or to the TU when there is none. */
export class TransactionLayer implements ClientHost {
  readonly clock: Clock;
  readonly sink: MessageSink;
  readonly timers: TransactionTimers;
  requestsRepeated = 0;
  readonly #user: TransactionUser;
  readonly #limits: TransactionLimits;
  readonly #overload: OverloadControl | undefined;
  readonly #branches: BranchGenerator;
  readonly #clients = new TextTable<ClientTransaction>();
  readonly #servers: ServerTransactions;

  constructor(options: TransactionLayerOptions) {
    this.clock = options.clock;
    this.sink = options.sink;
    this.timers = options.timers ?? defaultTransactionTimers;
    this.#user = options.user;
    this.#limits = { ...defaultTransactionLimits, ...options.limits };
    this.#overload = options.overload;
    this.#branches = new BranchGenerator(options.branchPrefix ?? "tdm");
    this.#servers = new ServerTransactions(this, options.user, this.#limits);
  }

  /** Transactions that are not terminated. Both return to 0 when nothing happens any more. */
  get counts(): { readonly client: number; readonly server: number } {
    return { client: this.#clients.size, server: this.#servers.size };
  }

  /** Since the start: what was sent again, by us (requests, responses) and by others (requests that came again). */
  get repetitions(): { readonly requests: number; readonly responses: number; readonly absorbed: number } {
    const { responsesRepeated, requestsAbsorbed } = this.#servers;
    return { requests: this.requestsRepeated, responses: responsesRepeated, absorbed: requestsAbsorbed };
  }

  /**
   * Whether a request comes again, or is the ACK for a failure or the CANCEL of an INVITE: its server transaction still lives.
   * `from`: only if the request before came from the same address by the same interface.
   */
  knows(request: SipRequest, from?: Flow): boolean {
    return this.#servers.has(request, from);
  }

  /** Takes a message from the transport. Never throws over what is in it. */
  receive(text: string, flow: Flow, framing: "datagram" | "stream"): void {
    const message = parseMessage(text, framing);
    if (message.ok) this.receiveMessage(message.value, flow);
    else this.#user.onUnanswerable?.(message.error, flow);
  }

  /** Takes a message that is parsed already, but not yet validated. */
  receiveMessage(message: SipMessage, flow: Flow): void {
    if (!message.isRequest) {
      this.#receiveResponse(message, flow);
      return;
    }
    const fault = validateRequest(message);
    if (fault === undefined) this.#servers.receive(message, flow);
    else if (fault.mayAnswer && message.method !== "ACK") {
      this.#servers.respondStatelessly(message, fault.statusCode, flow, {
        reasonPhrase: fault.reasonPhrase,
      });
    } else this.#user.onUnanswerable?.(fault, flow);
  }

  /**
   * Sends a request in a new client transaction: adds the topmost Via, and Max-Forwards if absent.
   * The request belongs to the layer afterwards. Failures are told later, never inside this call.
   * @throws UnserializableMessageError when the request cannot be written
   */
  send(request: OutgoingRequest, target: Target, user: ClientTransactionUser): ClientTransaction {
    const branch = this.#branches.next();
    const sentBy = this.sink.sentBy(target.interfaceName, target.protocol);
    addVia(request, topVia(target.protocol, sentBy, branch) + (this.#overload?.announcement(target) ?? ""));
    return this.#start(branch, request, target, user, sentBy);
  }

  /** Sends a request without a transaction: the ACK for a 2xx. Returns its text, for `repeatStatelessly`. */
  sendStatelessly(request: OutgoingRequest, target: Target): string {
    const sentBy = this.sink.sentBy(target.interfaceName, target.protocol);
    addVia(request, topVia(target.protocol, sentBy, this.#branches.next()));
    const text = serialize(request);
    this.repeatStatelessly(text, target);
    return text;
  }

  /** Sends a text once more. What happens to it nobody hears. */
  repeatStatelessly(text: string, target: Target): void {
    this.sink.sendTo(target, text, ignoreFailure);
  }

  /**
   * Responds without a transaction, for example before a request is let in. The To tag is the same for a
   * retransmission, and the ACK of such a response is absorbed. An ACK is not answered.
   */
  respondStatelessly(
    request: SipRequest,
    statusCode: number,
    flow: Flow,
    options?: StatelessResponseOptions,
  ): void {
    if (request.method !== "ACK") this.#servers.respondStatelessly(request, statusCode, flow, options);
  }

  /**
   * The same, but nothing is sent when the response would be longer than the request: who writes another's address into
   * datagrams gains nothing by us. False: nothing was sent.
   */
  respondNoLonger(
    request: SipRequest,
    statusCode: number,
    flow: Flow,
    options?: StatelessResponseOptions,
  ): boolean {
    return request.method !== "ACK" && this.#servers.respondNoLonger(request, statusCode, flow, options);
  }

  /**
   * Cancels an INVITE (RFC 3261 §9.1) and returns the transaction of the CANCEL; undefined when there is nothing to
   * cancel any more, or it was cancelled before. If no final response comes within 64*T1, the INVITE times out.
   * The caller keeps the rule that no CANCEL is sent before a provisional response.
   */
  cancel(transaction: ClientTransaction, headerFields?: HeaderFields): ClientTransaction | undefined {
    if (!(transaction instanceof InviteClientTransaction)) return undefined;
    if (!transaction.startCancelTimer()) return undefined;
    return this.#start(
      transaction.branch,
      cancelRequest(transaction, headerFields),
      transaction.derivedTarget,
      ignoreResult,
      this.sink.sentBy(transaction.target.interfaceName, transaction.derivedTarget.protocol),
    );
  }

  /** Ends a client transaction: no more messages, no more calls of its user. Late responses are stray ones. Idempotent. */
  forget(transaction: ClientTransaction): void {
    transaction.terminate();
  }

  /** Ends all transactions without a word. */
  close(): void {
    for (const transaction of this.#clients.values()) transaction.terminate();
    this.#servers.close();
  }

  /** @internal */
  removeClient(transaction: ClientTransaction): void {
    this.#clients.delete(transaction.id);
  }

  #start(
    branch: string,
    request: OutgoingRequest,
    target: Target,
    user: ClientTransactionUser,
    sentBy: { readonly host: string; readonly port: number },
  ): ClientTransaction {
    const text = serialize(request);
    const kind = request.method === "INVITE" ? InviteClientTransaction : NonInviteClientTransaction;
    const transaction = new kind(this, branch, request, text, target, user, sentBy);
    if (this.#isFull(request)) {
      transaction.terminate();
      this.clock.schedule(0, failAtLimit, { transaction, user });
      return transaction;
    }
    this.#clients.set(transaction.id, transaction);
    transaction.start();
    return transaction;
  }

  #isFull(request: OutgoingRequest): boolean {
    const { maximumClientTransactions, reservedTransactions } = this.#limits;
    const count = this.#clients.size;
    if (count < maximumClientTransactions) return false;
    if (count >= maximumClientTransactions + reservedTransactions) return true;
    return request.method !== "CANCEL" && request.headerFields.value("To")?.includes(";tag=") !== true;
  }

  #receiveResponse(response: SipResponse, flow: Flow): void {
    const fault = validateResponse(response);
    if (fault !== undefined) {
      this.#user.onUnanswerable?.(fault, flow);
      return;
    }
    const method = response.cseqMethod;
    const transaction = this.#clients.get(clientKey(response.branch, method));
    if (transaction === undefined || transaction.method !== method) this.#receiveStray(response, flow);
    else if (hasSentBy(response, transaction.sentBy) || this.#isSentByUs(response, flow)) {
      if (this.#overload !== undefined) hearOverload(this.#overload, response, transaction.target, flow);
      transaction.receive(response);
    }
  }

  /** RFC 4320 §4.2: a stray response to anything but INVITE is dropped. */
  #receiveStray(response: SipResponse, flow: Flow): void {
    if (response.cseqMethod !== "INVITE" || !this.#isSentByUs(response, flow)) return;
    this.#user.onStrayResponse(response, flow);
  }

  /** RFC 3261 §18.1.2: a response whose topmost Via does not name us is dropped. */
  #isSentByUs(response: SipResponse, flow: Flow): boolean {
    return hasSentBy(response, this.sink.sentBy(flow.interfaceName, flow.protocol));
  }
}

function addVia(request: OutgoingRequest, via: string): void {
  const fields = request.headerFields;
  if (!fields.has("Max-Forwards")) fields.prepend("Max-Forwards", initialMaxForwards);
  fields.prepend("Via", via);
}

function hasSentBy(response: SipResponse, sentBy: { readonly host: string; readonly port: number }): boolean {
  const via = response.via();
  if (!via.ok || via.value.host !== sentBy.host.toLowerCase()) return false;
  return (via.value.port ?? (via.value.protocol === "TLS" ? 5061 : 5060)) === sentBy.port;
}

function failAtLimit(refused: { transaction: ClientTransaction; user: ClientTransactionUser }): void {
  refused.user.onFailure("transport-error", "too many client transactions", refused.transaction);
  refused.user.onTerminated?.(refused.transaction);
}

const ignoreFailure = (): void => {};
const ignoreResult: ClientTransactionUser = { onResponse() {}, onFailure() {} };
