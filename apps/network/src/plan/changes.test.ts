import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleEdge, exampleLine, secondLine } from "../testing/example-lines.ts";
import { changes } from "./changes.ts";
import { emptyHostPlan, hostPlan } from "./host-plan.ts";

const edge = exampleEdge();
const both = new Set(["wan1", "wan2"]);
const one = hostPlan(edge, [exampleLine()], both);
const two = hostPlan(edge, [exampleLine(), secondLine()], both);

test("a first line: routes behind their unreachable end, rules, then the address", () => {
  assert.deepEqual(changes(one, emptyHostPlan), [
    "route replace unreachable default table 1001 metric 4294967295 proto 84",
    "route replace 192.0.2.0/24 via 169.254.10.2 dev wan1 table 1001 metric 4096 onlink proto 84",
    "route replace 192.0.2.7/32 via 169.254.10.2 dev wan1 table 1001 metric 4096 onlink proto 84",
    "rule add pref 12100 nop protocol 84",
    "rule add pref 12090 from 100.127.0.0/16 unreachable protocol 84",
    "rule add pref 10010 from 100.127.0.1/32 lookup 1001 protocol 84",
    "rule add pref 10002 from 100.127.0.0/16 unreachable protocol 84",
    "rule add pref 10001 from 100.127.0.0/27 goto 10010 protocol 84",
    "rule add pref 10000 not from 100.127.0.0/16 goto 12100 protocol 84",
    "address add 100.127.0.1/32 dev lo label lo:tandem scope host",
  ]);
});

test("nothing to do: no command", () => {
  assert.deepEqual(changes(two, two), []);
});

test("a line that goes: first its address, last its routes; the other is not touched", () => {
  assert.deepEqual(changes(one, two), [
    "address del 100.127.0.33/32 dev lo",
    "rule del pref 10011 from 100.127.0.33/32 lookup 1002 protocol 84",
    "rule del pref 10001 from 100.127.0.32/27 goto 10011 protocol 84",
    "route del unreachable default table 1002 metric 4294967295 proto 84",
    "route del 192.0.2.0/24 dev wan2 table 1002 metric 4096 proto 84",
    "route del 198.51.100.8/29 dev wan2 table 1002 metric 4096 proto 84",
  ]);
});

test("another next hop replaces the route and does not delete it after", () => {
  const moved = hostPlan(edge, [exampleLine({ nextHop: undefined })], both);
  assert.deepEqual(changes(moved, one), [
    "route replace 192.0.2.0/24 dev wan1 table 1001 metric 4096 proto 84",
    "route replace 192.0.2.7/32 dev wan1 table 1001 metric 4096 proto 84",
  ]);
});

test("no routes over a device that is down, nor beside a routing daemon; the end of the world is there always", () => {
  const end = ["unreachable default table 1001 metric 4294967295"];
  const texts = (plan: ReturnType<typeof hostPlan>): readonly string[] =>
    plan.routes.map((route) => route.text);
  assert.deepEqual(texts(hostPlan(edge, [exampleLine()], new Set(["wan2"]))), end);
  assert.deepEqual(texts(hostPlan(edge, [exampleLine({ isDaemonRouted: true })], both)), end);
});
