/** The bytes of the maps, as program/layout.h has them. The machine is little-endian; addresses and ports are not. */
import { maximumEventTypes } from "../event-types.ts";
import type { DropReason, FlowKind, SourcePolicy } from "../media-relay.ts";
import type { MapShape } from "./bpf-map.ts";
import { addressBytes, writeAddress } from "./mapped-address.ts";

/**
 * Part of the path of the pins. To be raised with every change of program/layout.h but one of a limit alone: maps that are
 * there go on with their own limit until they are removed, and so do their calls.
 */
export const layoutVersion = 4;

export const flowKeyBytes = 24;
export const flowTermsBytes = 200;
const flowBytes = 448;
/** After the tally. */
const termsAt = 48;
/** Neighbouring ports whose flows one entry of `ports` tells. */
export const blockPorts = 32;

export const shapes = {
  flows: { keyBytes: 4, valueBytes: flowBytes, hasLock: true },
  ports: { keyBytes: flowKeyBytes, valueBytes: 4 + 4 * blockPorts, hasLock: true },
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

/** Fills the key of `ports` that a flow's port belongs to. */
export function writeBlockKey(into: Buffer, key: FlowKey): void {
  writeFlowKey(into, 0, { ...key, port: key.port - (key.port % blockPorts) });
}

/** Where a value of `ports` has the number of the flow of a port, plus 1; 0 there: none. */
export function numberAt(port: number): number {
  return 4 + 4 * (port % blockPorts);
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
  /** The way to the remote, and to the address that packets may go to besides. By the device of `key`, or nowhere. */
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
const flags = {
  hasRemote: 1,
  hasSignaling: 2,
  mayUseRoutes: 4,
  isRtcpPort: 8,
  hasWayToRemote: 16,
  hasWayToOther: 32,
} as const;
/** In the terms. */
const at = {
  remote: 0,
  signaling: 16,
  remoteNext: 32,
  other: 48,
  otherNext: 64,
  armed: 80,
  sending: 84,
  mode: 88,
  kind: 89,
  source: 90,
  flags: 91,
  clockRate: 92,
  networks: 96,
  eventTypes: 100,
  remotePort: 104,
  dscp: 106,
  linkHeader: 107,
  key: 112,
  partner: 136,
  way: 160,
} as const;

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
  const [toRemote, toOther] = terms.hops;
  into.fill(0);
  if (terms.remote !== undefined) writeAddress(into, at.remote, terms.remote);
  if (terms.signaling !== undefined) writeAddress(into, at.signaling, terms.signaling);
  if (toRemote !== undefined) writeAddress(into, at.remoteNext, toRemote.next);
  if (toOther !== undefined) {
    writeAddress(into, at.other, toOther.address);
    writeAddress(into, at.otherNext, toOther.next);
  }
  into.writeUInt32LE(terms.armed, at.armed);
  into.writeUInt32LE(terms.sending, at.sending);
  into[at.mode] = terms.isLeftToStack ? 1 : 0;
  into[at.kind] = kinds.indexOf(terms.kind);
  into[at.source] = sources.indexOf(terms.source);
  into[at.flags] = flagsOf(terms);
  into.writeUInt32LE(terms.clockRate, at.clockRate);
  into.writeUInt32LE(terms.networks, at.networks);
  writeEventTypes(into, at.eventTypes, terms.eventTypes);
  into.writeUInt16BE(terms.remotePort, at.remotePort);
  into[at.dscp] = terms.dscp;
  into[at.linkHeader] = terms.linkHeaderBytes;
  writeFlowKey(into, at.key, terms.key);
  if (terms.partner !== undefined) writeFlowKey(into, at.partner, terms.partner);
  if (terms.fixedWay !== undefined) writeFixedWay(into, at.way, terms.fixedWay);
}

function flagsOf(terms: FlowTerms): number {
  const [toRemote, toOther] = terms.hops;
  return (
    (terms.remote === undefined ? 0 : flags.hasRemote) |
    (terms.signaling === undefined ? 0 : flags.hasSignaling) |
    (terms.mayUseRoutes ? flags.mayUseRoutes : 0) |
    (terms.isRtcpPort ? flags.isRtcpPort : 0) |
    (leadsByDeviceOf(terms.key, toRemote) ? flags.hasWayToRemote : 0) |
    (leadsByDeviceOf(terms.key, toOther) ? flags.hasWayToOther : 0)
  );
}

function leadsByDeviceOf(key: FlowKey, hop: Hop | undefined): boolean {
  return hop !== undefined && hop.ifindex === key.ifindex;
}

function writeEventTypes(into: Buffer, from: number, eventTypes: readonly number[]): void {
  for (let index = 0; index < maximumEventTypes; index += 1)
    into[from + index] = eventTypes[index] ?? noEventType;
}

function writeFixedWay(into: Buffer, from: number, { hop, port, dscp }: FixedWay): void {
  if (hop !== undefined) {
    writeAddress(into, from, hop.address);
    writeAddress(into, from + addressBytes, hop.next);
    into.writeUInt32LE(hop.ifindex, from + 2 * addressBytes);
  }
  into.writeUInt16BE(port, from + 36);
  into[from + 38] = dscp;
  into[from + 39] = 1;
}

/** What a restarted gateway must know of a flow that is in the map already. */
export interface FoundTerms {
  readonly armed: number;
  readonly sending: number;
  readonly isLeftToStack: boolean;
  readonly partner: FlowKey | undefined;
}

export function readFoundTerms(terms: Buffer): FoundTerms {
  const partner = readFlowKey(terms, at.partner);
  return {
    armed: terms.readUInt32LE(at.armed),
    sending: terms.readUInt32LE(at.sending),
    isLeftToStack: terms[at.mode] === 1,
    partner: partner.ifindex === 0 ? undefined : partner,
  };
}

/** Whether both say the same about whom packets are taken from, and where they go. */
export function haveSameRemote(a: Buffer, b: Buffer): boolean {
  const isFlagSame = (((a[at.flags] as number) ^ (b[at.flags] as number)) & 3) === 0;
  const isSame = (from: number, to: number): boolean => a.subarray(from, to).equals(b.subarray(from, to));
  return (
    isFlagSame &&
    isSame(at.kind, at.flags) &&
    isSame(at.networks, at.eventTypes) &&
    isSame(at.remotePort, at.dscp) &&
    // Remote and signaling address.
    isSame(at.remote, at.remoteNext)
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
  /** Telephone events that have begun. */
  readonly events: number;
}

/** In a value of `flows`: tally and state. */
const inFlow = {
  drops: 0,
  rtcpPackets: 32,
  unforwarded: 40,
  armed: 256,
  sending: 260,
  bound: 264,
  boundPort: 280,
  base: 282,
  maximum: 284,
  accepted: 288,
  last: 296,
  packets: 304,
  bytes: 312,
  jitter: 344,
  flags: 352,
  cycles: 364,
  received: 368,
  lostBefore: 376,
  reordered: 384,
  duplicates: 392,
  events: 400,
  send: 408,
  sendPort: 424,
} as const;

/** Reads what a value of `flows` says but for the terms. */
export function readFlowState(flow: Buffer): FlowState {
  const number = (from: number): number => Number(flow.readBigUInt64LE(from));
  return {
    armed: flow.readUInt32LE(inFlow.armed),
    sending: flow.readUInt32LE(inFlow.sending),
    sendAddress: Buffer.from(flow.subarray(inFlow.send, inFlow.send + addressBytes)),
    sendPort: flow.readUInt16BE(inFlow.sendPort),
    packets: number(inFlow.packets),
    bytes: number(inFlow.bytes),
    rtcpPackets: number(inFlow.rtcpPackets),
    unforwarded: number(inFlow.unforwarded),
    drops: {
      "no-remote": number(inFlow.drops),
      "source-address": number(inFlow.drops + 8),
      "source-port": number(inFlow.drops + 16),
      "not-rtp": number(inFlow.drops + 24),
    },
    lastNs: flow.readBigUInt64LE(inFlow.last),
    lost: number(inFlow.lostBefore) + lostOfSource(flow),
    reordered: number(inFlow.reordered),
    duplicates: number(inFlow.duplicates),
    jitterMs: number(inFlow.jitter) / 16 / 1e6,
    events: number(inFlow.events),
  };
}

/** RFC 3550 A.3: expected less received, never negative. */
function lostOfSource(flow: Buffer): number {
  const hasSource = (flow.readUInt32LE(inFlow.flags) & 1) !== 0;
  if (!hasSource) return 0;
  const [base, maximum] = [flow.readUInt16LE(inFlow.base), flow.readUInt16LE(inFlow.maximum)];
  const expected = flow.readUInt32LE(inFlow.cycles) + maximum - base + 1;
  return Math.max(0, expected - flow.readUInt32LE(inFlow.received));
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

/** Fills a value of `flows` but for the terms: nothing has come yet, and it is latched as a journal says. */
export function writeFreshState(
  flow: Buffer,
  terms: FlowTerms,
  latch: Latch | undefined,
  nowNs: bigint,
): void {
  flow.fill(0, 0, termsAt);
  flow.fill(0, termsAt + flowTermsBytes);
  if (latch === undefined) {
    // Numbers that are not the terms': the program takes the terms over with the first packet.
    flow.writeUInt32LE((terms.armed - 1) >>> 0, inFlow.armed);
    flow.writeUInt32LE((terms.sending - 1) >>> 0, inFlow.sending);
    return;
  }
  flow.writeUInt32LE(terms.armed, inFlow.armed);
  flow.writeUInt32LE(terms.sending, inFlow.sending);
  // Taken from there, and sent there.
  for (const [address, port] of [
    [inFlow.bound, inFlow.boundPort],
    [inFlow.send, inFlow.sendPort],
  ] as const) {
    writeAddress(flow, address, latch.address);
    flow.writeUInt16BE(latch.port, port);
  }
  flow.writeBigUInt64LE(nowNs, inFlow.accepted);
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
