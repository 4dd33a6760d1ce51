import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionHealth } from "@tandem/contracts";
import type { DeviceAddress, HostState, KernelRoute, Link } from "../kernel/host-state.ts";
import { exampleLine, network } from "../testing/example-lines.ts";
import { lineHealth, refusedHealth } from "./line-health.ts";
import type { RoutingDaemonState } from "./routing-daemon.ts";

const running: Link = { isUp: true, isRunning: true, receivedBytes: 5, sentBytes: 6 };
const localAddress: DeviceAddress = {
  device: "lo",
  address: "100.127.0.1",
  prefixLength: 32,
  peer: undefined,
  label: "lo:tandem",
};
const linkAddress: DeviceAddress = {
  device: "wan1",
  address: "169.254.10.1",
  prefixLength: 30,
  peer: undefined,
  label: "wan1",
};

function kernelRoute(destination: string, overrides: Partial<KernelRoute> = {}): KernelRoute {
  return { key: "", text: "", table: 1001, destination, usableDevices: ["wan1"], isOurs: true, ...overrides };
}

function host(overrides: Partial<HostState> = {}): HostState {
  return {
    links: new Map([["wan1", running]]),
    addresses: [localAddress, linkAddress],
    rules: [],
    routes: [kernelRoute("192.0.2.0/24")],
    ...overrides,
  };
}

const line = exampleLine({ routes: [network("192.0.2.0/24")] });
const judged = (state: HostState, daemon?: RoutingDaemonState): ConnectionHealth =>
  lineHealth(line, state, daemon, undefined, 1000);

test("everything is there", () => {
  assert.deepEqual(judged(host()), {
    sid: line.sid,
    state: "up",
    reason: null,
    sinceMs: 1000,
    link: "up",
    route: "present",
    bgp: null,
    bfd: null,
    receivedBytes: 5,
    sentBytes: 6,
  });
});

const peer = {
  bgp: [{ peer: "169.254.10.2", state: "Established" }],
  bfd: [{ peer: "169.254.10.2", device: "wan1", status: "up" }],
};

const faults: readonly (readonly [
  what: string,
  state: HostState,
  daemon: RoutingDaemonState | undefined,
  wanted: Partial<ConnectionHealth>,
])[] = [
  [
    "no device",
    host({ links: new Map() }),
    undefined,
    { state: "unprovisioned", link: "missing", reason: "device wan1 is not on this host" },
  ],
  [
    "no local address",
    host({ addresses: [linkAddress] }),
    undefined,
    { state: "unprovisioned", link: "up", reason: "local address 100.127.0.1 is not on this host" },
  ],
  [
    "the local address on another device",
    host({ addresses: [{ ...localAddress, device: "wan1" }] }),
    undefined,
    { state: "unprovisioned" },
  ],
  [
    "no carrier",
    host({ links: new Map([["wan1", { ...running, isRunning: false }]]) }),
    undefined,
    { state: "down", link: "down", reason: "link of wan1 is down" },
  ],
  [
    "no route",
    host({ routes: [] }),
    undefined,
    { state: "down", route: "missing", reason: "no usable route in table 1001" },
  ],
  [
    "a route in another table",
    host({ routes: [kernelRoute("192.0.2.0/24", { table: 1002 })] }),
    undefined,
    { state: "down", route: "missing" },
  ],
  [
    "a route over another device",
    host({ routes: [kernelRoute("192.0.2.0/24", { usableDevices: ["wan2"] })] }),
    undefined,
    { state: "down", route: "missing" },
  ],
  [
    "a dead route",
    host({ routes: [kernelRoute("192.0.2.0/24", { usableDevices: [] })] }),
    undefined,
    { state: "down", route: "missing" },
  ],
  [
    "BFD down before BGP and routes",
    host({ routes: [] }),
    {
      bgp: [{ peer: "169.254.10.2", state: "Idle" }],
      bfd: [{ peer: "169.254.10.2", device: "wan1", status: "down" }],
    },
    { state: "down", bfd: "down", bgp: "Idle", reason: "BFD session is down" },
  ],
  [
    "BGP not established",
    host(),
    { ...peer, bgp: [{ peer: "169.254.10.2", state: "Active" }] },
    { state: "down", bgp: "Active", bfd: "up", reason: "BGP session is Active" },
  ],
];

for (const [what, state, daemon, wanted] of faults) {
  test(`not up: ${what}`, () => {
    const health = judged(state, daemon);
    for (const [key, value] of Object.entries(wanted))
      assert.equal(health[key as keyof ConnectionHealth], value, key);
    assert.notEqual(health.reason, null);
  });
}

test("up with BGP and BFD", () => {
  assert.deepEqual(
    [judged(host(), peer).state, judged(host(), peer).bgp, judged(host(), peer).bfd],
    ["up", "Established", "up"],
  );
});

test("routes that cover the network or are parts of it will do; every network needs one", () => {
  assert.equal(judged(host({ routes: [kernelRoute("192.0.0.0/16")] })).route, "present");
  assert.equal(judged(host({ routes: [kernelRoute("192.0.2.128/25")] })).route, "present");
  assert.equal(judged(host({ routes: [kernelRoute("default")] })).route, "present");
  assert.equal(judged(host({ routes: [kernelRoute("192.0.3.0/24")] })).route, "missing");
  const two = exampleLine({ routes: [network("192.0.2.0/24"), network("198.51.100.0/24")] });
  assert.equal(lineHealth(two, host(), undefined, undefined, 0).route, "missing");
});

const neighbours: readonly (readonly [
  what: string,
  peerName: string,
  addresses: readonly DeviceAddress[],
  nextHop: number | undefined,
  isOurs: boolean,
])[] = [
  ["the next hop", "169.254.10.2", [], 0xa9fe0a02, true],
  ["in the network of the device", "169.254.10.2", [linkAddress], undefined, true],
  ["beyond that network", "169.254.10.4", [linkAddress], undefined, false],
  [
    "the other end of a point-to-point address",
    "10.9.9.2",
    [{ ...linkAddress, address: "10.9.9.1", prefixLength: 32, peer: "10.9.9.2" }],
    undefined,
    true,
  ],
  [
    "not the other end",
    "10.9.9.3",
    [{ ...linkAddress, address: "10.9.9.1", prefixLength: 32, peer: "10.9.9.2" }],
    undefined,
    false,
  ],
  ["an unnumbered neighbour by its device", "wan1", [], undefined, true],
  ["another device", "wan2", [], undefined, false],
];

for (const [what, name, addresses, nextHop, isOurs] of neighbours) {
  test(`whose neighbour: ${what}`, () => {
    const state = host({ addresses: [localAddress, ...addresses] });
    const daemon = { bgp: [{ peer: name, state: "Established" }], bfd: [] };
    const health = lineHealth(exampleLine({ ...line, nextHop }), state, daemon, undefined, 0);
    assert.equal(health.bgp, isOurs ? "Established" : null);
  });
}

test("a BFD session is told by its device; without one by the address", () => {
  const bfd = (device: string | undefined): string | null =>
    judged(host(), { bgp: [], bfd: [{ peer: "169.254.10.2", device, status: "up" }] }).bfd;
  assert.deepEqual([bfd("wan1"), bfd("wan2"), bfd(""), bfd(undefined)], ["up", null, "up", "up"]);
});

test("since when: kept while the state is the same, whatever the reason", () => {
  const first = judged(host());
  assert.equal(lineHealth(line, host(), undefined, first, 5000).sinceMs, 1000);
  const down = lineHealth(line, host({ routes: [] }), undefined, first, 5000);
  assert.equal(down.sinceMs, 5000);
  const worse = host({ links: new Map([["wan1", { ...running, isRunning: false }]]) });
  assert.equal(lineHealth(line, worse, undefined, down, 6000).sinceMs, 5000);
});

test("a refused connection is unprovisioned and says why", () => {
  const health = refusedHealth({ sid: "TX9", why: "it has no routes" }, undefined, 7);
  assert.deepEqual(
    [health.state, health.reason, health.link, health.route, health.sinceMs],
    ["unprovisioned", "it has no routes", "unknown", "unknown", 7],
  );
});
