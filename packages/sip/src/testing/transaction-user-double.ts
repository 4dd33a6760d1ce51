import assert from "node:assert/strict";
import type { RequestFault, SipRequest, SipResponse, SipSyntaxError } from "../message/index.ts";
import type {
  ClientFailureKind,
  ClientTransaction,
  ClientTransactionUser,
  ServerTransaction,
  TransactionUser,
} from "../transaction/index.ts";
import type { Flow } from "../transport/flow.ts";

/** Something that the transaction layer told its user. */
export interface TuEvent {
  /** "response 180", "request INVITE", "failure timeout", "terminated", "ack", "cancel", "stray 200", … */
  readonly what: string;
  readonly request?: SipRequest;
  readonly response?: SipResponse;
  readonly server?: ServerTransaction;
  readonly client?: ClientTransaction | undefined;
  readonly text?: string;
  readonly flow?: Flow;
}

/** A transaction user that keeps what it hears, for tests that are scripts. Expectations come in order. */
export class TransactionUserDouble implements TransactionUser, ClientTransactionUser {
  /** Called at once for each event, to answer from inside the callback. */
  react: ((event: TuEvent) => void) | undefined = undefined;
  readonly #unseen: TuEvent[] = [];
  readonly #requests = new WeakMap<ServerTransaction, SipRequest>();

  onRequest(request: SipRequest, server: ServerTransaction): void {
    this.#requests.set(server, request);
    server.onTerminated = () => this.#keep({ what: "terminated", server });
    server.onTransportError = (failure) =>
      this.#keep({ what: "transport-error", server, text: failure.text });
    server.onTimeoutWithoutAck = () => this.#keep({ what: "no ack", server });
    this.#keep({ what: `request ${request.method}`, request, server });
  }

  /** What a server transaction began with, even after it has let go of it. */
  requestOf(server: ServerTransaction): SipRequest {
    const request = this.#requests.get(server);
    assert.ok(request !== undefined, "a transaction that this user never saw");
    return request;
  }

  onAck(request: SipRequest, flow: Flow): void {
    this.#keep({ what: "ack", request, flow });
  }

  onCancel(server: ServerTransaction, request: SipRequest): void {
    this.#keep({ what: "cancel", request, server });
  }

  onStrayResponse(response: SipResponse, flow: Flow): void {
    this.#keep({ what: `stray ${response.statusCode}`, response, flow });
  }

  onUnanswerable(fault: RequestFault | SipSyntaxError, flow: Flow): void {
    const text = "reasonPhrase" in fault ? fault.reasonPhrase : fault.text;
    this.#keep({ what: "unanswerable", text, flow });
  }

  onResponse(response: SipResponse, client: ClientTransaction): void {
    this.#keep({ what: `response ${response.statusCode}`, response, client });
  }

  onFailure(kind: ClientFailureKind, text: string, client: ClientTransaction | undefined): void {
    this.#keep({ what: `failure ${kind}`, client, text });
  }

  onTerminated(client: ClientTransaction): void {
    this.#keep({ what: "terminated", client });
  }

  /** A response with this status code, or whatever else `what` of an event says. */
  expect(what: number | string): TuEvent {
    const event = this.#unseen.shift();
    const wanted = typeof what === "number" ? `response ${what}` : what;
    assert.equal(event?.what, wanted);
    return event as TuEvent;
  }

  /** A new request; returns the transaction to respond with. */
  expectRequest(method: string): { request: SipRequest; transaction: ServerTransaction } {
    const { request, server } = this.expect(`request ${method}`);
    assert.ok(request !== undefined && server !== undefined);
    return { request, transaction: server };
  }

  expectTerminated(): void {
    this.expect("terminated");
  }

  expectNothing(): void {
    assert.deepEqual(
      this.#unseen.map((event) => event.what),
      [],
    );
  }

  #keep(event: TuEvent): void {
    this.#unseen.push(event);
    this.react?.(event);
  }
}
