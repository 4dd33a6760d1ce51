/** The offsets of layout/ against those that the compiler has put into the program's type information. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import {
  blockPorts,
  controlPacketBytes,
  flowChangeBytes,
  flowKeyBytes,
  maximumFlows,
  numberAt,
  readControlPacket,
  readFlowState,
  readFoundTerms,
  shapes,
  termsOf,
  writeBlockKey,
  writeFlowKey,
  writeFlowTerms,
  writeFreshState,
} from "../src/kernel/layout/index.ts";
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
    { address: address("10.0.0.3"), next: address("10.0.0.5"), ifindex: 7 },
    { address: address("10.0.0.9"), next: address("10.0.0.6"), ifindex: 7 },
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
    assert.equal(types.get("port_block")?.size, shapes.ports.valueBytes);
    assert.equal(types.get("flow_change")?.size, flowChangeBytes);
    assert.equal(types.get("partition_key")?.size, shapes.partitions.keyBytes);
    assert.equal(types.get("partition")?.size, shapes.partitions.valueBytes);
    assert.equal(types.get("network_key")?.size, shapes.networks.keyBytes);
  });

  test("puts what every packet needs into four cache lines", () => {
    const types = structs();
    const [flow, terms, state] = [types.get("flow"), types.get("flow_terms"), types.get("flow_state")];
    assert.equal((flow?.size ?? 1) % 64, 0, "each flow begins with a line");
    const [termsAt, stateAt] = [offsetIn(flow, "terms"), offsetIn(flow, "state")];
    assert.equal(termsAt + offsetIn(terms, "armed"), 128);
    assert.equal(stateAt + offsetIn(state, "armed"), 256);
    assert.equal(stateAt + offsetIn(state, "reordered"), 384);
  });

  test("finds the number of a flow by its port", () => {
    const types = structs();
    const at = offsetIn(types.get("port_block"), "flows");
    assert.equal(4 * blockPorts + at, shapes.ports.valueBytes);
    const block = Buffer.alloc(flowKeyBytes);
    const first = Buffer.alloc(flowKeyBytes);
    writeFlowKey(first, 0, { ...key, port: 20_000 });
    for (const [port, offset] of [
      [20_000, 0],
      [20_001, 1],
      [20_031, 31],
    ] as const) {
      writeBlockKey(block, { ...key, port });
      assert.ok(block.equals(first), `${port} is in the block of 20000`);
      assert.equal(numberAt(port), at + 4 * offset);
    }
    writeBlockKey(block, { ...key, port: 20_032 });
    assert.ok(!block.equals(first), "another block");
    assert.equal(numberAt(20_032), at);
    // The two ports of a pair are in one block: there are never more blocks than pairs.
    assert.equal(maximumFlows % 2, 0);
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
    const way = (member: string): number => at("way") + offsetIn(types.get("fixed_way"), member);
    assert.deepEqual(
      {
        armed: value.readUInt32LE(at("armed")),
        sending: value.readUInt32LE(at("sending")),
        bytes: ["mode", "kind", "source", "flags", "dscp", "link_header"].map((name) => value[at(name)]),
        keyPort: value.readUInt16BE(at("key") + offsetIn(types.get("flow_key"), "port")),
        partnerDevice: value.readUInt32LE(at("partner") + offsetIn(types.get("flow_key"), "ifindex")),
        addresses: [
          ...["remote", "signaling", "remote_next", "other", "other_next"].map(at),
          at("partner") + 8,
        ].map(addressAt),
        way: [way("ifindex"), way("port"), way("dscp"), way("is_fixed"), way("to"), way("next")].map(
          (offset, index) =>
            index === 1 ? value.readUInt16BE(offset) : index < 4 ? value[offset] : addressAt(offset),
        ),
        remotePort: value.readUInt16BE(at("remote_port")),
        eventTypes: [...value.subarray(at("event_types"), at("event_types") + 4)],
        numbers: ["networks", "clock_rate"].map((name) => value.readUInt32LE(at(name))),
      },
      {
        armed: 0x11223344,
        sending: 0x55667788,
        bytes: [1, 2, 2, 63, 46, 14],
        keyPort: 20_000,
        partnerDevice: 8,
        addresses: ["10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.9", "10.0.0.6", "10.0.0.2"],
        way: [5, 4002, 34, 1, "10.0.0.7", "10.0.0.8"],
        remotePort: 4000,
        // One more than there is room for was given.
        eventTypes: [101, 0, 127, 96],
        numbers: [99, 48_000],
      },
    );
    assert.deepEqual(readFoundTerms(termsOf(value)), {
      armed: 0x11223344,
      sending: 0x55667788,
      isLeftToStack: true,
      partner,
    });
    // A way by another device, or none: packets leave by the device of the flow, or not at all.
    const [toRemote, toOther] = terms.hops;
    for (const [hops, flags] of [
      [[{ ...toRemote, ifindex: 8 }, toOther], 47],
      [[toRemote, { ...toOther, ifindex: 0 }], 31],
      [[undefined, undefined], 15],
    ] as const) {
      writeFlowTerms(termsOf(value), { ...terms, hops });
      assert.equal(value[at("flags")], flags);
    }
    writeFlowTerms(termsOf(value), { ...terms, eventTypes: [101] });
    assert.deepEqual([...value.subarray(at("event_types"), at("event_types") + 4)], [101, 255, 255, 255]);
  });

  test("reads every number where the program counts it", () => {
    const types = structs();
    const value = Buffer.alloc(shapes.flows.valueBytes);
    const flow = types.get("flow");
    const inState = (member: string): number =>
      offsetIn(flow, "state") + offsetIn(types.get("flow_state"), member);
    const inTally = (member: string): number =>
      offsetIn(flow, "tally") + offsetIn(types.get("flow_tally"), member);
    const longs = [
      inState("packets"),
      inState("bytes"),
      inTally("rtcp_packets"),
      inTally("unforwarded"),
      inState("last_ns"),
      inState("lost_before"),
      inState("reordered"),
      inState("duplicates"),
      inState("events"),
    ];
    for (const [index, offset] of longs.entries()) value.writeBigUInt64LE(BigInt(100 + index), offset);
    for (let reason = 0; reason < 4; reason += 1)
      value.writeBigUInt64LE(BigInt(reason + 1), inTally("drops") + 8 * reason);
    value.writeBigUInt64LE(16_000_000n, inState("jitter"));
    value.writeUInt32LE(1, inState("flags"));
    value.writeUInt32LE(0x10000, inState("cycles"));
    value.writeUInt16LE(9, inState("maximum"));
    value.writeUInt16LE(10, inState("base"));
    value.writeUInt32LE(0xffff, inState("received"));
    value.writeUInt16BE(4711, inState("send_port"));
    value.writeUInt32LE(5, inState("armed"));
    value.writeUInt32LE(6, inState("sending"));
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
    const types = structs();
    const inState = (member: string): number =>
      offsetIn(types.get("flow"), "state") + offsetIn(types.get("flow_state"), member);
    const value = Buffer.alloc(shapes.flows.valueBytes, 0xee);
    writeFlowTerms(termsOf(value), terms);
    const before = Buffer.from(termsOf(value));
    writeFreshState(value, terms, { address: address("10.0.0.9"), port: 5004 }, 77n);
    const found = readFlowState(value);
    assert.deepEqual([found.armed, found.sending, found.sendPort], [terms.armed, terms.sending, 5004]);
    assert.equal(value.readUInt16BE(inState("bound_port")), 5004);
    assert.equal(value.readBigUInt64LE(inState("accepted_ns")), 77n);
    assert.deepEqual([found.packets, found.unforwarded, found.events], [0, 0, 0]);
    writeFreshState(value, terms, undefined, 77n);
    assert.ok(termsOf(value).equals(before), "the terms are as they were");
    assert.notEqual(readFlowState(value).armed, terms.armed);
  });
});
