import { maximumEventTypes } from "../../event-types.ts";
import type { FlowKind, SourcePolicy } from "../../media-relay.ts";
import { addressBytes, writeAddress } from "../mapped-address.ts";
import { type FlowKey, readFlowKey, writeFlowKey } from "./flow-key.ts";

export const flowTermsBytes = 200;
/** In a value of `flows`, after the tally. */
export const termsAt = 48;
/** What the program that changes terms is given; the terms are its end. */
export const flowChangeBytes: number = 16 + flowTermsBytes;
/** What that program returns when there was such a flow. */
export const changeMade = 1;
const noEventType = 0xff;

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

/** The part of a value of `flows`, or of what changes it, that holds terms. */
export function termsOf(value: Buffer): Buffer {
  const at = value.length === flowChangeBytes ? flowChangeBytes - flowTermsBytes : termsAt;
  return value.subarray(at, at + flowTermsBytes);
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
