import assert from "node:assert/strict";
import type { Flow, TransportProtocol } from "../transport/flow.ts";
import type { MessageSink } from "../transport/message-sink.ts";
import type { SendFailure, Target } from "../transport/target.ts";
import { type FlowDouble, flow } from "./flow-double.ts";
import { type ResponseParts, responseTo } from "./message-text.ts";

/** A message that was sent. */
export interface Sent {
  readonly text: string;
  /** Where a request went; undefined for what was sent on a flow. */
  readonly target: Target | undefined;
  readonly flow: Flow;
  readonly onFailure: (failure: SendFailure) => void;
}

/** A response that `inject` builds for the last request on the wire. */
export interface ResponseScript {
  readonly statusCode: number;
  readonly parts: ResponseParts;
}

/** A response of the peer to the last request that we sent (ACK and CANCEL aside, unless `to` names one). */
export function response(statusCode: number, parts: ResponseParts = {}): ResponseScript {
  return { statusCode, parts };
}

/** A MessageSink that keeps what is sent, for tests that are scripts: `expect`, `inject`, `expectNothing`. */
export class WireDouble implements MessageSink {
  /** sent-by of our side, per protocol. */
  readonly sentByPorts: Record<TransportProtocol, number> = { UDP: 5060, TCP: 5060, TLS: 5061 };
  readonly sentByHost = "198.51.100.1";
  /** Next `sendTo` over UDP goes by TCP, as the transport does with requests that are too long. */
  upgradesToTcp = false;
  /** Flow on which `inject` brings messages when none is given. */
  incomingFlow: FlowDouble;
  readonly #unseen: Sent[] = [];
  #last: Sent | undefined = undefined;
  #lastRequest: string | undefined = undefined;
  #receive: ((text: string, flow: Flow) => void) | undefined = undefined;

  constructor(protocol: TransportProtocol = "UDP") {
    this.incomingFlow = flow(protocol);
  }

  /** Connects the side that takes injected messages. */
  attach(receive: (text: string, flow: Flow) => void): void {
    this.#receive = receive;
  }

  sentBy(_interfaceName: string, protocol: TransportProtocol): { host: string; port: number } {
    return { host: this.sentByHost, port: this.sentByPorts[protocol] };
  }

  sendTo(target: Target, text: string, onFailure: (failure: SendFailure) => void): Flow | undefined {
    const protocol = this.upgradesToTcp && target.protocol === "UDP" ? "TCP" : target.protocol;
    const used = flow(protocol, {
      interfaceName: target.interfaceName,
      remoteAddress: target.address,
      remotePort: target.port,
    });
    this.#keep({ text, target, flow: used, onFailure });
    return used;
  }

  sendOn(on: Flow, text: string, onFailure: (failure: SendFailure) => void): void {
    this.#keep({ text, target: undefined, flow: on, onFailure });
  }

  /** The next message that was sent must be this: a method or a status code. Returns its text. */
  expect(what: string | number): string {
    return this.expectSent(what).text;
  }

  /** Like `expect`, and says where it went. */
  expectSent(what: string | number): Sent {
    const sent = this.#unseen.shift();
    assert.ok(sent !== undefined, `expected ${what} on the wire, there was nothing`);
    const start = typeof what === "number" ? `SIP/2.0 ${what} ` : `${what} `;
    assert.ok(sent.text.startsWith(start), `expected ${what} on the wire, not\n${sent.text}`);
    this.#last = sent;
    return sent;
  }

  /** What `expect` would take; undefined: nothing is left. */
  get next(): Sent | undefined {
    return this.#unseen[0];
  }

  /** Everything that was sent has been expected. */
  expectNothing(): void {
    assert.deepEqual(
      this.#unseen.map((sent) => sent.text.slice(0, sent.text.indexOf("\r\n"))),
      [],
    );
  }

  /** Brings a message from the peer: a text, or a response to the last INVITE or other request of ours. */
  inject(message: string | ResponseScript, on: Flow = this.incomingFlow): void {
    assert.ok(this.#receive !== undefined, "nobody is attached to the wire");
    this.#receive(typeof message === "string" ? message : this.#build(message), on);
  }

  /** The transport says that the message expected last could not be sent. */
  fail(text = "connection refused"): void {
    assert.ok(this.#last !== undefined, "nothing was expected yet");
    this.#last.onFailure({ code: "connection-refused", text });
  }

  #build(script: ResponseScript): string {
    assert.ok(this.#lastRequest !== undefined, "there was no request to respond to");
    return responseTo(this.#lastRequest, script.statusCode, script.parts);
  }

  #keep(sent: Sent): void {
    this.#unseen.push(sent);
    const isOther = ["ACK ", "CANCEL ", "SIP/2.0 "].some((start) => sent.text.startsWith(start));
    if (!isOther) this.#lastRequest = sent.text;
  }
}
