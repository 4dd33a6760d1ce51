import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { network } from "../testing/example-lines.ts";
import type { HostState } from "./host-state.ts";
import { readAddresses, readLinks, readRoutes, readRules } from "./ip-output.ts";
import { presentPlan } from "./present-plan.ts";

/** Recorded from iproute2 6.1: wan1 is up, wan2 has lost its carrier, far2 is shut. */
const sample = (name: string): string =>
  readFileSync(join(import.meta.dirname, "samples", `${name}.json`), "utf8");

test("links: up, without carrier, shut; with their counters", () => {
  const links = readLinks(sample("links"));
  assert.deepEqual(links.get("wan1"), { isUp: true, isRunning: true, receivedBytes: 90, sentBytes: 90 });
  assert.deepEqual(links.get("wan2"), { isUp: true, isRunning: false, receivedBytes: 0, sentBytes: 0 });
  assert.deepEqual(links.get("far2"), { isUp: false, isRunning: false, receivedBytes: 0, sentBytes: 0 });
  assert.equal(links.get("wan3"), undefined);
});

test("addresses with their device, label and the other end of a point-to-point one", () => {
  assert.deepEqual(readAddresses(sample("addresses")), [
    { device: "lo", address: "127.0.0.1", prefixLength: 8, peer: undefined, label: "lo" },
    { device: "lo", address: "100.127.0.1", prefixLength: 32, peer: undefined, label: "lo:tandem" },
    { device: "wan1", address: "169.254.10.1", prefixLength: 30, peer: undefined, label: "wan1" },
    { device: "wan2", address: "10.9.9.1", prefixLength: 32, peer: "10.9.9.2", label: "wan2" },
  ]);
});

test("rules of ours are spelled as the plan spells them; others are not seen", () => {
  assert.deepEqual(readRules(sample("rules")), [
    "pref 10000 not from 100.127.0.0/16 goto 12100",
    "pref 10001 from 100.127.0.0/27 goto 10010",
    "pref 10002 from 100.127.0.0/16 unreachable",
    "pref 10010 from 100.127.0.1/32 lookup 1001",
    "pref 12090 from 100.127.0.0/16 unreachable",
    "pref 12100 nop",
  ]);
});

test("routes of the lines' tables, ours and a daemon's, with the devices that they can use now", () => {
  const routes = readRoutes(sample("routes")).map(({ text, isOurs, usableDevices }) => ({
    text,
    isOurs,
    usableDevices,
  }));
  assert.deepEqual(routes, [
    { text: "unreachable default table 1001 metric 4294967295", isOurs: true, usableDevices: [] },
    {
      text: "192.0.2.0/24 via 169.254.10.2 dev wan1 table 1001 metric 4096 onlink",
      isOurs: true,
      usableDevices: ["wan1"],
    },
    {
      text: "192.0.2.7/32 via 169.254.10.2 dev wan1 table 1001 metric 4096 onlink",
      isOurs: true,
      usableDevices: ["wan1"],
    },
    { text: "unreachable default table 1002 metric 4294967295", isOurs: true, usableDevices: [] },
    { text: "192.0.2.0/24 dev wan2 table 1002 metric 4096", isOurs: true, usableDevices: [] },
    { text: "198.51.100.0/24 table 1002 metric 20", isOurs: false, usableDevices: ["wan1"] },
  ]);
});

test("names instead of numbers, fields that are missing or of another kind, and no output at all", () => {
  assert.deepEqual(readRoutes("[]"), []);
  assert.deepEqual(readRoutes(""), []);
  assert.deepEqual(
    readRoutes('[{"dst":"default"},{"table":"1001"},{"dst":7,"table":1001},null,4,[]]').length,
    1,
  );
  assert.deepEqual(
    readLinks('[{"ifname":"wan1"},{"flags":["UP"]},{"ifname":"wan2","flags":"UP"}]').get("wan1"),
    {
      isUp: false,
      isRunning: false,
      receivedBytes: null,
      sentBytes: null,
    },
  );
  assert.deepEqual(
    readAddresses('[{"ifname":"lo","addr_info":[{"family":"inet6","local":"::1","prefixlen":128},{}]},{}]'),
    [],
  );
  const named =
    '[{"priority":1,"src":"all","action":"unreachable","protocol":"84"},{"priority":2,"protocol":84}]';
  assert.deepEqual(readRules(named), ["pref 1 unreachable", "pref 2"]);
  assert.throws(() => readLinks("{}"), /no JSON list/);
  assert.throws(() => readLinks("Cannot open netlink socket"), SyntaxError);
});

const host: HostState = {
  links: readLinks(sample("links")),
  addresses: readAddresses(sample("addresses")),
  rules: readRules(sample("rules")),
  routes: readRoutes(sample("routes")),
};

test("ours are addresses with our label or in the pool, on the loopback device, and routes of our protocol", () => {
  const pool = network("100.127.0.0/16");
  const present = presentPlan(host, pool);
  assert.deepEqual(present.addresses, ["100.127.0.1/32"]);
  assert.equal(present.routes.length, 5);
  const added = [
    { device: "lo", address: "100.127.9.9", prefixLength: 32, peer: undefined, label: "lo" },
    { device: "lo", address: "100.64.0.1", prefixLength: 32, peer: undefined, label: "lo:tandem" },
    { device: "wan1", address: "100.127.9.8", prefixLength: 32, peer: undefined, label: "wan1" },
    { device: "lo", address: "10.0.0.1", prefixLength: 32, peer: undefined, label: "lo" },
  ];
  assert.deepEqual(presentPlan({ ...host, addresses: added }, pool).addresses, [
    "100.127.9.9/32",
    "100.64.0.1/32",
  ]);
});
