/** Ethernet frames with UDP in them, read and made by hand, so that every field is what the test says. */
import { SocketAddress } from "node:net";

export interface Frame {
  readonly macTo: Buffer;
  readonly macFrom: Buffer;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly hopLimit: number;
  readonly trafficClass: number;
  readonly payload: Buffer;
  /** Of UDP, as it stands; left out of a frame to be made: the right one. */
  readonly checksum?: number;
  /** What stands there when a device is to complete it. */
  readonly pseudoHeaderSum?: number;
  /** Of the IPv4 header. */
  readonly isHeaderSumRight?: boolean;
}

const ethernetBytes = 14;
const udpBytes = 8;
const udp = 17;

/** Undefined: it is no whole UDP packet. */
export function frameOf(bytes: Buffer): Frame | undefined {
  const isIpv6 = bytes.readUInt16BE(12) === 0x86dd;
  if (!isIpv6 && bytes.readUInt16BE(12) !== 0x0800) return undefined;
  const ip = bytes.subarray(ethernetBytes);
  const ipBytes = isIpv6 ? 40 : 20;
  if (ip[isIpv6 ? 6 : 9] !== udp) return undefined;
  const segment = ip.subarray(ipBytes);
  const [from, to] = isIpv6
    ? [ip.subarray(8, 24), ip.subarray(24, 40)]
    : [ip.subarray(12, 16), ip.subarray(16, 20)];
  return {
    macTo: Buffer.from(bytes.subarray(0, 6)),
    macFrom: Buffer.from(bytes.subarray(6, 12)),
    source: textOf(from),
    destination: textOf(to),
    sourcePort: segment.readUInt16BE(0),
    destinationPort: segment.readUInt16BE(2),
    hopLimit: ip[isIpv6 ? 7 : 8] as number,
    trafficClass: isIpv6 ? (ip.readUInt16BE(0) >> 4) & 0xff : (ip[1] as number),
    payload: Buffer.from(segment.subarray(udpBytes, segment.readUInt16BE(4))),
    checksum: segment.readUInt16BE(6),
    pseudoHeaderSum: sumOf(pseudoHeader(from, to, segment.readUInt16BE(4))),
    isHeaderSumRight: isIpv6 || sumOf(ip.subarray(0, 20)) === 0xffff,
  };
}

/** The UDP checksum that a packet with these fields has. */
export function udpSumOf(frame: Frame): number {
  const segment = udpSegment(frame);
  segment.writeUInt16BE(0, 6);
  const [from, to] = [bytesOf(frame.source), bytesOf(frame.destination)];
  const sum = ~sumOf(Buffer.concat([pseudoHeader(from, to, segment.length), segment])) & 0xffff;
  return sum === 0 ? 0xffff : sum;
}

export function udpFrame(frame: Frame): Buffer {
  const segment = udpSegment(frame);
  segment.writeUInt16BE(frame.checksum ?? udpSumOf(frame), 6);
  const isIpv6 = frame.source.includes(":");
  const type = Buffer.from(isIpv6 ? [0x86, 0xdd] : [0x08, 0x00]);
  return Buffer.concat([
    frame.macTo,
    frame.macFrom,
    type,
    isIpv6 ? ipv6(frame, segment) : ipv4(frame, segment),
    segment,
  ]);
}

function ipv4(frame: Frame, segment: Buffer): Buffer {
  const ip = Buffer.alloc(20);
  ip[0] = 0x45;
  ip[1] = frame.trafficClass;
  ip.writeUInt16BE(20 + segment.length, 2);
  ip[8] = frame.hopLimit;
  ip[9] = udp;
  bytesOf(frame.source).copy(ip, 12);
  bytesOf(frame.destination).copy(ip, 16);
  ip.writeUInt16BE(~sumOf(ip) & 0xffff, 10);
  return ip;
}

function ipv6(frame: Frame, segment: Buffer): Buffer {
  const ip = Buffer.alloc(40);
  ip.writeUInt16BE(0x6000 | (frame.trafficClass << 4), 0);
  ip.writeUInt16BE(segment.length, 4);
  ip[6] = udp;
  ip[7] = frame.hopLimit;
  bytesOf(frame.source).copy(ip, 8);
  bytesOf(frame.destination).copy(ip, 24);
  return ip;
}

function udpSegment(frame: Frame): Buffer {
  const head = Buffer.alloc(udpBytes);
  head.writeUInt16BE(frame.sourcePort, 0);
  head.writeUInt16BE(frame.destinationPort, 2);
  head.writeUInt16BE(udpBytes + frame.payload.length, 4);
  return Buffer.concat([head, frame.payload]);
}

function pseudoHeader(from: Buffer, to: Buffer, segmentBytes: number): Buffer {
  const tail = Buffer.alloc(8);
  tail.writeUInt32BE(segmentBytes, 0);
  tail.writeUInt32BE(udp, 4);
  return Buffer.concat([from, to, tail]);
}

/** RFC 1071, not complemented. */
function sumOf(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return sum;
}

function textOf(address: Buffer): string {
  if (address.length === 4) return address.join(".");
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => address.readUInt16BE(at).toString(16));
  return new SocketAddress({ address: groups.join(":"), family: "ipv6" }).address;
}

/** IPv6 of the tests is of the form `head::tail`. */
function bytesOf(address: string): Buffer {
  if (!address.includes(":")) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail = ""] = address.split("::");
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(Number.parseInt(head, 16), 0);
  bytes.writeUInt16BE(Number.parseInt(tail, 16), 14);
  return bytes;
}
