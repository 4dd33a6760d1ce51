import assert from "node:assert/strict";
import { test } from "node:test";
import { batchErrors } from "./batch-errors.ts";

/** As iproute2 6.1 wrote it. */
const recorded = `Cannot find device "nope"
Command failed -:1
Error: ipv4: Address already assigned.
Command failed -:2
Error: Nexthop has invalid gateway.
Command failed -:4
`;
const commands = [
  "route add 192.0.2.0/24 dev nope",
  "address add 100.127.0.1/32 dev lo",
  "rule add",
  "route add x",
];

test("each failed command is named with what the kernel said", () => {
  assert.deepEqual(batchErrors(recorded, commands), [
    'ip route add 192.0.2.0/24 dev nope: Cannot find device "nope"',
    "ip address add 100.127.0.1/32 dev lo: Error: ipv4: Address already assigned.",
    "ip route add x: Error: Nexthop has invalid gateway.",
  ]);
});

test("nothing was written, nothing failed; a message without a line is not lost", () => {
  assert.deepEqual(batchErrors("", commands), []);
  assert.deepEqual(batchErrors("Cannot open netlink socket\n", commands), [
    "ip -batch: Cannot open netlink socket",
  ]);
  assert.deepEqual(batchErrors("Command failed -:9\n", commands), ["ip line 9 of a batch: no message"]);
});
