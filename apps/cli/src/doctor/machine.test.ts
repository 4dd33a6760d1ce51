import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeMachine, type Machine, needs } from "./machine.ts";
import { readMachine } from "./read-machine.ts";

const good: Machine = {
  nodeMajor: needs.nodeMajor,
  openFiles: { soft: needs.openFiles, hard: 20_000 },
  isRoot: false,
  unprivilegedPortStart: 1024,
  largestReceiveBufferBytes: needs.receiveBufferBytes,
  ephemeralPorts: { first: 32_768, last: 60_999 },
  reservedPorts: "",
  isForwarding: false,
  isClockSynchronized: true,
  wallMs: needs.earliestWallMs,
  freeMemoryBytes: needs.freeMemoryBytes,
  freeDiskBytes: needs.freeDiskBytes,
};
const media = { first: 10_000, last: 19_999 };

function levels(change: Partial<Machine>, range = media): Record<string, string> {
  const findings = judgeMachine({ ...good, ...change }, range);
  return Object.fromEntries(findings.map(({ check, level }) => [check, level]));
}

const table: readonly (readonly [what: string, check: string, change: Partial<Machine>, level: string])[] = [
  ["Node is too old", "node", { nodeMajor: needs.nodeMajor - 1 }, "fail"],
  ["one open file too few", "nofile", { openFiles: { soft: needs.openFiles - 1, hard: 20_000 } }, "warn"],
  ["open files unknown", "nofile", { openFiles: undefined }, "warn"],
  ["root", "privileges", { isRoot: true }, "ok"],
  [
    "a small receive buffer",
    "udp buffer",
    { largestReceiveBufferBytes: needs.receiveBufferBytes - 1 },
    "warn",
  ],
  ["receive buffer unknown", "udp buffer", { largestReceiveBufferBytes: undefined }, "ok"],
  ["no time service", "clock", { isClockSynchronized: false }, "warn"],
  ["time service unknown", "clock", { isClockSynchronized: undefined }, "warn"],
  ["a clock that was never set", "clock", { wallMs: needs.earliestWallMs - 1 }, "fail"],
  ["little memory", "memory", { freeMemoryBytes: needs.freeMemoryBytes - 1 }, "warn"],
  ["a full disk", "disk", { freeDiskBytes: needs.freeDiskBytes - 1 }, "warn"],
  ["disk unknown", "disk", { freeDiskBytes: undefined }, "warn"],
  ["ephemeral ports unknown", "media ports", { ephemeralPorts: undefined }, "ok"],
];

describe("judgeMachine", () => {
  it("finds nothing wrong at the very limits", () => {
    assert.deepEqual(new Set(Object.values(levels({}))), new Set(["ok"]));
  });

  for (const [what, check, change, level] of table) {
    it(`${what}: ${level}`, () => {
      const found = levels(change);
      assert.equal(found[check], level);
      const others = Object.entries(found).filter(([name]) => name !== check);
      assert.ok(others.every(([, each]) => each === "ok"));
    });
  }

  const ranges: readonly (readonly [first: number, last: number, reserved: string, level: string])[] = [
    [10_000, 32_767, "", "ok"],
    [10_000, 32_768, "", "warn"],
    [60_999, 65_535, "", "warn"],
    [61_000, 65_535, "", "ok"],
    [40_000, 49_999, "40000-49999", "ok"],
    [40_000, 49_999, "8080,40000-60000", "ok"],
    [40_000, 49_999, "40001-49999", "warn"],
    [40_000, 49_999, "40000-49998", "warn"],
    [40_000, 49_999, "40000", "warn"],
  ];
  for (const [first, last, reservedPorts, level] of ranges) {
    it(`media ports ${first}-${last}, reserved "${reservedPorts}": ${level}`, () => {
      assert.equal(levels({ reservedPorts }, { first, last })["media ports"], level);
    });
  }
});

describe("open files", () => {
  for (const [hard, calls] of [
    [20_000, 4744],
    [5120, 1024],
    [5119, 1023],
    [1000, 0],
  ] as const) {
    it(`a hard limit of ${hard} is room for ${calls} calls in user space`, () => {
      const findings = judgeMachine({ ...good, openFiles: { soft: 1000, hard } }, media);
      const text = findings.find(({ check }) => check === "nofile")?.text;
      assert.equal(text, `1000 open files (hard limit ${hard}: ${calls} calls in user space)`);
    });
  }
});

describe("forwarding", () => {
  for (const [isForwarding, level] of [
    [false, "ok"],
    [true, "warn"],
    [undefined, "ok"],
  ] as const) {
    it(`${isForwarding}: ${level}`, () => {
      assert.equal(levels({ isForwarding })["forwarding"], level);
    });
  }
});

describe("readMachine", () => {
  it("reads this machine, also for a directory that is not there yet", () => {
    const machine = readMachine("/nonexistent/a/b", 1);
    assert.equal(machine.nodeMajor, Number(process.versions.node.split(".")[0]));
    assert.ok(machine.freeMemoryBytes > 0);
    assert.ok((machine.freeDiskBytes ?? 0) > 0);
    assert.equal(machine.wallMs, 1);
    if (process.platform === "linux") assert.equal(typeof machine.isForwarding, "boolean");
    if (process.platform === "linux")
      assert.ok((machine.openFiles?.hard ?? 0) >= (machine.openFiles?.soft ?? 1));
  });
});
