/** The bytes of the maps, as program/layout.h has them. The machine is little-endian; addresses and ports are not. */
import { maximumEventTypes } from "../event-types.ts";
import type { DropReason, FlowKind, SourcePolicy } from "../media-relay.ts";
import type { MapShape } from "./bpf-map.ts";
import { addressBytes, writeAddress } from "./mapped-address.ts";

/**
 * Part of the path of the pins. To be raised with every change of program/layout.h but one of a limit alone: maps that are
 * there go on with their own limit until they are removed, and so do their calls.
 */
export const layoutVersion = 3;

export const flowKeyBytes = 24;
export const flowTermsBytes = 232;
const flowStateBytes = 240;
/** After the spin lock. */
const termsAt = 8;
const stateAt: number = termsAt + flowTermsBytes;
const hopBytes = 40;

export const shapes = {
  flows: { keyBytes: flowKeyBytes, valueBytes: stateAt + flowStateBytes, hasLock: true },
  partitions: { keyBytes: 24, valueBytes: 4, hasLock: false },
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
/** What the program that changes terms is given; the terms are its end. */
export const flowChangeBytes: number = 16 + flowTermsBytes;
/** What that program returns when there was such a flow. */
export const changeMade = 1;
const noEventType = 0xff;

/** The part of a value of `flows`, or of what changes it, that holds terms. */
export function termsOf(value: Buffer): Buffer {
  const at = value.length === flowChangeBytes ? flowChangeBytes - flowTermsBytes : termsAt;
  return value.subarray(at, at + flowTermsBytes);
}

/** The part of a value of `flows` that holds the state. */
export function stateOf(value: Buffer): Buffer {
  return value.subarray(stateAt);
}

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
  /** Payload types of telephone events that come by it, 0 to 127. */
  readonly eventTypes: readonly number[];
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

/** Fills the terms of a flow. */
export function writeFlowTerms(into: Buffer, terms: FlowTerms): void {
  into.fill(0);
  into.writeUInt32LE(terms.armed, 0);
  into.writeUInt32LE(terms.sending, 4);
  into[8] = terms.isLeftToStack ? 1 : 0;
  into[9] = kinds.indexOf(terms.kind);
  into[10] = sources.indexOf(terms.source);
  into[11] =
    (terms.remote === undefined ? 0 : flags.hasRemote) |
    (terms.signaling === undefined ? 0 : flags.hasSignaling) |
    (terms.mayUseRoutes ? flags.mayUseRoutes : 0) |
    (terms.isRtcpPort ? flags.isRtcpPort : 0);
  into.writeUInt32LE(terms.clockRate, 12);
  into.writeUInt32LE(terms.networks, 16);
  writeEventTypes(into, 20, terms.eventTypes);
  into.writeUInt16BE(terms.remotePort, 24);
  into[26] = terms.dscp;
  into[27] = terms.linkHeaderBytes;
  writeFlowKey(into, 32, terms.key);
  if (terms.partner !== undefined) writeFlowKey(into, 56, terms.partner);
  if (terms.fixedWay !== undefined) writeFixedWay(into, 80, terms.fixedWay);
  if (terms.remote !== undefined) writeAddress(into, 120, terms.remote);
  if (terms.signaling !== undefined) writeAddress(into, 136, terms.signaling);
  for (const [index, hop] of terms.hops.entries()) {
    if (hop !== undefined) writeHop(into, 152 + index * hopBytes, hop);
  }
}

function writeHop(into: Buffer, at: number, hop: Hop): void {
  writeAddress(into, at, hop.address);
  writeAddress(into, at + addressBytes, hop.next);
  into.writeUInt32LE(hop.ifindex, at + 2 * addressBytes);
}

function writeEventTypes(into: Buffer, at: number, eventTypes: readonly number[]): void {
  for (let index = 0; index < maximumEventTypes; index += 1)
    into[at + index] = eventTypes[index] ?? noEventType;
}

function writeFixedWay(into: Buffer, at: number, { hop, port, dscp }: FixedWay): void {
  if (hop !== undefined) writeHop(into, at, hop);
  into.writeUInt16BE(port, at + 36);
  into[at + 38] = dscp;
  into[at + 39] = 1;
}

/** What a restarted gateway must know of a flow that is in the map already. */
export interface FoundTerms {
  readonly armed: number;
  readonly sending: number;
  readonly isLeftToStack: boolean;
  readonly partner: FlowKey | undefined;
}

export function readFoundTerms(terms: Buffer): FoundTerms {
  const partner = readFlowKey(terms, 56);
  return {
    armed: terms.readUInt32LE(0),
    sending: terms.readUInt32LE(4),
    isLeftToStack: terms[8] === 1,
    partner: partner.ifindex === 0 ? undefined : partner,
  };
}

/** Whether both say the same about whom packets are taken from, and where they go. */
export function haveSameRemote(a: Buffer, b: Buffer): boolean {
  const isFlagSame = (((a[11] as number) ^ (b[11] as number)) & 3) === 0;
  const isSame = (from: number, to: number): boolean => a.subarray(from, to).equals(b.subarray(from, to));
  // Kind and policy, networks, port, remote and signaling address.
  return isFlagSame && isSame(9, 11) && isSame(16, 20) && isSame(24, 26) && isSame(120, 152);
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
  /** Telephone events that have begun. */
  readonly events: number;
}

/** Reads the state of a flow. */
export function readFlowState(state: Buffer): FlowState {
  const number = (at: number): number => Number(state.readBigUInt64LE(at));
  return {
    armed: state.readUInt32LE(0),
    sending: state.readUInt32LE(4),
    sendAddress: Buffer.from(state.subarray(192, 192 + addressBytes)),
    sendPort: state.readUInt16BE(208),
    packets: number(48),
    bytes: number(56),
    rtcpPackets: number(144),
    unforwarded: number(152),
    drops: {
      "no-remote": number(160),
      "source-address": number(168),
      "source-port": number(176),
      "not-rtp": number(184),
    },
    lastNs: state.readBigUInt64LE(40),
    lost: number(120) + lostOfSource(state),
    reordered: number(128),
    duplicates: number(136),
    jitterMs: number(88) / 16 / 1e6,
    events: number(232),
  };
}

/** RFC 3550 A.3: expected less received, never negative. */
function lostOfSource(state: Buffer): number {
  const hasSource = (state.readUInt32LE(96) & 1) !== 0;
  if (!hasSource) return 0;
  const expected = state.readUInt32LE(108) + state.readUInt16LE(28) - state.readUInt16LE(26) + 1;
  return Math.max(0, expected - state.readUInt32LE(112));
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
  state: Buffer,
  terms: FlowTerms,
  latch: Latch | undefined,
  nowNs: bigint,
): void {
  state.fill(0);
  if (latch === undefined) {
    // Numbers that are not the terms': the program takes the terms over with the first packet.
    state.writeUInt32LE((terms.armed - 1) >>> 0, 0);
    state.writeUInt32LE((terms.sending - 1) >>> 0, 4);
    return;
  }
  state.writeUInt32LE(terms.armed, 0);
  state.writeUInt32LE(terms.sending, 4);
  // Taken from there, and sent there.
  for (const [address, port] of [
    [8, 24],
    [192, 208],
  ] as const) {
    writeAddress(state, address, latch.address);
    state.writeUInt16BE(latch.port, port);
  }
  state.writeBigUInt64LE(nowNs, 32);
}

export function writePartition(
  key: Buffer,
  value: Buffer,
  place: { readonly ifindex: number; readonly address: Buffer },
  ports: { readonly first: number; readonly last: number },
): void {
  key.writeUInt32LE(place.ifindex, 0);
  writeAddress(key, 8, place.address);
  value.writeUInt16LE(ports.first, 0);
  value.writeUInt16LE(ports.last, 2);
}

/** A network of the list `networks`; `prefix` counts bits of the mapped form. */
export function writeNetwork(key: Buffer, networks: number, address: Buffer, prefix: number): void {
  key.writeUInt32LE(32 + prefix, 0);
  key.writeUInt32LE(networks, 4);
  writeAddress(key, 8, address);
}
