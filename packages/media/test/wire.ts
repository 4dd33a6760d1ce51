/** Real UDP sockets on loopback for the relay's tests, on addresses and ports that other test processes do not use. */
import assert from "node:assert/strict";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { setTimeout as pause } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import { type MediaInterface, UserspaceRelay } from "@tandem/media";

/** Ours alone, as far as process ids go. */
export const loopback: string = `127.0.0.${2 + (process.pid % 250)}`;
const firstRange = 12_000 + ((process.pid * 64) % 16_000);
let rangesUsed = 0;

/** A port range for `pairs` endpoints that no other test of this process uses. Below the kernel's ephemeral ports. */
export function portRange(pairs: number): { first: number; last: number } {
  const first = firstRange + rangesUsed * 2;
  rangesUsed += pairs;
  return { first, last: first + pairs * 2 - 1 };
}

export interface RelayFixture {
  readonly clock: HandClock;
  readonly relay: UserspaceRelay;
  readonly ports: { readonly first: number; readonly last: number };
}

export interface FixtureOptions {
  readonly pairs?: number;
  readonly prebound?: number;
  readonly ports?: { readonly first: number; readonly last: number };
  readonly address?: string;
  readonly clock?: HandClock;
}

/** An open relay with one media interface, `media`. */
export async function openRelay(options: FixtureOptions = {}): Promise<RelayFixture> {
  const clock = options.clock ?? new HandClock({ monotonicMs: 100_000 });
  const ports = options.ports ?? portRange(options.pairs ?? 4);
  const address = options.address ?? loopback;
  const media: MediaInterface = { name: "media", localAddress: address, advertisedAddress: "203.0.113.5" };
  const preboundEndpoints = options.prebound ?? 4;
  const relay = new UserspaceRelay({ clock, interfaces: [media], ports, preboundEndpoints });
  await relay.open();
  return { clock, relay, ports };
}

/** Waits for something that sockets bring about. */
export async function eventually(what: string, check: () => boolean): Promise<void> {
  for (let attempts = 0; !check(); attempts += 1) {
    assert.ok(attempts < 10_000, `never happened: ${what}`);
    await pause(1);
  }
}

/** A far side: one socket that remembers what came. */
export class Peer {
  readonly received: { readonly data: Buffer; readonly from: RemoteInfo }[] = [];
  readonly address: string;
  private readonly socket: Socket;

  private constructor(address: string) {
    this.address = address;
    this.socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    this.socket.on("message", (data, from) => this.received.push({ data, from }));
  }

  static async open(address: string = loopback, port = 0): Promise<Peer> {
    const peer = new Peer(address);
    await new Promise<void>((resolve) =>
      peer.socket.bind({ address, port, exclusive: true }, () => resolve()),
    );
    return peer;
  }

  get port(): number {
    return this.socket.address().port;
  }

  send(data: Buffer, port: number, address: string = loopback): void {
    this.socket.send(data, port, address);
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }
}

/** An RTP packet of PCMU with 4 bytes of payload. */
export function rtpPacket(sequence: number, ssrc = 1): Buffer {
  const data = Buffer.alloc(16, 0xff);
  data[0] = 0x80;
  data[1] = 0;
  data.writeUInt16BE(sequence, 2);
  data.writeUInt32BE(sequence * 160, 4);
  data.writeUInt32BE(ssrc, 8);
  return data;
}

/** One packet of a telephone event (RFC 4733 §2.3): key 1, whose 20 ms so far are told in `duration`. */
export function eventPacket(
  sequence: number,
  timestamp: number,
  { payloadType = 101, ssrc = 1, isFirst = false, isEnd = false } = {},
): Buffer {
  const data = rtpPacket(sequence, ssrc);
  data[1] = payloadType | (isFirst ? 0x80 : 0);
  data.writeUInt32BE(timestamp >>> 0, 4);
  data[12] = 1;
  data[13] = isEnd ? 0x8a : 0x0a;
  data.writeUInt16BE(160, 14);
  return data;
}

/** An empty receiver report. */
export function rtcpPacket(ssrc = 1): Buffer {
  return Buffer.from([0x80, 201, 0, 1, 0, 0, 0, ssrc]);
}
