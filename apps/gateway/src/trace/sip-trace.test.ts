import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { TraceConfiguration } from "@tandem/contracts";
import { flow } from "@tandem/sip/testing";
import {
  exportDelayMs,
  maximumRememberedCallIds,
  maximumWaiting,
  maximumWaitingCharacters,
  SipTrace,
} from "./sip-trace.ts";
import { correlationOf, payloadOf, readHepPacket } from "./testing/read-hep-packet.ts";

const peer = flow("UDP", { localAddress: "198.51.100.1", remoteAddress: "192.0.2.7", remotePort: 5070 });
const message = (callId: string, cseq = "1 INVITE"): string =>
  `${cseq.slice(2)} sip:x SIP/2.0\r\nCall-ID: ${callId}\r\nCSeq: ${cseq}\r\n\r\n`;

let clock: HandClock;
let packets: Buffer[];
let calls: Map<string, string>;
let asked: string[];
let isCollectorBusy: boolean;

beforeEach(() => {
  clock = new HandClock();
  packets = [];
  calls = new Map();
  asked = [];
  isCollectorBusy = false;
});

function trace(configuration: Partial<TraceConfiguration> = {}): SipTrace {
  return new SipTrace({
    clock,
    configuration: { collector: "127.0.0.1", ...configuration },
    send: (packet) => {
      if (!isCollectorBusy) packets.push(packet);
      return !isCollectorBusy;
    },
    exchangeCallIdOf: (callId) => {
      asked.push(callId);
      return calls.get(callId);
    },
  });
}

function ends(packet: Buffer | undefined): string {
  const chunks = readHepPacket(packet ?? Buffer.alloc(0));
  const at = (address: number, port: number): string =>
    `${chunks.get(address)?.join(".")}:${chunks.get(port)?.readUInt16BE()}`;
  return `${at(0x03, 0x07)} > ${at(0x04, 0x08)}`;
}

function microsecondsOf(packet: Buffer | undefined): number {
  const chunks = readHepPacket(packet ?? Buffer.alloc(0));
  return (chunks.get(0x09)?.readUInt32BE() ?? 0) * 1e6 + (chunks.get(0x0a)?.readUInt32BE() ?? 0);
}

describe("what the collector is told", () => {
  test("both directions, each with its ends, when the batch is due", () => {
    const traced = trace({ captureId: 12, password: "word" });
    traced.onReceived(message("a"), peer);
    traced.onSent("SIP/2.0 100 Trying\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\n\r\n", peer);
    clock.advance(exportDelayMs - 1);
    assert.equal(packets.length, 0);
    clock.advance(1);
    assert.deepEqual(packets.map(ends), [
      "192.0.2.7:5070 > 198.51.100.1:5060",
      "198.51.100.1:5060 > 192.0.2.7:5070",
    ]);
    assert.deepEqual(
      packets.map((packet) => payloadOf(packet).split(" ", 2).join(" ")),
      ["INVITE sip:x", "SIP/2.0 100"],
    );
    const [first] = packets.map(readHepPacket);
    assert.equal(first?.get(0x0c)?.readUInt32BE(), 12);
    assert.equal(first?.get(0x0e)?.toString(), "word");
    assert.deepEqual(traced.counts, { exported: 2, dropped: 0 });
  });

  test("when each was on the wire, not when it was told", () => {
    const traced = trace();
    const startedMs = clock.wallMs();
    traced.onReceived(message("a"), peer);
    clock.advance(3);
    traced.onSent(message("a"), peer);
    clock.advance(exportDelayMs);
    assert.deepEqual(packets.map(microsecondsOf), [startedMs * 1000, (startedMs + 3) * 1000]);
  });

  test("TCP and TLS are TCP; capture id 0 and no password unless said", () => {
    const traced = trace();
    traced.onReceived(message("a"), flow("TLS"));
    traced.flush();
    const [chunks] = packets.map(readHepPacket);
    assert.deepEqual([...(chunks?.get(0x02) ?? [])], [6]);
    assert.equal(chunks?.get(0x0c)?.readUInt32BE(), 0);
    assert.equal(chunks?.has(0x0e), false);
  });

  test("no key and no password", () => {
    const traced = trace();
    traced.onReceived(`${message("a")}a=crypto:1 A inline:secret\r\n`, peer);
    traced.flush();
    assert.match(payloadOf(packets[0] ?? Buffer.alloc(0)), /inline:xxxxxx\r\n$/);
  });

  test("nothing of the methods that are left out, requests and responses", () => {
    const traced = trace({ skipMethods: ["OPTIONS"] });
    traced.onReceived(message("a", "1 OPTIONS"), peer);
    traced.onSent("SIP/2.0 200 OK\r\nCall-ID: a\r\nCSeq: 1 OPTIONS\r\n\r\n", peer);
    traced.onSent(message("b", "1 BYE"), peer);
    traced.flush();
    assert.equal(packets.length, 1);
    assert.deepEqual(traced.counts, { exported: 1, dropped: 0 });
  });

  test("another batch follows", () => {
    const traced = trace();
    traced.onReceived(message("a"), peer);
    clock.advance(exportDelayMs);
    traced.onReceived(message("b"), peer);
    clock.advance(exportDelayMs);
    assert.equal(packets.length, 2);
  });
});

describe("one call, one ladder", () => {
  test("both legs carry the exchangeCallId, asked for once a Call-ID", () => {
    const traced = trace();
    traced.onReceived(message("ingress"), peer);
    calls.set("ingress", "CA1").set("egress", "CA1");
    traced.onSent(message("egress"), peer);
    traced.onReceived(message("ingress", "1 ACK"), peer);
    traced.flush();
    assert.deepEqual(packets.map(correlationOf), ["CA1", "CA1", "CA1"]);
    assert.deepEqual(asked, ["ingress", "egress"]);
  });

  test("a call that has ended is known by what came before", () => {
    const traced = trace();
    calls.set("a", "CA1");
    traced.onReceived(message("a"), peer);
    traced.flush();
    calls.clear();
    traced.onReceived(message("a", "2 BYE"), peer);
    traced.flush();
    assert.equal(correlationOf(packets[1] ?? Buffer.alloc(0)), "CA1");
  });

  test("an INVITE after a challenge has a call, though its first had none", () => {
    const traced = trace();
    traced.onReceived(message("a"), peer);
    traced.onReceived(message("a", "1 ACK"), peer);
    traced.flush();
    calls.set("a", "CA1");
    traced.onReceived(message("a", "2 INVITE"), peer);
    traced.onReceived(message("a", "2 ACK"), peer);
    traced.flush();
    assert.deepEqual(packets.map(correlationOf), [undefined, undefined, "CA1", "CA1"]);
    assert.deepEqual(asked, ["a", "a"]);
  });

  test("a message without a Call-ID is told too", () => {
    const traced = trace();
    traced.onReceived("garbage", peer);
    traced.flush();
    assert.equal(payloadOf(packets[0] ?? Buffer.alloc(0)), "garbage");
    assert.deepEqual(asked, []);
  });

  test(`${maximumRememberedCallIds} Call-IDs are remembered, and the oldest gives way`, () => {
    const traced = trace();
    const see = (callId: string): void => {
      traced.onReceived(message(callId, "1 BYE"), peer);
      traced.flush();
    };
    for (let index = 0; index < maximumRememberedCallIds; index += 1) see(`call-${index}`);
    asked = [];
    see("call-0");
    assert.deepEqual(asked, []);
    see("one-more");
    see("call-1");
    see("call-0");
    assert.deepEqual(asked, ["one-more", "call-0"]);
  });
});

describe("a collector costs no call", () => {
  test(`${maximumWaiting} messages wait, the next is dropped`, () => {
    const traced = trace();
    for (let index = 0; index < maximumWaiting; index += 1) traced.onReceived("m", peer);
    assert.deepEqual(traced.counts, { exported: 0, dropped: 0 });
    traced.onReceived("m", peer);
    assert.deepEqual(traced.counts, { exported: 0, dropped: 1 });
    traced.flush();
    traced.onReceived("m", peer);
    traced.flush();
    assert.deepEqual(traced.counts, { exported: maximumWaiting + 1, dropped: 1 });
  });

  test("so many characters wait, and not one more", () => {
    const traced = trace();
    const megabyte = "m".repeat(1024 * 1024);
    for (let sum = 0; sum < maximumWaitingCharacters; sum += megabyte.length)
      traced.onReceived(megabyte, peer);
    assert.equal(traced.counts.dropped, 0);
    traced.onReceived("m", peer);
    assert.equal(traced.counts.dropped, 1);
    traced.flush();
    traced.onReceived(megabyte, peer);
    assert.equal(traced.counts.dropped, 1);
  });

  test("what the collector's socket does not take is counted", () => {
    const traced = trace();
    isCollectorBusy = true;
    traced.onReceived("m", peer);
    traced.flush();
    assert.deepEqual(traced.counts, { exported: 0, dropped: 1 });
  });
});
