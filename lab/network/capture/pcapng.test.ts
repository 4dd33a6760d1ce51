import assert from "node:assert/strict";
import { test } from "node:test";
import { readDatagram } from "./datagram.ts";
import { readPcapng } from "./pcapng.ts";

function block(type: number, body: Buffer): Buffer {
  const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32LE(type, 0);
  frame.writeUInt32LE(padded.length + 12, 4);
  return Buffer.concat([frame, padded, frame.subarray(4)]);
}

function option(code: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

const section = block(0x0a0d0d0a, Buffer.from("4d3c2b1a01000000ffffffffffffffff", "hex"));

function device(name: string, resolution: number): Buffer {
  const fixed = Buffer.from("0100000000080000", "hex");
  return block(
    1,
    Buffer.concat([
      fixed,
      option(2, Buffer.from(name)),
      option(9, Buffer.from([resolution])),
      Buffer.alloc(4),
    ]),
  );
}

function packet(deviceNumber: number, ticks: bigint, bytes: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(deviceNumber, 0);
  head.writeUInt32LE(Number(ticks >> 32n), 4);
  head.writeUInt32LE(Number(ticks & 0xffff_ffffn), 8);
  head.writeUInt32LE(bytes.length, 12);
  head.writeUInt32LE(bytes.length, 16);
  return block(6, Buffer.concat([head, bytes]));
}

test("packets come with the name of their device and their time, in each device's own resolution", () => {
  const atMs = 1_795_618_800_123n;
  const file = Buffer.concat([
    section,
    device("line-1a", 9),
    device("internet", 6),
    packet(0, atMs * 1_000_000n, Buffer.from("abc")),
    packet(1, atMs * 1000n, Buffer.from("defgh")),
  ]);
  const seen = readPcapng(file).map((one) => [one.device, Math.round(one.atMs), one.bytes.toString()]);
  assert.deepEqual(seen, [
    ["line-1a", Number(atMs), "abc"],
    ["internet", Number(atMs), "defgh"],
  ]);
});

test("a last block that is cut off is left out", () => {
  const file = Buffer.concat([section, device("a", 9), packet(0, 1n, Buffer.from("abcd"))]);
  assert.equal(readPcapng(file).length, 1);
  assert.equal(readPcapng(file.subarray(0, -1)).length, 0);
});

/** Ethernet, IPv4, UDP 192.0.2.1:5060 to 192.0.2.2:20000 with the payload `hi`, padded as short frames are. */
const frame = [
  "020000000102 020000000101 0800",
  "4500001e 00004000 4011 0000 c0000201 c0000202",
  "13c4 4e20 000a 0000 6869",
  "0000000000000000000000000000000000",
].join(" ");

test("a datagram is read from its frame, without the padding", () => {
  const read = readDatagram(Buffer.from(frame.replaceAll(" ", ""), "hex"));
  assert.deepEqual(
    { ...read, payload: read?.payload.toString() },
    {
      sourceMac: "02:00:00:00:01:01",
      source: "192.0.2.1:5060",
      destination: "192.0.2.2:20000",
      payload: "hi",
    },
  );
});

const others: readonly [what: string, from: string, to: string][] = [
  ["ARP", "0101 0800", "0101 0806"],
  ["TCP", "4011", "4006"],
  ["a fragment", "00004000", "00002000"],
  ["a later fragment", "00004000", "00000010"],
];
for (const [what, from, to] of others) {
  test(`${what} is no datagram`, () => {
    assert.equal(readDatagram(Buffer.from(frame.replace(from, to).replaceAll(" ", ""), "hex")), undefined);
  });
}
