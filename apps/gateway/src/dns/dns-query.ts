import { randomInt } from "node:crypto";
import type { RecordType } from "@tandem/sip/locate";
import { type DecodedPacket, decode, encode, RECURSION_DESIRED } from "dns-packet";

/** Payload that our UDP socket takes; what fits into any path without fragments (DNS flag day 2020). */
const udpPayloadBytes = 1232;

/** One question as it goes out. Its id is random, like the port it leaves from: both must be guessed to forge an answer. */
export interface DnsQuery {
  readonly id: number;
  readonly type: RecordType;
  readonly name: string;
  readonly bytes: Buffer;
}

/** `hasEdns`: announces the payload size (RFC 6891); old servers may refuse that. Throws when the name cannot be written. */
export function makeDnsQuery(type: RecordType, name: string, hasEdns: boolean): DnsQuery {
  const id = randomInt(0x10000);
  const bytes = encode({
    type: "query",
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type, name, class: "IN" }],
    additionals: hasEdns
      ? [
          {
            type: "OPT",
            name: ".",
            udpPayloadSize: udpPayloadBytes,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          },
        ]
      : [],
  });
  return { id, type, name, bytes };
}

/** The response to this query: same id, same question (RFC 5452 §9.1). undefined: something else, or broken. */
export function readDnsResponse(query: DnsQuery, bytes: Buffer): DecodedPacket | undefined {
  const packet = decodeSafely(bytes);
  if (packet === undefined || packet.type !== "response" || packet.id !== query.id) return undefined;
  const [question, ...others] = packet.questions ?? [];
  if (question === undefined || others.length > 0) return undefined;
  const isSame = question.type === query.type && question.name.toLowerCase() === query.name.toLowerCase();
  return isSame && question.class === "IN" ? packet : undefined;
}

function decodeSafely(bytes: Buffer): DecodedPacket | undefined {
  try {
    const packet = decode(bytes);
    // The library reads on behind the end of some records: such a packet was cut off.
    return decode.bytes > bytes.length ? undefined : packet;
  } catch {
    return undefined;
  }
}
