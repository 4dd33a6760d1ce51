import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TraceConfiguration } from "@tandem/contracts";
import { flow } from "@tandem/sip/testing";
import { HepAudience } from "./hep-audience.ts";
import { correlationOf, payloadOf, readHepPacket } from "./testing/read-hep-packet.ts";
import type { TracedMessage } from "./traced-message.ts";

const peer = flow("UDP", { localAddress: "198.51.100.1", remoteAddress: "192.0.2.7", remotePort: 5070 });

function message(more: Partial<TracedMessage> = {}): TracedMessage {
  const text = "INVITE sip:x SIP/2.0\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\n\r\n";
  return { text, flow: peer, isSent: false, atMs: 1500.25, sipCallId: "a", call: undefined, ...more };
}

function packetsOf(
  messages: readonly TracedMessage[],
  configuration: Partial<TraceConfiguration> = {},
): readonly Buffer[] {
  const packets: Buffer[] = [];
  const audience = new HepAudience(
    { collector: "127.0.0.1", ...configuration },
    (packet) => packets.push(packet) > 0,
  );
  for (const one of messages) audience.tell(one);
  assert.deepEqual([audience.exported, audience.dropped], [packets.length, 0]);
  return packets;
}

function ends(packet: Buffer): string {
  const chunks = readHepPacket(packet);
  const at = (address: number, port: number): string =>
    `${chunks.get(address)?.join(".")}:${chunks.get(port)?.readUInt16BE()}`;
  return `${at(0x03, 0x07)} > ${at(0x04, 0x08)}`;
}

describe("what a collector is told", () => {
  test("a message with its ends, its time, who captured it, and the call", () => {
    const call = { sid: "CA1", trunkSid: null, callingNumber: "", calledNumber: "" };
    const [received, sent] = packetsOf([message({ call }), message({ isSent: true })], {
      captureId: 12,
      password: "word",
    });
    assert.ok(received && sent);
    assert.deepEqual(
      [ends(received), ends(sent)],
      ["192.0.2.7:5070 > 198.51.100.1:5060", "198.51.100.1:5060 > 192.0.2.7:5070"],
    );
    assert.match(payloadOf(received), /^INVITE sip:x/);
    assert.deepEqual([correlationOf(received), correlationOf(sent)], ["CA1", undefined]);
    const chunks = readHepPacket(received);
    assert.deepEqual([chunks.get(0x09)?.readUInt32BE(), chunks.get(0x0a)?.readUInt32BE()], [1, 500_250]);
    assert.equal(chunks.get(0x0c)?.readUInt32BE(), 12);
    assert.equal(chunks.get(0x0e)?.toString(), "word");
  });

  test("TCP and TLS are TCP; capture id 0 and no password unless said", () => {
    const [packet] = packetsOf([message({ flow: flow("TLS") })]);
    const chunks = readHepPacket(packet ?? Buffer.alloc(0));
    assert.deepEqual([...(chunks.get(0x02) ?? [])], [6]);
    assert.equal(chunks.get(0x0c)?.readUInt32BE(), 0);
    assert.equal(chunks.has(0x0e), false);
  });

  test("nothing of the methods that are left out, requests and responses", () => {
    const texts = [
      "OPTIONS sip:x SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n",
      "SIP/2.0 200 OK\r\nCSeq: 1 OPTIONS\r\n\r\n",
      "BYE sip:x SIP/2.0\r\nCSeq: 1 BYE\r\n\r\n",
    ];
    const packets = packetsOf(
      texts.map((text) => message({ text })),
      { skipMethods: ["OPTIONS"] },
    );
    assert.deepEqual(packets.map(payloadOf), texts.slice(2));
  });

  test("what the collector's socket does not take is counted", () => {
    const audience = new HepAudience({ collector: "127.0.0.1" }, () => false);
    audience.tell(message());
    assert.deepEqual([audience.exported, audience.dropped], [0, 1]);
  });
});
