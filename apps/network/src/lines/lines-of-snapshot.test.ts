import assert from "node:assert/strict";
import { test } from "node:test";
import type { SnapshotConnection } from "@tandem/contracts";
import { formatIpv4, formatIpv4Network } from "../ipv4.ts";
import { network } from "../testing/example-lines.ts";
import { exampleConnection, exampleSnapshot } from "../testing/example-snapshot.ts";
import type { Lines } from "./line.ts";
import { linesOfSnapshot, maximumLines, maximumRoutesPerLine } from "./lines-of-snapshot.ts";

function linesOf(
  connections: readonly SnapshotConnection[],
  daemonRoutedDevices: readonly string[] = [],
): Lines {
  return linesOfSnapshot(exampleSnapshot({ connections: [...connections] }), {
    edge: "ashburn-ix",
    pool: network("100.127.0.0/16"),
    daemonRoutedDevices: new Set(daemonRoutedDevices),
  });
}

function numbered(index: number, overrides: Partial<SnapshotConnection> = {}): SnapshotConnection {
  return exampleConnection({
    sid: `TX${String(index).padStart(32, "0")}`,
    device: `wan${index}`,
    localAddress: formatIpv4(0x647f0000 + index),
    routingTable: 1000 + index,
    ...overrides,
  });
}

test("a connection becomes a line", () => {
  const { lines, refused } = linesOf(
    [exampleConnection({ routes: ["192.0.2.77/24", "192.0.2.0/24", "198.51.100.7"] })],
    ["wan1"],
  );
  const [line] = lines;
  assert.ok(line);
  assert.deepEqual(line.routes.map(formatIpv4Network), ["192.0.2.0/24", "198.51.100.7/32"]);
  assert.deepEqual(
    { ...line, routes: [], localAddress: formatIpv4(line.localAddress) },
    {
      sid: exampleConnection().sid,
      device: "wan1",
      localAddress: "100.127.0.1",
      routingTable: 1001,
      routes: [],
      nextHop: 0xa9fe0a02,
      isDaemonRouted: true,
    },
  );
  assert.deepEqual(refused, []);
  assert.equal(linesOf([exampleConnection({ nextHop: null })]).lines[0]?.nextHop, undefined);
});

test("only of this edge, and only when active or on the way", () => {
  const statuses = [
    "not-ready",
    "inactive",
    "in-transition",
    "active",
    "pending-deletion",
    "expired",
  ] as const;
  const { lines } = linesOf(statuses.map((status, index) => numbered(index + 1, { status })));
  assert.deepEqual(
    lines.map((line) => line.device),
    ["wan3", "wan4"],
  );
  assert.deepEqual(linesOf([exampleConnection({ edge: "london-ix" })]), { lines: [], refused: [] });
});

const refused: readonly (readonly [overrides: Partial<SnapshotConnection>, why: RegExp])[] = [
  [{ localAddress: "100.128.0.0" }, /local address 100\.128\.0\.0 is not in 100\.127\.0\.0\/16/],
  [{ localAddress: "::1" }, /local address ::1/],
  [{ device: "lo" }, /lo is no device of a line/],
  [{ device: "all" }, /all is no device/],
  [{ device: ".." }, /\.\. is no device/],
  [{ device: "-force" }, /-force is no device/],
  [{ device: "a/b" }, /a\/b is no device/],
  [{ device: 'a"; }' }, /is no device/],
  [{ device: "sixteen-letters-" }, /is no device/],
  [{ nextHop: "fe80::1" }, /next hop fe80::1/],
  [{ routes: [] }, /it has no routes/],
  [{ routes: ["2001:db8::/32"] }, /route 2001:db8::\/32 is no IPv4 network/],
  [{ routes: ["192.0.2.0/24; flush ruleset"] }, /is no IPv4 network/],
  [{ routingTable: 254 }, /routing table 254 is the system's/],
  [{ routingTable: 999 }, /routing table 999/],
];

for (const [overrides, why] of refused) {
  test(`refused, since root acts on it: ${JSON.stringify(overrides)}`, () => {
    const { lines, refused: out } = linesOf([exampleConnection(overrides), numbered(9)]);
    assert.deepEqual(
      lines.map((line) => line.device),
      ["wan9"],
    );
    assert.equal(out[0]?.sid, exampleConnection().sid);
    assert.match(out[0]?.why ?? "", why);
  });
}

test("two lines can't share a device, an address or a table: the older one keeps it", () => {
  for (const shared of [{ device: "wan1" }, { localAddress: "100.127.0.1" }]) {
    const { lines, refused: out } = linesOf([numbered(2, shared), numbered(1)]);
    assert.deepEqual(
      lines.map((line) => line.routingTable),
      [1001],
    );
    assert.match(out[0]?.why ?? "", /^its (device|local address) is that of TX0+1$/);
  }
  const { lines, refused: out } = linesOf([numbered(2, { routingTable: 1001 }), numbered(1)]);
  assert.deepEqual(
    lines.map((line) => line.device),
    ["wan1"],
  );
  assert.match(out[0]?.why ?? "", /^its routing table is that of TX0+1$/);
});

test("lines stand in order of their addresses, whatever the snapshot's", () => {
  assert.deepEqual(
    linesOf([3, 1, 2].map((index) => numbered(index))).lines.map((line) => line.device),
    ["wan1", "wan2", "wan3"],
  );
});

test("so many lines and routes, and not one more", () => {
  const most = Array.from({ length: maximumLines }, (_, index) => numbered(index));
  assert.equal(linesOf(most).lines.length, maximumLines);
  const { lines, refused: out } = linesOf([...most, numbered(maximumLines)]);
  assert.equal(lines.length, maximumLines);
  assert.match(out[0]?.why ?? "", /4096 lines already/);
  const routes = Array.from(
    { length: maximumRoutesPerLine + 1 },
    (_, index) => `${formatIpv4(0x0a000000 + index)}/32`,
  );
  assert.equal(
    linesOf([exampleConnection({ routes: routes.slice(1) })]).lines[0]?.routes.length,
    maximumRoutesPerLine,
  );
  assert.match(linesOf([exampleConnection({ routes })]).refused[0]?.why ?? "", /more than 1024 routes/);
});
