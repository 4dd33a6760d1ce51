import type { Clock } from "@tandem/clock";
import { TextTable } from "@tandem/tables";
import type { SipRequest } from "../message/index.ts";
import type { Flow } from "../transport/flow.ts";
import type { MessageSink } from "../transport/message-sink.ts";
import { InviteServerTransaction } from "./invite-server-transaction.ts";
import { NonInviteServerTransaction } from "./non-invite-server-transaction.ts";
import { hasMagicCookie, mergeKey, serverKey } from "./server-key.ts";
import type { ServerHost, ServerTransaction } from "./server-transaction.ts";
import { StatelessResponder, type StatelessResponseOptions } from "./stateless-response.ts";
import type { TransactionLimits } from "./transaction-limits.ts";
import type { TransactionTimers } from "./transaction-timers.ts";
import type { TransactionUser } from "./transaction-user.ts";

/** What the server side takes from the layer. */
export interface ServerEnvironment {
  readonly clock: Clock;
  readonly sink: MessageSink;
  readonly timers: TransactionTimers;
}

/** The server transactions of a layer, and what happens to requests that match none. Requests are valid here. */
export class ServerTransactions implements ServerHost {
  readonly clock: Clock;
  readonly sink: MessageSink;
  readonly timers: TransactionTimers;
  responsesRepeated = 0;
  requestsAbsorbed = 0;
  readonly #user: TransactionUser;
  readonly #limits: TransactionLimits;
  readonly #stateless = new StatelessResponder();
  readonly #byKey = new TextTable<ServerTransaction>();
  /** Requests outside dialogs by what their copies have in common. */
  readonly #byMergeKey = new TextTable<ServerTransaction>();

  constructor(environment: ServerEnvironment, user: TransactionUser, limits: TransactionLimits) {
    this.clock = environment.clock;
    this.sink = environment.sink;
    this.timers = environment.timers;
    this.#user = user;
    this.#limits = limits;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** Whether a request is one that came before, or the ACK or CANCEL of one; `from`: only if that came from there. */
  has(request: SipRequest, from?: Flow): boolean {
    const { method } = request;
    const isOfInvite = method === "ACK" || method === "CANCEL";
    const found = this.#byKey.get(serverKey(request, isOfInvite ? "INVITE" : method));
    if (found === undefined || from === undefined) return found !== undefined;
    const { interfaceName, remoteAddress } = found.flow;
    return remoteAddress === from.remoteAddress && interfaceName === from.interfaceName;
  }

  receive(request: SipRequest, flow: Flow): void {
    if (request.method === "ACK") this.#receiveAck(request, flow);
    else if (request.method === "CANCEL") this.#receiveCancel(request, flow);
    else this.#receiveRequest(request, flow);
  }

  respondStatelessly(
    request: SipRequest,
    statusCode: number,
    flow: Flow,
    options?: StatelessResponseOptions,
  ): void {
    this.sink.sendOn(flow, this.#stateless.write(request, statusCode, flow, options), ignoreFailure);
  }

  /** False: the response would be longer than the request, and was not sent. */
  respondNoLonger(
    request: SipRequest,
    statusCode: number,
    flow: Flow,
    options?: StatelessResponseOptions,
  ): boolean {
    const text = this.#stateless.write(request, statusCode, flow, options);
    if (text.length > request.text.length) return false;
    this.sink.sendOn(flow, text, ignoreFailure);
    return true;
  }

  close(): void {
    for (const transaction of this.#byKey.values()) transaction.terminate();
  }

  removeServer(transaction: ServerTransaction): void {
    this.#byKey.delete(transaction.key);
    this.mayRepeat(transaction);
  }

  mayRepeat(transaction: ServerTransaction): void {
    const key = transaction.mergeKey;
    if (key !== undefined && this.#byMergeKey.get(key) === transaction) this.#byMergeKey.delete(key);
  }

  passAck(ack: SipRequest, flow: Flow): void {
    this.#user.onAck(ack, flow);
  }

  #receiveRequest(request: SipRequest, flow: Flow): void {
    const key = serverKey(request, request.method);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      known.comeAgain(flow);
      return;
    }
    const isOutsideDialog = request.toTag === "";
    if (this.#isFull(isOutsideDialog)) {
      this.respondStatelessly(request, 503, flow);
      return;
    }
    const merge = isOutsideDialog ? mergeKey(request, request.method) : undefined;
    if (merge !== undefined && this.#byMergeKey.has(merge)) {
      this.respondStatelessly(request, 482, flow);
      return;
    }
    if (request.method === "INVITE") {
      this.#add(new InviteServerTransaction(this, request, flow, key, merge), request);
      return;
    }
    const transaction = new NonInviteServerTransaction(this, request, flow, key, merge);
    try {
      this.#add(transaction, request);
    } finally {
      transaction.wait();
    }
  }

  #add(transaction: ServerTransaction, request: SipRequest): void {
    this.#byKey.set(transaction.key, transaction);
    if (transaction.mergeKey !== undefined) this.#byMergeKey.set(transaction.mergeKey, transaction);
    this.#user.onRequest(request, transaction);
  }

  #isFull(isOutsideDialog: boolean): boolean {
    const { maximumServerTransactions, reservedTransactions } = this.#limits;
    const limit = isOutsideDialog
      ? maximumServerTransactions
      : maximumServerTransactions + reservedTransactions;
    return this.#byKey.size >= limit;
  }

  #receiveAck(ack: SipRequest, flow: Flow): void {
    const invite = this.#byKey.get(serverKey(ack, "INVITE"));
    if (invite instanceof InviteServerTransaction && acknowledges(ack, invite)) {
      invite.acknowledge(ack, flow);
      return;
    }
    if (this.#stateless.isOwnTag(ack.toTag)) return;
    // The ACK for a 2xx has a branch of its own; its INVITE need not keep the 2xx any longer.
    const answered = this.#byMergeKey.get(mergeKey(ack, "INVITE"));
    if (answered instanceof InviteServerTransaction) answered.successAcknowledged();
    this.#user.onAck(ack, flow);
  }

  /** RFC 3261 §9.2. The answer needs no transaction: whenever the CANCEL comes again, it finds its INVITE again. */
  #receiveCancel(cancel: SipRequest, flow: Flow): void {
    const invite = this.#byKey.get(serverKey(cancel, "INVITE"));
    if (!(invite instanceof InviteServerTransaction)) {
      this.respondStatelessly(cancel, 481, flow);
      return;
    }
    // The tag should be that of the responses to the INVITE.
    const toTag = invite.toTag === "" ? undefined : invite.toTag;
    this.sink.sendOn(flow, this.#stateless.write(cancel, 200, flow, { toTag }), ignoreFailure);
    if (invite.isFinal || invite.isCancelled) return;
    invite.isCancelled = true;
    this.#user.onCancel(invite, cancel);
  }
}

/** RFC 3261 §17.2.3: without the magic cookie the To tag, too, must be that of the response. */
function acknowledges(ack: SipRequest, invite: InviteServerTransaction): boolean {
  return hasMagicCookie(ack) || ack.toTag === invite.toTag;
}

const ignoreFailure = (): void => {};
