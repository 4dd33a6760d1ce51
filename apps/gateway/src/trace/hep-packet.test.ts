import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type HepMessage, hepPacket, maximumHepBytes } from "./hep-packet.ts";
import { payloadOf, readHepPacket } from "./testing/read-hep-packet.ts";

const agent = { captureId: 2001, password: undefined } as const;
const message: HepMessage = {
  source: { address: "192.0.2.11", port: 5060 },
  destination: { address: "198.51.100.1", port: 15060 },
  protocol: "UDP",
  atMs: 1_311_287_107_998.777,
  text: "BYE sip:\u00e9 SIP/2.0\r\n\r\n",
  correlationId: "CA0123",
};

const hex = (packet: Buffer): string => packet.toString("hex");

function chunk(type: string, value: string): string {
  const length = (value.length / 2 + 6).toString(16).padStart(4, "0");
  return `0000${type}${length}${value}`;
}

describe("a packet of HEP3", () => {
  test("every byte of one over UDP and IPv4", () => {
    const chunks = [
      chunk("0001", "02"),
      chunk("0002", "11"),
      chunk("0003", "c000020b"),
      chunk("0004", "c6336401"),
      chunk("0007", "13c4"),
      chunk("0008", "3ad4"),
      chunk("0009", "4e28a743"),
      chunk("000a", "000f3d79"),
      chunk("000b", "01"),
      chunk("000c", "000007d1"),
      chunk("0011", Buffer.from("CA0123").toString("hex")),
      chunk("000f", Buffer.from("BYE sip:\u00e9 SIP/2.0\r\n\r\n", "latin1").toString("hex")),
    ].join("");
    const length = (chunks.length / 2 + 6).toString(16).padStart(4, "0");
    assert.equal(hex(hepPacket(message, agent)), `48455033${length}${chunks}`);
  });

  test("TCP, and a password when one is asked for", () => {
    const chunks = readHepPacket(hepPacket({ ...message, protocol: "TCP" }, { ...agent, password: "myHep" }));
    assert.deepEqual([...(chunks.get(0x02) ?? [])], [6]);
    assert.equal(chunks.get(0x0e)?.toString(), "myHep");
  });

  test("without a call there is no correlation", () => {
    const chunks = readHepPacket(hepPacket({ ...message, correlationId: undefined }, agent));
    assert.equal(chunks.has(0x11), false);
    assert.equal(chunks.has(0x0e), false);
  });

  test("the largest capture id", () => {
    const chunks = readHepPacket(hepPacket(message, { ...agent, captureId: 4_294_967_295 }));
    assert.equal(chunks.get(0x0c)?.toString("hex"), "ffffffff");
  });

  test("microseconds that round up to a second", () => {
    const chunks = readHepPacket(hepPacket({ ...message, atMs: 1_999_999.9999 }, agent));
    assert.equal(chunks.get(0x09)?.readUInt32BE(), 2000);
    assert.equal(chunks.get(0x0a)?.readUInt32BE(), 0);
  });
});

describe("addresses of IPv6", () => {
  const to = { address: "2001:db8::7", port: 5060 };

  test("sixteen bytes each, of a link-local one without its zone", () => {
    const chunks = readHepPacket(
      hepPacket({ ...message, source: { address: "fe80::1%eth0", port: 5061 }, destination: to }, agent),
    );
    assert.deepEqual([...(chunks.get(0x01) ?? [])], [10]);
    assert.equal(chunks.get(0x05)?.toString("hex"), "fe800000000000000000000000000001");
    assert.equal(chunks.get(0x06)?.toString("hex"), "20010db8000000000000000000000007");
    assert.equal(chunks.has(0x03) || chunks.has(0x04), false);
  });

  test("beside one of IPv4 that one is mapped", () => {
    const chunks = readHepPacket(hepPacket({ ...message, destination: to }, agent));
    assert.equal(chunks.get(0x05)?.toString("hex"), "00000000000000000000ffffc000020b");
  });
});

describe("the size of a datagram", () => {
  const around = hepPacket({ ...message, text: "" }, agent).length;

  test("a message that just fits is whole", () => {
    const text = "a".repeat(maximumHepBytes - around);
    const packet = hepPacket({ ...message, text }, agent);
    assert.equal(packet.length, maximumHepBytes);
    assert.equal(payloadOf(packet), text);
  });

  test("one byte more, and the message loses its last", () => {
    const text = `${"a".repeat(maximumHepBytes - around)}z`;
    const packet = hepPacket({ ...message, text }, agent);
    assert.equal(packet.length, maximumHepBytes);
    assert.equal(payloadOf(packet), text.slice(0, -1));
  });
});
