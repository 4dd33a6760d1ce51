/** The offsets of layout.ts against those that the compiler has put into the program's type information. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import {
  controlPacketBytes,
  flowChangeBytes,
  flowKeyBytes,
  readControlPacket,
  readFlowState,
  readFoundTerms,
  shapes,
  stateOf,
  termsOf,
  writeFlowKey,
  writeFlowTerms,
  writeFreshState,
} from "../src/kernel/layout.ts";
import { mappedAddress } from "../src/kernel/mapped-address.ts";
import { programObject } from "../src/kernel/program-object.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { kernelOptions } from "./kernel/stage.ts";

interface BtfType {
  readonly kind: string;
  readonly name: string;
  readonly size?: number;
  readonly members?: readonly { readonly name: string; readonly bits_offset: number }[];
}

function typesOf(object: string): Map<string, BtfType> {
  const text = execFileSync("bpftool", ["-j", "btf", "dump", "file", object, "format", "raw"], {
    encoding: "utf8",
  });
  const { types } = JSON.parse(text) as { types: BtfType[] };
  return new Map(types.filter(({ kind }) => kind === "STRUCT").map((type) => [type.name, type]));
}

function offsetIn(type: BtfType | undefined, member: string): number {
  const found = type?.members?.find(({ name }) => name === member);
  assert.ok(found, `${type?.name} has no ${member}`);
  return found.bits_offset / 8;
}

const address = (text: string): Buffer => {
  const mapped = mappedAddress(text);
  assert.ok(mapped);
  return mapped;
};

const key = { ifindex: 7, port: 20_000, address: address("10.0.0.1") };
const partner = { ifindex: 8, port: 20_002, address: address("10.0.0.2") };
const terms = {
  armed: 0x11223344,
  sending: 0x55667788,
  isLeftToStack: true,
  kind: "opaque",
  source: "symmetric",
  isRtcpPort: true,
  mayUseRoutes: true,
  key,
  partner,
  remote: address("10.0.0.3"),
  remotePort: 4000,
  signaling: address("10.0.0.4"),
  dscp: 46,
  linkHeaderBytes: 14,
  networks: 99,
  clockRate: 48_000,
  eventTypes: [101, 0, 127, 96, 97],
  hops: [
    { address: address("10.0.0.3"), next: address("10.0.0.5"), ifindex: 3 },
    { address: address("10.0.0.4"), next: address("10.0.0.6"), ifindex: 4 },
  ],
  fixedWay: {
    hop: { address: address("10.0.0.7"), next: address("10.0.0.8"), ifindex: 5 },
    port: 4002,
    dscp: 34,
  },
} as const;

describe("the layout of the maps", { skip: missingForKernelTests() ?? false }, () => {
  const structs = (): Map<string, BtfType> =>
    typesOf(programObject(kernelOptions({ bpfDirectory: "" } as never, new HandClock()).cacheDirectory));

  test("has the program's sizes", () => {
    const types = structs();
    assert.equal(types.get("flow_key")?.size, flowKeyBytes);
    assert.equal(types.get("flow")?.size, shapes.flows.valueBytes);
    assert.equal(types.get("flow_change")?.size, flowChangeBytes);
    assert.equal(types.get("partition_key")?.size, shapes.partitions.keyBytes);
    assert.equal(types.get("partition")?.size, shapes.partitions.valueBytes);
    assert.equal(types.get("network_key")?.size, shapes.networks.keyBytes);
  });

  test("writes every term where the program reads it", () => {
    const types = structs();
    const value = Buffer.alloc(shapes.flows.valueBytes);
    const change = Buffer.alloc(flowChangeBytes);
    for (const into of [value, change]) writeFlowTerms(termsOf(into), terms);
    const base = offsetIn(types.get("flow"), "terms");
    const baseOfChange = offsetIn(types.get("flow_change"), "terms");
    const bytes = types.get("flow_terms")?.size ?? 0;
    assert.ok(
      value.subarray(base, base + bytes).equals(change.subarray(baseOfChange, baseOfChange + bytes)),
      "an entry and its change hold the same",
    );
    const at = (member: string): number => base + offsetIn(types.get("flow_terms"), member);
    const addressAt = (offset: number): string => value.subarray(offset + 12, offset + 16).join(".");
    const hop = (index: number, member: string): number =>
      at("hops") + index * (types.get("hop")?.size ?? 0) + offsetIn(types.get("hop"), member);
    const way = (member: string): number => at("way") + offsetIn(types.get("fixed_way"), member);
    assert.deepEqual(
      {
        armed: value.readUInt32LE(at("armed")),
        sending: value.readUInt32LE(at("sending")),
        bytes: ["mode", "kind", "source", "flags", "dscp", "link_header"].map((name) => value[at(name)]),
        keyPort: value.readUInt16BE(at("key") + offsetIn(types.get("flow_key"), "port")),
        partnerDevice: value.readUInt32LE(at("partner") + offsetIn(types.get("flow_key"), "ifindex")),
        addresses: [at("remote"), at("signaling"), hop(0, "next"), hop(1, "next"), at("partner") + 8].map(
          addressAt,
        ),
        way: [way("ifindex"), way("port"), way("dscp"), way("is_fixed"), way("to"), way("next")].map(
          (offset, index) =>
            index === 1 ? value.readUInt16BE(offset) : index < 4 ? value[offset] : addressAt(offset),
        ),
        remotePort: value.readUInt16BE(at("remote_port")),
        eventTypes: [...value.subarray(at("event_types"), at("event_types") + 4)],
        numbers: ["networks", "clock_rate"].map((name) => value.readUInt32LE(at(name))),
        devices: [0, 1].map((index) => value.readUInt32LE(hop(index, "ifindex"))),
      },
      {
        armed: 0x11223344,
        sending: 0x55667788,
        bytes: [1, 2, 2, 15, 46, 14],
        keyPort: 20_000,
        partnerDevice: 8,
        addresses: ["10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.2"],
        way: [5, 4002, 34, 1, "10.0.0.7", "10.0.0.8"],
        remotePort: 4000,
        // One more than there is room for was given.
        eventTypes: [101, 0, 127, 96],
        numbers: [99, 48_000],
        devices: [3, 4],
      },
    );
    assert.deepEqual(readFoundTerms(termsOf(value)), {
      armed: 0x11223344,
      sending: 0x55667788,
      isLeftToStack: true,
      partner,
    });
    writeFlowTerms(termsOf(value), { ...terms, eventTypes: [101] });
    assert.deepEqual([...value.subarray(at("event_types"), at("event_types") + 4)], [101, 255, 255, 255]);
  });

  test("reads every number where the program counts it", () => {
    const types = structs();
    const type = types.get("flow_state");
    const entry = Buffer.alloc(shapes.flows.valueBytes);
    const value = stateOf(entry);
    assert.equal(value.byteOffset - entry.byteOffset, offsetIn(types.get("flow"), "state"));
    const longs = [
      "packets",
      "bytes",
      "rtcp_packets",
      "unforwarded",
      "last_ns",
      "lost_before",
      "reordered",
      "duplicates",
      "events",
    ];
    for (const [index, name] of longs.entries())
      value.writeBigUInt64LE(BigInt(100 + index), offsetIn(type, name));
    for (let reason = 0; reason < 4; reason += 1)
      value.writeBigUInt64LE(BigInt(reason + 1), offsetIn(type, "drops") + 8 * reason);
    value.writeBigUInt64LE(16_000_000n, offsetIn(type, "jitter"));
    value.writeUInt32LE(1, offsetIn(type, "flags"));
    value.writeUInt32LE(0x10000, offsetIn(type, "cycles"));
    value.writeUInt16LE(9, offsetIn(type, "maximum"));
    value.writeUInt16LE(10, offsetIn(type, "base"));
    value.writeUInt32LE(0xffff, offsetIn(type, "received"));
    value.writeUInt16BE(4711, offsetIn(type, "send_port"));
    value.writeUInt32LE(5, offsetIn(type, "armed"));
    value.writeUInt32LE(6, offsetIn(type, "sending"));
    const { sendAddress, ...numbers } = readFlowState(value);
    assert.equal(sendAddress.length, 16);
    assert.deepEqual(numbers, {
      armed: 5,
      sending: 6,
      sendPort: 4711,
      packets: 100,
      bytes: 101,
      rtcpPackets: 102,
      unforwarded: 103,
      drops: { "no-remote": 1, "source-address": 2, "source-port": 3, "not-rtp": 4 },
      lastNs: 104n,
      lost: 105 + 1,
      reordered: 106,
      duplicates: 107,
      events: 108,
      jitterMs: 1,
    });
  });

  test("reads a copy of RTCP where the program writes it", () => {
    const type = structs().get("control_packet");
    assert.equal(type?.size, controlPacketBytes);
    const value = Buffer.alloc(controlPacketBytes, 0xee);
    writeFlowKey(value, offsetIn(type, "key"), key);
    value.writeBigUInt64LE(77n, offsetIn(type, "arrived_ns"));
    value.writeUInt32LE(500, offsetIn(type, "bytes"));
    for (const [copied, length] of [
      [52, 52],
      [128, 128],
      [4000, 128],
    ] as const) {
      value.writeUInt32LE(copied, offsetIn(type, "copied"));
      const { data, ...read } = readControlPacket(value);
      assert.deepEqual(read, { key, arrivedNs: 77n, bytes: 500 });
      assert.deepEqual(
        [data.length, data.byteOffset - value.byteOffset],
        [length, offsetIn(type, "payload")],
      );
    }
  });

  test("a latched state says so to the program", () => {
    const type = structs().get("flow_state");
    const value = stateOf(Buffer.alloc(shapes.flows.valueBytes));
    writeFreshState(value, terms, { address: address("10.0.0.9"), port: 5004 }, 77n);
    const found = readFlowState(value);
    assert.deepEqual([found.armed, found.sending, found.sendPort], [terms.armed, terms.sending, 5004]);
    assert.equal(value.readUInt16BE(offsetIn(type, "bound_port")), 5004);
    assert.equal(value.readBigUInt64LE(offsetIn(type, "accepted_ns")), 77n);
    writeFreshState(value, terms, undefined, 77n);
    assert.notEqual(readFlowState(value).armed, terms.armed);
  });
});
