import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import type { Clock } from "@tandem/clock";
import type { DecodedPacket } from "dns-packet";
import { type DnsQuery, readDnsResponse } from "./dns-query.ts";
import type { DnsServer } from "./dns-servers.ts";

/** What came of asking one server once. */
export type DnsExchange =
  | { readonly kind: "response"; readonly packet: DecodedPacket }
  | { readonly kind: "timeout" }
  /** Refused, reset, unreachable or nonsense over TCP. */
  | { readonly kind: "failed" };

const failed: DnsExchange = { kind: "failed" };
const timeout: DnsExchange = { kind: "timeout" };

/** Bytes of the length in front of each message over TCP (RFC 1035 §4.2.2). It also limits the message to 65535. */
const lengthBytes = 2;

/**
 * Asks by UDP from a socket of its own: the kernel gives each a random port, takes datagrams from this server only, and
 * tells when the server refuses. What is not the response is ignored, so that a forger must win the race and all guesses.
 */
export function exchangeByUdp(
  clock: Clock,
  server: DnsServer,
  query: DnsQuery,
  timeoutMs: number,
): Promise<DnsExchange> {
  const done = Promise.withResolvers<DnsExchange>();
  const socket = createSocket(isIPv6(server.address) ? "udp6" : "udp4");
  const timer = clock.schedule(timeoutMs, done.resolve, timeout);
  socket.on("error", () => done.resolve(failed));
  socket.on("message", (bytes) => {
    const packet = readDnsResponse(query, bytes);
    if (packet !== undefined) done.resolve({ kind: "response", packet });
  });
  socket.connect(server.port, server.address, () => socket.send(query.bytes));
  return done.promise.finally(() => {
    timer.cancel();
    socket.close();
  });
}

/** Asks by TCP: for what does not fit into a datagram. */
export function exchangeByTcp(
  clock: Clock,
  server: DnsServer,
  query: DnsQuery,
  timeoutMs: number,
): Promise<DnsExchange> {
  const done = Promise.withResolvers<DnsExchange>();
  const socket = connect({ host: server.address, port: server.port });
  const timer = clock.schedule(timeoutMs, done.resolve, timeout);
  let received = Buffer.alloc(0);
  socket.on("connect", () => socket.write(withLength(query.bytes)));
  socket.on("error", () => done.resolve(failed));
  socket.on("close", () => done.resolve(failed));
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    const message = wholeMessage(received);
    if (message === undefined) return;
    const packet = readDnsResponse(query, message);
    done.resolve(packet === undefined ? failed : { kind: "response", packet });
  });
  return done.promise.finally(() => {
    timer.cancel();
    socket.destroy();
  });
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function wholeMessage(received: Buffer): Buffer | undefined {
  if (received.length < lengthBytes) return undefined;
  const end = lengthBytes + received.readUInt16BE(0);
  return received.length < end ? undefined : received.subarray(lengthBytes, end);
}
