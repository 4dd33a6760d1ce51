/** The bytes of the maps, as program/layout.h has them. The machine is little-endian; addresses and ports are not. */
import type { DropReason, FlowKind, SourcePolicy } from "../media-relay.ts";
import type { MapShape } from "./bpf-map.ts";
import { addressBytes, writeAddress } from "./mapped-address.ts";

/**
 * Part of the path of the pins. To be raised with every change of program/layout.h but one of a limit alone: maps that are
 * there go on with their own limit until they are removed, and so do their calls.
 */
export const layoutVersion = 2;

export const flowKeyBytes = 24;
const flowTermsBytes = 216;
/** After the spin lock. */
const termsOffset = 4;
const hopBytes = 36;

export const shapes = {
  flows: { keyBytes: flowKeyBytes, valueBytes: termsOffset + flowTermsBytes, hasLock: true },
  states: { keyBytes: flowKeyBytes, valueBytes: 224, hasLock: true },
  partitions: { keyBytes: 20, valueBytes: 4, hasLock: false },
  networks: { keyBytes: 24, valueBytes: 4, hasLock: false },
  counts: { keyBytes: 4, valueBytes: 8, hasLock: false },
  lease: { keyBytes: 4, valueBytes: 8, hasLock: false },
} as const satisfies Record<string, MapShape>;

/** Of which an endpoint takes two; as in program/layout.h. */
export const maximumFlows = 131_072;
/** Copies of RTCP packets that wait for the gateway; as in program/layout.h. */
export const maximumControlPackets = 1024;
/** Of an RTCP packet so many bytes are copied. */
export const controlPayloadBytes = 128;
export const controlPacketBytes: number = flowKeyBytes + 16 + controlPayloadBytes;

/** A local transport address and the device that its packets come by. */
export interface FlowKey {
  readonly ifindex: number;
  readonly port: number;
  /** Mapped form, 16 bytes. */
  readonly address: Buffer;
}

/** A far address and the neighbour and device to send by. */
export interface Hop {
  readonly address: Buffer;
  readonly next: Buffer;
  readonly ifindex: number;
}

export interface FlowTerms {
  readonly armed: number;
  readonly sending: number;
  /** Packets are left to the stack: another engine has bound the port. */
  readonly isLeftToStack: boolean;
  readonly kind: FlowKind;
  readonly source: SourcePolicy;
  readonly isRtcpPort: boolean;
  /** Neighbours of addresses that were latched to may be found in the routes. */
  readonly mayUseRoutes: boolean;
  readonly key: FlowKey;
  readonly partner: FlowKey | undefined;
  readonly remote: Buffer | undefined;
  readonly remotePort: number;
  readonly signaling: Buffer | undefined;
  readonly dscp: number;
  readonly linkHeaderBytes: number;
  readonly networks: number;
  readonly clockRate: number;
  readonly hops: readonly [Hop | undefined, Hop | undefined];
  /** Undefined: the partner's latch says where packets go. */
  readonly fixedWay: FixedWay | undefined;
}

/** Where the packets of a flow go, when its partner's far side has one address only. */
export interface FixedWay {
  /** Undefined: nowhere. */
  readonly hop: Hop | undefined;
  readonly port: number;
  readonly dscp: number;
}

const kinds: readonly FlowKind[] = ["rtp", "udptl", "opaque"];
const sources: readonly SourcePolicy[] = ["address", "strict", "symmetric"];
const flags = { hasRemote: 1, hasSignaling: 2, mayUseRoutes: 4, isRtcpPort: 8 } as const;

export function writeFlowKey(into: Buffer, at: number, key: FlowKey): void {
  into.writeUInt32LE(key.ifindex, at);
  into.writeUInt16BE(key.port, at + 4);
  into.writeUInt16LE(0, at + 6);
  writeAddress(into, at + 8, key.address);
}

export function readFlowKey(from: Buffer, at: number): FlowKey {
  return {
    ifindex: from.readUInt32LE(at),
    port: from.readUInt16BE(at + 4),
    address: Buffer.from(from.subarray(at + 8, at + 8 + addressBytes)),
  };
}

/** Fills a value of the map `flows`. */
export function writeFlowTerms(value: Buffer, terms: FlowTerms): void {
  const at = termsOffset;
  value.fill(0);
  value.writeUInt32LE(terms.armed, at);
  value.writeUInt32LE(terms.sending, at + 4);
  value[at + 8] = terms.isLeftToStack ? 1 : 0;
  value[at + 9] = kinds.indexOf(terms.kind);
  value[at + 10] = sources.indexOf(terms.source);
  value[at + 11] =
    (terms.remote === undefined ? 0 : flags.hasRemote) |
    (terms.signaling === undefined ? 0 : flags.hasSignaling) |
    (terms.mayUseRoutes ? flags.mayUseRoutes : 0) |
    (terms.isRtcpPort ? flags.isRtcpPort : 0);
  writeFlowKey(value, at + 12, terms.key);
  if (terms.partner !== undefined) writeFlowKey(value, at + 36, terms.partner);
  if (terms.remote !== undefined) writeAddress(value, at + 60, terms.remote);
  if (terms.signaling !== undefined) writeAddress(value, at + 76, terms.signaling);
  value.writeUInt16BE(terms.remotePort, at + 92);
  value[at + 94] = terms.dscp;
  value[at + 95] = terms.linkHeaderBytes;
  value.writeUInt32LE(terms.networks, at + 96);
  value.writeUInt32LE(terms.clockRate, at + 100);
  for (const [index, hop] of terms.hops.entries()) {
    if (hop === undefined) continue;
    const hopAt = at + 104 + index * hopBytes;
    writeAddress(value, hopAt, hop.address);
    writeAddress(value, hopAt + addressBytes, hop.next);
    value.writeUInt32LE(hop.ifindex, hopAt + 2 * addressBytes);
  }
  if (terms.fixedWay !== undefined) writeFixedWay(value, at + 176, terms.fixedWay);
}

function writeFixedWay(value: Buffer, at: number, { hop, port, dscp }: FixedWay): void {
  if (hop !== undefined) {
    writeAddress(value, at, hop.address);
    writeAddress(value, at + addressBytes, hop.next);
    value.writeUInt32LE(hop.ifindex, at + 32);
  }
  value.writeUInt16BE(port, at + 36);
  value[at + 38] = dscp;
  value[at + 39] = 1;
}

/** What a restarted gateway must know of a flow that is in the map already. */
export interface FoundTerms {
  readonly armed: number;
  readonly sending: number;
  readonly isLeftToStack: boolean;
  readonly partner: FlowKey | undefined;
}

export function readFoundTerms(value: Buffer): FoundTerms {
  const partner = readFlowKey(value, termsOffset + 36);
  return {
    armed: value.readUInt32LE(termsOffset),
    sending: value.readUInt32LE(termsOffset + 4),
    isLeftToStack: value[termsOffset + 8] === 1,
    partner: partner.ifindex === 0 ? undefined : partner,
  };
}

/** Whether both values of `flows` say the same about whom packets are taken from, and where they go. */
export function haveSameRemote(a: Buffer, b: Buffer): boolean {
  const isFlagSame = (((a[termsOffset + 11] as number) ^ (b[termsOffset + 11] as number)) & 3) === 0;
  const part = (value: Buffer, from: number, to: number): Buffer =>
    value.subarray(termsOffset + from, termsOffset + to);
  return (
    isFlagSame &&
    part(a, 9, 11).equals(part(b, 9, 11)) &&
    part(a, 60, 94).equals(part(b, 60, 94)) &&
    part(a, 96, 100).equals(part(b, 96, 100))
  );
}

/** What the program knows of a flow. */
export interface FlowState {
  readonly armed: number;
  readonly sending: number;
  /** Where packets to the far side go; port 0: nowhere, or as `remote` says when `sending` is not that of the terms. */
  readonly sendAddress: Buffer;
  readonly sendPort: number;
  readonly packets: number;
  readonly bytes: number;
  readonly rtcpPackets: number;
  readonly unforwarded: number;
  readonly drops: Readonly<Record<DropReason, number>>;
  /** CLOCK_MONOTONIC; 0: nothing was taken yet. */
  readonly lastNs: bigint;
  readonly lost: number;
  readonly reordered: number;
  readonly duplicates: number;
  readonly jitterMs: number;
}

/** Reads a value of the map `states`. */
export function readFlowState(value: Buffer): FlowState {
  const number = (at: number): number => Number(value.readBigUInt64LE(at));
  return {
    armed: value.readUInt32LE(4),
    sending: value.readUInt32LE(8),
    sendAddress: Buffer.from(value.subarray(32, 32 + addressBytes)),
    sendPort: value.readUInt16BE(50),
    packets: number(72),
    bytes: number(80),
    rtcpPackets: number(88),
    unforwarded: number(96),
    drops: {
      "no-remote": number(104),
      "source-address": number(112),
      "source-port": number(120),
      "not-rtp": number(128),
    },
    lastNs: value.readBigUInt64LE(136),
    lost: number(144) + lostOfSource(value),
    reordered: number(152),
    duplicates: number(160),
    jitterMs: number(192) / 16 / 1e6,
  };
}

/** RFC 3550 A.3: expected less received, never negative. */
function lostOfSource(value: Buffer): number {
  const hasSource = (value.readUInt32LE(12) & 1) !== 0;
  if (!hasSource) return 0;
  const expected = value.readUInt32LE(200) + value.readUInt16LE(214) - value.readUInt16LE(212) + 1;
  return Math.max(0, expected - value.readUInt32LE(204));
}

/** A copy of an RTCP packet that the program took. */
export interface ControlPacket {
  readonly key: FlowKey;
  /** CLOCK_MONOTONIC. */
  readonly arrivedNs: bigint;
  /** Of the whole packet. */
  readonly bytes: number;
  /** Its beginning; good until the next one is read. */
  readonly data: Buffer;
}

/** Reads a value of the queue `control`. */
export function readControlPacket(value: Buffer): ControlPacket {
  const copied = Math.min(controlPayloadBytes, value.readUInt32LE(flowKeyBytes + 12));
  return {
    key: readFlowKey(value, 0),
    arrivedNs: value.readBigUInt64LE(flowKeyBytes),
    bytes: value.readUInt32LE(flowKeyBytes + 8),
    data: value.subarray(flowKeyBytes + 16, flowKeyBytes + 16 + copied),
  };
}

export interface Latch {
  readonly address: Buffer;
  readonly port: number;
}

/** A state in which nothing has come yet, latched as a journal says. */
export function writeFreshState(
  value: Buffer,
  terms: FlowTerms,
  latch: Latch | undefined,
  nowNs: bigint,
): void {
  value.fill(0);
  if (latch === undefined) {
    // Numbers that are not the terms': the program takes the terms over with the first packet.
    value.writeUInt32LE(terms.armed - 1, 4);
    value.writeUInt32LE(terms.sending - 1, 8);
    return;
  }
  value.writeUInt32LE(terms.armed, 4);
  value.writeUInt32LE(terms.sending, 8);
  for (const at of [16, 32]) writeAddress(value, at, latch.address);
  for (const at of [48, 50]) value.writeUInt16BE(latch.port, at);
  value.writeBigUInt64LE(nowNs, 64);
}

export function writePartition(
  key: Buffer,
  value: Buffer,
  place: { readonly ifindex: number; readonly address: Buffer },
  ports: { readonly first: number; readonly last: number },
): void {
  key.writeUInt32LE(place.ifindex, 0);
  writeAddress(key, 4, place.address);
  value.writeUInt16LE(ports.first, 0);
  value.writeUInt16LE(ports.last, 2);
}

/** A network of the list `networks`; `prefix` counts bits of the mapped form. */
export function writeNetwork(key: Buffer, networks: number, address: Buffer, prefix: number): void {
  key.writeUInt32LE(32 + prefix, 0);
  key.writeUInt32LE(networks, 4);
  writeAddress(key, 8, address);
}
