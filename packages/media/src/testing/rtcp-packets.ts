/** RTCP packets as far ends send them, for tests. */

export interface ReportBlockFields {
  readonly ssrc?: number;
  /** 0 to 255, of 256. */
  readonly fraction?: number;
  readonly lost?: number;
  readonly jitterUnits?: number;
  /** Middle 32 bits of an NTP time. */
  readonly lastSenderReport?: number;
  readonly delayMs?: number;
}

/** RFC 3550 §6.4.1. */
export function senderReport(
  ssrc: number,
  ntpMiddle: number,
  blocks: readonly ReportBlockFields[] = [],
): Buffer {
  const info = Buffer.alloc(20);
  info.writeUInt32BE(ntpMiddle, 2);
  return packet(200, blocks.length, [word(ssrc), info, ...blocks.map(reportBlock)]);
}

/** RFC 3550 §6.4.2. */
export function receiverReport(ssrc: number, blocks: readonly ReportBlockFields[] = []): Buffer {
  return packet(201, blocks.length, [word(ssrc), ...blocks.map(reportBlock)]);
}

function reportBlock(fields: ReportBlockFields): Buffer {
  const { ssrc = 1, fraction = 0, lost = 0, jitterUnits = 0, lastSenderReport = 0, delayMs = 0 } = fields;
  const block = Buffer.alloc(24);
  block.writeUInt32BE(ssrc, 0);
  block.writeUInt8(fraction, 4);
  block.writeIntBE(lost, 5, 3);
  block.writeUInt32BE(jitterUnits, 12);
  block.writeUInt32BE(lastSenderReport, 16);
  block.writeUInt32BE(Math.round((delayMs * 65_536) / 1000), 20);
  return block;
}

function packet(type: number, count: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.from([0x80 | count, type, 0, 0]);
  head.writeUInt16BE(body.length / 4, 2);
  return Buffer.concat([head, body]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
