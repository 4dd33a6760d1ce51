import assert from "node:assert/strict";
import { test } from "node:test";
import type { Line } from "../lines/line.ts";
import { concerns, wordsOf } from "./ip-event.ts";

const line: Line = {
  sid: "TX1",
  device: "wan1",
  localAddress: 0x647f0001,
  routingTable: 1001,
  routes: [],
  nextHop: undefined,
  isDaemonRouted: false,
};

/** Lines of `ip monitor link address route rule` of iproute2 6.1. */
const recorded: readonly (readonly [line: string, isOurs: boolean])[] = [
  [
    "3: wan1@far1: <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> mtu 1500 qdisc noqueue state LOWERLAYERDOWN group default ",
    true,
  ],
  ["Deleted 3: wan1@NONE: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default ", true],
  ["7: wan1: <POINTOPOINT,NOARP> mtu 1480 qdisc noop state DOWN group default ", true],
  ["    link/ether 0e:2e:42:92:b6:d2 brd ff:ff:ff:ff:ff:ff", false],
  ["2: wan10@far10: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default ", false],
  ["1: lo    inet 100.127.0.1/32 scope host lo:tandem", true],
  ["Deleted 32765:\tfrom 100.127.0.1 lookup 1001 proto 84", true],
  ["10002:\tfrom 100.127.0.0/16 unreachable proto 84", true],
  ["192.0.2.0/24 via 169.254.10.2 dev eth7 table 1001 proto bgp metric 20 ", true],
  ["Deleted 192.0.2.0/24 dev wan1 table 1002 proto 84 scope link ", true],
  ["203.0.113.0/24 via 198.51.100.1 dev eth0 proto bgp metric 20 ", false],
  ["fe80::/64 dev eth0 proto kernel metric 256 pref medium", false],
];

for (const [text, isOurs] of recorded) {
  test(`${isOurs ? "about us" : "not about us"}: ${text.trim()}`, () => {
    assert.equal(concerns(text, wordsOf([line])), isOurs);
  });
}
