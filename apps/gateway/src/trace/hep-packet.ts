import { parseIpAddress } from "@tandem/routing";

/** Payload bytes of the largest UDP datagram over IPv4. */
export const maximumHepBytes = 65_507;

export interface HepEnd {
  readonly address: string;
  readonly port: number;
}

/** A SIP message as a collector is to see it. */
export interface HepMessage {
  readonly source: HepEnd;
  readonly destination: HepEnd;
  /** TCP also where TLS carried it. */
  readonly protocol: "UDP" | "TCP";
  /** Milliseconds of the Unix epoch, with a fraction. */
  readonly atMs: number;
  /** Latin1, one character per byte. */
  readonly text: string;
  /** Shared by the legs and attempts of one call; undefined: of no call that we know. */
  readonly correlationId: string | undefined;
}

/** Who captured, as the collector knows it. */
export interface HepAgent {
  /** 0 to 2^32-1. */
  readonly captureId: number;
  /** Sent in clear; undefined: none is asked for. */
  readonly password: string | undefined;
}

const header = Buffer.from("HEP3");
const headerBytes = 6;
const chunkHeaderBytes = 6;
const genericVendor = 0;

/** Types of chunks of the generic vendor, by the HEP3 specification. */
const chunk = {
  family: 0x01,
  protocol: 0x02,
  sourceIpv4: 0x03,
  destinationIpv4: 0x04,
  sourceIpv6: 0x05,
  destinationIpv6: 0x06,
  sourcePort: 0x07,
  destinationPort: 0x08,
  seconds: 0x09,
  microseconds: 0x0a,
  payloadType: 0x0b,
  captureId: 0x0c,
  password: 0x0e,
  payload: 0x0f,
  correlationId: 0x11,
} as const;

const ipFamily = { ipv4: 2, ipv6: 10 } as const;
const ipProtocol = { UDP: 17, TCP: 6 } as const;
const sipPayload = 1;

/**
 * One datagram of the Homer Encapsulation Protocol, version 3. A message that would not fit into a datagram loses its end.
 */
export function hepPacket(message: HepMessage, agent: HepAgent): Buffer {
  const chunks: Buffer[] = [...addressChunks(message), ...timeChunks(message.atMs)];
  chunks.push(
    numberChunk(chunk.payloadType, sipPayload, 1),
    numberChunk(chunk.captureId, agent.captureId, 4),
  );
  if (agent.password !== undefined) chunks.push(bytesChunk(chunk.password, Buffer.from(agent.password)));
  if (message.correlationId !== undefined) {
    chunks.push(bytesChunk(chunk.correlationId, Buffer.from(message.correlationId, "latin1")));
  }
  const used = chunks.reduce((sum, one) => sum + one.length, headerBytes + chunkHeaderBytes);
  const payload = Buffer.from(message.text.slice(0, maximumHepBytes - used), "latin1");
  chunks.push(bytesChunk(chunk.payload, payload));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(used + payload.length);
  return Buffer.concat([header, length, ...chunks]);
}

function addressChunks({ source, destination, protocol }: HepMessage): readonly Buffer[] {
  const from = parseIpAddress(withoutZone(source.address)) ?? 0;
  const to = parseIpAddress(withoutZone(destination.address)) ?? 0;
  const isIpv4 = typeof from === "number" && typeof to === "number";
  return [
    numberChunk(chunk.family, isIpv4 ? ipFamily.ipv4 : ipFamily.ipv6, 1),
    numberChunk(chunk.protocol, ipProtocol[protocol], 1),
    ...(isIpv4
      ? [numberChunk(chunk.sourceIpv4, from, 4), numberChunk(chunk.destinationIpv4, to, 4)]
      : [bytesChunk(chunk.sourceIpv6, sixteen(from)), bytesChunk(chunk.destinationIpv6, sixteen(to))]),
    numberChunk(chunk.sourcePort, source.port, 2),
    numberChunk(chunk.destinationPort, destination.port, 2),
  ];
}

/** Of the address of a link: `fe80::1%eth0`. */
function withoutZone(address: string): string {
  return address.replace(/%.*$/, "");
}

/** Sixteen bytes; of an IPv4 address those of its mapped form (RFC 4291 §2.5.5.2). */
function sixteen(address: number | string): Buffer {
  const bytes = Buffer.alloc(16);
  if (typeof address === "number") {
    bytes.writeUInt16BE(0xffff, 10);
    bytes.writeUInt32BE(address, 12);
    return bytes;
  }
  for (let group = 0; group < 8; group += 1) bytes.writeUInt16BE(address.charCodeAt(group), group * 2);
  return bytes;
}

function timeChunks(atMs: number): readonly Buffer[] {
  const microseconds = Math.round(atMs * 1000);
  return [
    numberChunk(chunk.seconds, Math.floor(microseconds / 1_000_000), 4),
    numberChunk(chunk.microseconds, microseconds % 1_000_000, 4),
  ];
}

function numberChunk(type: number, value: number, bytes: 1 | 2 | 4): Buffer {
  const field = Buffer.alloc(bytes);
  field.writeUIntBE(value, 0, bytes);
  return bytesChunk(type, field);
}

/** Vendor, type, length with this header, value. */
function bytesChunk(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(chunkHeaderBytes + value.length);
  bytes.writeUInt16BE(genericVendor, 0);
  bytes.writeUInt16BE(type, 2);
  bytes.writeUInt16BE(bytes.length, 4);
  value.copy(bytes, chunkHeaderBytes);
  return bytes;
}
