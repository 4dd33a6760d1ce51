import type { DropReason } from "../../media-relay.ts";
import { addressBytes, writeAddress } from "../mapped-address.ts";
import { type FlowTerms, flowTermsBytes, termsAt } from "./flow-terms.ts";

/** A value of `flows`: tally, terms and state. */
export const flowBytes = 448;

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
