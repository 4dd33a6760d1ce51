import {
  headerFlags,
  maximumTcpMessageBytes,
  maximumUdpPayloadBytes,
  minimumUdpPayloadBytes,
  queryTypes,
  recordTypes,
  responseCodes,
} from "../wire/codes.ts";
import { readQuery } from "../wire/read-query.ts";
import type { Response } from "../wire/response.ts";
import { ResponseEncoder } from "../wire/response-encoder.ts";
import { noCounts, type ServerCounts } from "./counts.ts";
import { serverLimits } from "./limits.ts";
import type { NetworkRates } from "./network-rates.ts";
import { respond, respondToMalformed, type ZoneState } from "./responder.ts";
import { sourceNetwork } from "./source-network.ts";

export interface AnsweringOptions {
  /** Undefined: there has never been a zone. */
  readonly state: () => ZoneState | undefined;
  readonly rates: NetworkRates;
  /** A network is above the rate. */
  readonly onLimited: (network: string) => void;
  /** An error of ours: that message stays without an answer. */
  readonly onFault: (error: unknown) => void;
}

const typeNames = new Map<number, string>(
  Object.entries({ ...recordTypes, ...queryTypes }).map(([name, type]) => [type, name]),
);
const codeNames = new Map<number, string>(Object.entries(responseCodes).map(([name, code]) => [code, name]));

/** Messages in, messages out; undefined: no answer. Never throws. */
export class Answering {
  readonly counts: ServerCounts = noCounts();
  readonly #options: AnsweringOptions;
  readonly #encoder = new ResponseEncoder();

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  /** Nothing says where a datagram really came from: answers to one network have a rate. */
  answerDatagram(bytes: Buffer, address: string): Buffer | undefined {
    return this.#guarded(() => this.#answerDatagram(bytes, address));
  }

  answerStream(bytes: Buffer): Buffer | undefined {
    return this.#guarded(() => {
      const response = this.#responseTo(bytes)?.response;
      if (response === undefined) return undefined;
      this.counts.tcpQueries += 1;
      return this.#encoded(response, maximumTcpMessageBytes);
    });
  }

  #answerDatagram(bytes: Buffer, address: string): Buffer | undefined {
    const asked = this.#responseTo(bytes);
    if (asked === undefined) return undefined;
    this.counts.udpQueries += 1;
    const network = sourceNetwork(address);
    const refusals = this.#options.rates.take(network);
    if (refusals === 0) return this.#encodedForUdp(asked.response, asked.payloadBytes);
    this.#options.onLimited(network);
    if (refusals % serverLimits.slip !== 0) {
      this.counts.dropped += 1;
      return undefined;
    }
    this.counts.slipped += 1;
    return this.#encoder.encodeTruncated(asked.response);
  }

  #encodedForUdp(response: Response, payloadBytes: number): Buffer {
    const limit = Math.min(Math.max(payloadBytes, minimumUdpPayloadBytes), maximumUdpPayloadBytes);
    const encoded = this.#encoded(response, limit);
    if ((encoded.readUInt16BE(2) & headerFlags.truncated) !== 0) this.counts.truncated += 1;
    return encoded;
  }

  #encoded(response: Response, limit: number): Buffer {
    const code = codeNames.get(response.responseCode) ?? String(response.responseCode);
    this.counts.responses[code] = (this.counts.responses[code] ?? 0) + 1;
    return this.#encoder.encode(response, limit);
  }

  #responseTo(bytes: Buffer): { response: Response; payloadBytes: number } | undefined {
    const read = readQuery(bytes);
    if (read.kind === "ignored") return undefined;
    if (read.kind === "malformed") {
      return { response: respondToMalformed(read.header), payloadBytes: minimumUdpPayloadBytes };
    }
    const type = typeNames.get(read.query.question.type) ?? "other";
    this.counts.types[type] = (this.counts.types[type] ?? 0) + 1;
    const payloadBytes = read.query.edns?.payloadBytes ?? minimumUdpPayloadBytes;
    return { response: respond(read.query, this.#options.state()), payloadBytes };
  }

  #guarded(answer: () => Buffer | undefined): Buffer | undefined {
    try {
      return answer();
    } catch (error) {
      this.#options.onFault(error);
      return undefined;
    }
  }
}
