import { randomBytes } from "node:crypto";
import {
  createResponse,
  type HeaderFields,
  type OverloadReporter,
  type PacketSource,
  type SipRequest,
  serialize,
} from "../message/index.ts";
import type { Flow } from "../transport/flow.ts";

/** Where a request came from, as `createResponse` wants to know it. */
export function sourceOf(flow: Flow): PacketSource {
  return { address: flow.remoteAddress, port: flow.remotePort };
}

export interface StatelessResponseOptions {
  /** Default: that of the status code. */
  readonly reasonPhrase?: string | undefined;
  /** Default: the same for each copy of the request. */
  readonly toTag?: string | undefined;
  /** Besides those that RFC 3261 §8.2.6 demands. */
  readonly headerFields?: HeaderFields | undefined;
  /** Left out: a client that announces overload control hears nothing of it, which makes the response longer. */
  readonly overload?: OverloadReporter | undefined;
}

/**
 * Responses without a transaction (RFC 3261 §8.2.7). A retransmitted request gets the same To tag again, and an ACK
 * shows by that tag that it acknowledges such a response: nobody needs to remember either.
 */
export class StatelessResponder {
  /** Differs from process to process, so that nobody can make our ACKs vanish by guessing. */
  readonly #tagPrefix = `s${randomBytes(6).toString("hex")}-`;

  /** The response as text. */
  write(request: SipRequest, statusCode: number, flow: Flow, options: StatelessResponseOptions = {}): string {
    const { reasonPhrase, toTag = this.#tagOf(request), headerFields, overload } = options;
    const response = createResponse(request, statusCode, {
      receivedFrom: sourceOf(flow),
      toTag,
      reasonPhrase,
      overload,
    });
    if (headerFields !== undefined) response.headerFields.appendAll(headerFields);
    return serialize(response);
  }

  /** Whether a To tag is one of ours. */
  isOwnTag(toTag: string): boolean {
    return toTag.startsWith(this.#tagPrefix);
  }

  #tagOf(request: SipRequest): string {
    return this.#tagPrefix + hash(request.branch, hash(request.callId, 0x811c9dc5)).toString(36);
  }
}

/** FNV-1a, 32 bits. Only has to be the same for the same request. */
function hash(text: string, start: number): number {
  let value = start;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
