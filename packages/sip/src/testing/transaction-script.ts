import { HandClock } from "@tandem/clock/testing";
import { createResponse, HeaderFields, OutgoingRequest } from "../message/index.ts";
import {
  type ClientTransaction,
  type ServerTransaction,
  TransactionLayer,
  type TransactionLimits,
  type TransactionTimers,
} from "../transaction/index.ts";
import type { TransportProtocol } from "../transport/flow.ts";
import { target } from "./flow-double.ts";
import { request } from "./message-text.ts";
import { TransactionUserDouble } from "./transaction-user-double.ts";
import { WireDouble } from "./wire-double.ts";

export interface ScriptOptions {
  readonly protocol?: TransportProtocol;
  readonly timers?: TransactionTimers;
  readonly limits?: Partial<TransactionLimits>;
  /** Branch of the request that a server script starts with. "": an RFC 2543 element. */
  readonly branch?: string;
}

/** A request of ours as a TU gives it to the layer. */
export function outgoing(
  method: string,
  headerFields: readonly (readonly [name: string, value: string])[] = [],
  body = "",
): OutgoingRequest {
  const fields = new HeaderFields()
    .append("From", "<sip:gateway@example.com>;tag=our-tag")
    .append("To", "<sip:bob@example.com>")
    .append("Call-ID", "our-call")
    .append("CSeq", `7 ${method}`);
  if (method === "INVITE") fields.append("Contact", "<sip:198.51.100.1:5060>");
  for (const [name, value] of headerFields) fields.append(name, value);
  return new OutgoingRequest(method, "sip:bob@192.0.2.1", fields, body);
}

/** The user side of a script. */
export class ScriptUser extends TransactionUserDouble {
  readonly #layer: () => TransactionLayer;
  readonly #protocol: TransportProtocol;

  constructor(layer: () => TransactionLayer, protocol: TransportProtocol) {
    super();
    this.#layer = layer;
    this.#protocol = protocol;
  }

  /** Sends a request of ours to the peer. */
  send(message: OutgoingRequest): ClientTransaction {
    return this.#layer().send(message, target(this.#protocol), this);
  }

  /** Responds in a server transaction. */
  respond(transaction: ServerTransaction, statusCode: number, toTag = "our-tag"): void {
    transaction.respond(createResponse(this.requestOf(transaction), statusCode, { toTag }));
  }
}

/** A layer between a wire and a user, both doubles, on a hand clock. */
export interface TransactionScript {
  readonly clock: HandClock;
  readonly wire: WireDouble;
  readonly tu: ScriptUser;
  readonly layer: TransactionLayer;
}

export function transactionScript(options: ScriptOptions = {}): TransactionScript {
  const protocol = options.protocol ?? "UDP";
  const clock = new HandClock({ monotonicMs: 1_000_000 });
  const wire = new WireDouble(protocol);
  const tu: ScriptUser = new ScriptUser(() => layer, protocol);
  const layer = new TransactionLayer({
    clock,
    sink: wire,
    user: tu,
    ...(options.timers === undefined ? {} : { timers: options.timers }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  wire.attach((text, on) => layer.receive(text, on, on.isReliable ? "stream" : "datagram"));
  return { clock, wire, tu, layer };
}

/** For scripts of client transactions: an INVITE is `tu.send(outgoing("INVITE"))`. */
export function clientOverUdp(): TransactionScript {
  return transactionScript();
}

export function clientOverTcp(): TransactionScript {
  return transactionScript({ protocol: "TCP" });
}

/** A script in which a request of the peer has just reached the TU. */
export interface ServerScript extends TransactionScript {
  readonly transaction: ServerTransaction;
  /** The request as it came. */
  readonly text: string;
}

export function serverScript(method: string, options: ScriptOptions = {}): ServerScript {
  const script = transactionScript(options);
  const branch = options.branch === undefined ? {} : { branch: options.branch };
  const text = request(method, { transport: options.protocol ?? "UDP", ...branch });
  script.wire.inject(text);
  return { ...script, text, transaction: script.tu.expectRequest(method).transaction };
}

export function inviteServerOverUdp(): ServerScript {
  return serverScript("INVITE");
}

export function inviteServerOverTcp(): ServerScript {
  return serverScript("INVITE", { protocol: "TCP" });
}
