/**
 * Source policy and reception statistics are written twice: in TypeScript for the userspace engine, in C for the kernel's.
 * Whatever happens, both must say the same. The C is compiled for this machine, so that its clock is ours.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { SourcePolicy } from "@tandem/media";
import fc from "fast-check";
import { ReceptionStatistics } from "../src/reception-statistics.ts";
import { SourceGate } from "../src/source-gate.ts";
import { NativeProgram } from "./kernel/native-program.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";

const sources: readonly SourcePolicy[] = ["address", "strict", "symmetric"];
const verdicts = ["no-remote", "source-address", "source-port", "not-rtp", "", "accepted"] as const;
const eventTypes = [101, 96] as const;
const signaling = 6;
const trusted = 7;

type GateStep =
  | { readonly kind: "remote"; readonly address: number; readonly port: number }
  | { readonly kind: "source"; readonly source: number }
  | {
      readonly kind: "packet";
      readonly address: number;
      readonly port: number;
      readonly ssrc: number;
      readonly waitMs: number;
      readonly isJudged: boolean;
    };

const gateStep: fc.Arbitrary<GateStep> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("remote" as const),
      address: fc.constantFrom(0, 5, 5, 8),
      port: fc.constantFrom(0, 40, 42),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("source" as const), source: fc.constantFrom(0, 1, 2) }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("packet" as const),
      address: fc.constantFrom(5, 5, 5, signaling, trusted, 8, 9),
      port: fc.constantFrom(40, 40, 42),
      ssrc: fc.constantFrom(1, 1, 1, 2),
      waitMs: fc.constantFrom(0, 0, 20, 1999, 2000, 2001),
      isJudged: fc.constantFrom(false, false, false, true),
    }),
  },
);

const textOf = (address: number): string => `10.0.0.${address}`;

/** What the TypeScript says, and the commands that ask the C the same. */
function played(steps: readonly GateStep[]): { readonly commands: string[]; readonly expected: string[] } {
  const gate = new SourceGate();
  gate.signalingAddress = textOf(signaling);
  gate.trustedNetworks = { has: (address) => address === textOf(trusted) };
  const [commands, expected] = [["reset", `signaling ${signaling}`], [] as string[]];
  let [armed, sending, source, address, port, nowMs] = [1, 1, 0, 0, 0, 10_000];
  for (const step of steps) {
    if (step.kind === "remote") {
      const isChanged = step.address !== address || step.port !== port;
      [address, port] = [step.address, step.port];
      gate.setRemote(address === 0 ? undefined : textOf(address), port);
      armed += 1;
      sending += Number(isChanged);
    } else if (step.kind === "source") {
      gate.setSource(sources[step.source] as SourcePolicy);
      source = step.source;
      armed += 1;
      sending += Number(sources[source] !== "symmetric");
    } else {
      nowMs += step.waitMs;
      const from = [textOf(step.address), step.port] as const;
      const verdict = step.isJudged ? gate.judge(...from, nowMs) : gate.admit(...from, step.ssrc, nowMs);
      const isTrusted = step.address === trusted ? 1 : 0;
      commands.push(
        `terms ${source} ${armed} ${sending} ${address} ${port}`,
        `${step.isJudged ? "judge" : "admit"} ${step.address} ${step.port} ${step.ssrc} ${isTrusted} ${nowMs}000000`,
      );
      const to = gate.sendPort === 0 ? "0 0" : `${gate.sendAddress.split(".").at(-1)} ${gate.sendPort}`;
      expected.push(`${verdict} ${to}`);
    }
  }
  return { commands, expected };
}

interface Arrival {
  /** From the one before. */
  readonly step: number;
  readonly gapMs: number;
  readonly ssrc: number;
  readonly ticks: number;
  readonly payloadType: number;
}

const arrival: fc.Arbitrary<Arrival> = fc.record({
  step: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(1, 1, 1, 1, 2, 3, 0, -1, -2) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        -60,
        -64,
        -98,
        -99,
        -100,
        -101,
        63,
        64,
        65,
        127,
        128,
        129,
        2998,
        2999,
        3000,
        3001,
        40_000,
      ),
    },
  ),
  gapMs: fc.constantFrom(0, 20, 20, 20, 35, 5, 500),
  ssrc: fc.constantFrom(1, 1, 1, 1, 1, 1, 1, 1, 1, 2),
  ticks: fc.constantFrom(160, 160, 160, 0, 320, -160),
  payloadType: fc.constantFrom(0, 0, 0, 0, ...eventTypes, 102),
});

describe("the program's C says what the TypeScript says", { skip: missingForKernelTests() ?? false }, () => {
  let program: NativeProgram;
  before(() => {
    program = new NativeProgram();
  });
  after(() => program.close());

  test("of any row of packets, offers and changes of policy", () => {
    const rows = fc.sample(fc.array(gateStep, { minLength: 20, maxLength: 80 }), {
      numRuns: 400,
      seed: 20_261,
    });
    const all = rows.map((steps) => played(steps));
    const said = program.run(all.flatMap(({ commands }) => commands)).map((line) => {
      const [verdict = "", address, port] = line.split(" ");
      return `${verdicts[Number(verdict)]} ${address} ${port}`;
    });
    assert.deepEqual(
      said,
      all.flatMap(({ expected }) => expected),
    );
    const seen = new Set(said.map((line) => line.split(" ")[0]));
    assert.deepEqual(seen, new Set(["accepted", "no-remote", "source-address", "source-port"]));
  });

  test("of loss, order, duplicates, telephone events and jitter", () => {
    const rows = fc.sample(fc.array(arrival, { minLength: 50, maxLength: 400 }), {
      numRuns: 300,
      seed: 20_262,
    });
    const commands: string[] = [];
    const expected: number[][] = [];
    for (const [index, row] of rows.entries()) {
      const statistics = new ReceptionStatistics();
      const clockRate = index % 2 === 0 ? 8000 : 48_000;
      statistics.clockRate = clockRate;
      let [sequence, timestamp, nowMs] = [65_500, 4_294_960_000, 5000];
      commands.push("reset", `events ${eventTypes.join(" ")}`);
      for (const { step, gapMs, ssrc, ticks, payloadType } of row) {
        sequence = (sequence + step) & 0xffff;
        timestamp = (timestamp + ticks) >>> 0;
        nowMs += gapMs;
        statistics.receive(rtp(sequence, timestamp, ssrc, payloadType), nowMs, eventTypes);
        commands.push(`rtp ${sequence} ${timestamp} ${ssrc} ${nowMs}000000 ${clockRate} ${payloadType}`);
        const { lost, reordered, duplicates, events, jitterMs } = statistics;
        expected.push([lost, reordered, duplicates, events, jitterMs]);
      }
    }
    const said = program.run(commands).map((line) => line.split(" ").map(Number));
    assert.equal(said.length, expected.length);
    for (const [index, numbers] of said.entries()) {
      const wanted = expected[index] as number[];
      assert.deepEqual(numbers.slice(0, 4), wanted.slice(0, 4), `packet ${index}`);
      // Nanoseconds in whole numbers there, fractions of milliseconds here.
      assert.ok(
        Math.abs((numbers[4] as number) - (wanted[4] as number)) < 0.001,
        `jitter of packet ${index}`,
      );
    }
    assert.ok(expected.some((numbers) => numbers.slice(0, 4).every((number) => number !== 0)));
  });
});

function rtp(sequence: number, timestamp: number, ssrc: number, payloadType: number): Uint8Array {
  const data = Buffer.alloc(12);
  data[0] = 0x80;
  data[1] = payloadType;
  data.writeUInt16BE(sequence, 2);
  data.writeUInt32BE(timestamp, 4);
  data.writeUInt32BE(ssrc, 8);
  return data;
}
