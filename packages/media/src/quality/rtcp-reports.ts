/** Sender and receiver reports of a compound RTCP packet. RFC 3550 §6.4. */
import { minimumRtcpBytes } from "../rtp-packet.ts";

/** What one participant says of the packets of one source that reach it. RFC 3550 §6.4.1. */
export interface ReportBlock {
  /** Of the source reported on. 32 bits, signed: only equality matters. */
  readonly ssrc: number;
  /** Of the packets expected since the report before, 0 to 255/256. */
  readonly lostRatio: number;
  /** Since the beginning; negative with duplicates. 24 bits. */
  readonly lost: number;
  /** Of the source's timestamp. */
  readonly jitterUnits: number;
  /** Middle 32 bits of the NTP time of the last sender report that came; 0: none has. */
  readonly lastSenderReport: number;
  /** From its arrival to this report. */
  readonly delayMs: number;
}

export interface RtcpReport {
  /** Of who reports. 32 bits, signed. */
  readonly ssrc: number;
  /** Middle 32 bits of the NTP time of a sender report; undefined: a receiver report. */
  readonly ntpMiddle: number | undefined;
  readonly blocks: readonly ReportBlock[];
}

export type ReadReports =
  | { readonly ok: true; readonly reports: readonly RtcpReport[] }
  | { readonly ok: false; readonly error: RtcpError };

export type RtcpError =
  /** No version 2 where a packet begins, or less than a header. */
  | "no-header"
  /** A packet is longer than what is left. */
  | "too-short"
  /** The blocks a report says it has do not fit into it. */
  | "blocks-do-not-fit"
  /** More packets than `maximumCompoundPackets`. */
  | "too-many-packets";

/** Packets of one compound that are looked at; a usual one has two or three. */
export const maximumCompoundPackets = 16;

const senderReport = 200;
const receiverReport = 201;
const reportHeaderBytes = 8;
const senderInfoBytes = 20;
const blockBytes = 24;

/**
 * Other packets (SDES, BYE, APP, feedback) are passed over. Nothing of a packet with a fault is believed.
 * @param wholeBytes more than `data` has: that is the beginning of a packet, and what reaches beyond it is not read
 */
export function readRtcpReports(data: Uint8Array, wholeBytes: number = data.length): ReadReports {
  const reports: RtcpReport[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  let packets = 0;
  do {
    if (packets === maximumCompoundPackets) return { ok: false, error: "too-many-packets" };
    const end = endOf(view, at, wholeBytes);
    if (typeof end === "string") return { ok: false, error: end };
    if (end > data.length) break;
    const packetType = view.getUint8(at + 1);
    if (packetType === senderReport || packetType === receiverReport) {
      const report = readReport(view, at, end, packetType === senderReport);
      if (report === undefined) return { ok: false, error: "blocks-do-not-fit" };
      reports.push(report);
    }
    at = end;
    packets += 1;
  } while (at < wholeBytes);
  return { ok: true, reports };
}

/** Where the packet ends that begins there; `wholeBytes` when that can't be seen. */
function endOf(view: DataView, at: number, wholeBytes: number): number | RtcpError {
  if (wholeBytes - at < 4) return "no-header";
  if (view.byteLength - at < 4) return wholeBytes;
  if (view.getUint8(at) >> 6 !== 2) return "no-header";
  const end = at + 4 + view.getUint16(at + 2) * 4;
  return end > wholeBytes ? "too-short" : end;
}

function readReport(view: DataView, start: number, end: number, isSender: boolean): RtcpReport | undefined {
  const blocksAt = start + reportHeaderBytes + (isSender ? senderInfoBytes : 0);
  const count = view.getUint8(start) & 0x1f;
  if (blocksAt + count * blockBytes > end || end - start < minimumRtcpBytes) return undefined;
  const blocks: ReportBlock[] = [];
  for (let index = 0; index < count; index += 1) blocks.push(readBlock(view, blocksAt + index * blockBytes));
  return {
    ssrc: view.getInt32(start + 4),
    ntpMiddle: isSender ? view.getUint32(start + 10) : undefined,
    blocks,
  };
}

function readBlock(view: DataView, at: number): ReportBlock {
  return {
    ssrc: view.getInt32(at),
    lostRatio: view.getUint8(at + 4) / 256,
    // 24 bits with a sign: the upper byte of the word is the fraction.
    lost: (view.getInt32(at + 4) << 8) >> 8,
    jitterUnits: view.getUint32(at + 12),
    lastSenderReport: view.getUint32(at + 16),
    delayMs: (view.getUint32(at + 20) * 1000) / 65_536,
  };
}
