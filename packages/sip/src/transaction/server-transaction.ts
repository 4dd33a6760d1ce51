import type { Clock } from "@tandem/clock";
import { type OutgoingResponse, parseNameAddr, type SipRequest, serialize } from "../message/index.ts";
import type { Flow } from "../transport/flow.ts";
import type { MessageSink } from "../transport/message-sink.ts";
import type { SendFailure } from "../transport/target.ts";
import type { TransactionTimers } from "./transaction-timers.ts";

/** What a server transaction needs of its layer. */
export interface ServerHost {
  readonly clock: Clock;
  readonly sink: MessageSink;
  readonly timers: TransactionTimers;
  /** Responses that were sent again, asked for or not. */
  responsesRepeated: number;
  /** Requests that came again. */
  requestsAbsorbed: number;
  removeServer(transaction: ServerTransaction): void;
  /** Another request with the same Call-ID, CSeq and From tag is no longer a merged one (RFC 3261 §8.2.2.2). */
  mayRepeat(transaction: ServerTransaction): void;
  passAck(ack: SipRequest, flow: Flow): void;
}

/**
 * A server transaction: one request and our responses (RFC 3261 §17.2). Owns its timers and sends; what happens when is
 * decided by the machine of its kind. The text of the last response is dropped once it cannot be sent again.
 */
export abstract class ServerTransaction {
  readonly method: string;
  /** The request has a To tag. */
  readonly isInDialog: boolean;
  /** Key of RFC 3261 §17.2.3. */
  readonly key: string;
  /** Key among requests that may be merged; undefined for requests inside a dialog. */
  readonly mergeKey: string | undefined;
  /** The transaction is over. Not called after `close` of the layer. */
  onTerminated: ((transaction: ServerTransaction) => void) | undefined = undefined;
  /** A response certainly did not go out. The transaction lives on (RFC 6026 §8.8). */
  onTransportError: ((failure: SendFailure, transaction: ServerTransaction) => void) | undefined = undefined;
  /** INVITE only: 64*T1 after our 3xx-6xx there was still no ACK. */
  onTimeoutWithoutAck: ((transaction: ServerTransaction) => void) | undefined = undefined;
  /**
   * Whether a 3xx-6xx to an INVITE is repeated until its ACK comes (timer G). False towards an address that may be
   * anybody's: only a copy of the request brings the response again.
   */
  repeatsFailure = true;
  protected readonly host: ServerHost;
  /** The last response as sent; "" while there is none, or none that may be sent again. */
  protected text = "";
  #request: SipRequest | undefined;
  #flow: Flow;
  /** To of the last response. */
  #to: string | undefined = undefined;

  constructor(host: ServerHost, request: SipRequest, flow: Flow, key: string, mergeKey: string | undefined) {
    this.host = host;
    this.#request = request;
    this.method = request.method;
    this.isInDialog = request.toTag !== "";
    this.#flow = flow;
    this.key = key;
    this.mergeKey = mergeKey;
  }

  abstract get state(): string;
  /** A final response was given. */
  abstract get isFinal(): boolean;

  /** Undefined once its outcome is settled: a transaction outlives its request by half a minute. */
  get request(): SipRequest | undefined {
    return this.#request;
  }

  /** Path on which the request came, and its responses go. */
  get flow(): Flow {
    return this.#flow;
  }

  /** Tag in the To of the last response; "" before there is one. */
  get toTag(): string {
    if (this.#to === undefined) return "";
    const to = parseNameAddr(this.#to);
    return to.ok ? (to.value.tag ?? "") : "";
  }

  /**
   * Sends a response, unless the state no longer allows it. A 2xx to INVITE may be given again: the TU repeats it.
   * @throws UnserializableMessageError when the response cannot be written
   */
  abstract respond(response: OutgoingResponse): void;
  /** The request came again. */
  abstract absorb(): void;
  /** A send of this transaction failed. */
  abstract transportFailed(failure: SendFailure): void;
  /** Ends at once and tells nobody. Idempotent. */
  abstract terminate(): void;

  /** Sends the last response once more, if it still may be sent: for a TU that repeats its 2xx. */
  retransmit(): void {
    if (this.text === "") return;
    this.host.responsesRepeated += 1;
    this.#transmit();
  }

  /** The request came again, perhaps on another connection because the first is closed. */
  comeAgain(flow: Flow): void {
    this.host.requestsAbsorbed += 1;
    if (!this.#flow.isOpen) this.#flow = flow;
    this.absorb();
  }

  /**
   * The request is needed no more: its text and everything parsed from it may go. With it goes the To of the responses,
   * which is a part of that text: only an INVITE without a final response, or without an ACK for it, is asked for its tag.
   */
  protected releaseRequest(): void {
    this.#request = undefined;
    this.#to = undefined;
  }

  protected send(written: WrittenResponse): void {
    this.text = written.text;
    if (this.#request !== undefined) this.#to = written.to;
    this.#transmit();
  }

  /** A listener for each send, and none that lives as long as the transaction: most of its life it sends nothing. */
  #transmit(): void {
    this.host.sink.sendOn(this.#flow, this.text, (failure) => this.transportFailed(failure));
  }
}

/** A response as text, and the To that its tag is found in. */
export interface WrittenResponse {
  readonly text: string;
  readonly to: string | undefined;
}

/** Written before the state changes, so that a response that cannot be written leaves the transaction as it was. */
export function write(response: OutgoingResponse): WrittenResponse {
  return { text: serialize(response), to: response.headerFields.value("To") };
}
