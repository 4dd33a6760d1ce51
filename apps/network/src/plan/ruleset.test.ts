import assert from "node:assert/strict";
import { test } from "node:test";
import { address, exampleEdge, exampleLine, secondLine } from "../testing/example-lines.ts";
import { dropReasons } from "./drop-reasons.ts";
import { listedSets, removedRuleset, ruleset, withoutSets } from "./ruleset.ts";

const rulesOf = (text: string, chain: string): readonly string[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith(`add rule inet tandem ${chain} `))
    .map((line) => line.slice(`add rule inet tandem ${chain} `.length));

test("the sets of two lines to the same network", () => {
  assert.equal(
    ruleset(exampleEdge(), [exampleLine(), secondLine()], 7).sets,
    `add table inet tandem
add set inet tandem lines_7 { type ifname; }
add element inet tandem lines_7 { "wan1", "wan2" }
add set inet tandem routes_7 { type ifname . ipv4_addr; flags interval; }
add element inet tandem routes_7 { "wan1" . 192.0.2.0/24, "wan2" . 192.0.2.0/24, "wan2" . 198.51.100.8/29 }
add map inet tandem local_address_7 { type ifname : ipv4_addr; }
add element inet tandem local_address_7 { "wan1" : 100.127.0.1, "wan2" : 100.127.0.33 }
add set inet tandem way_out_7 { type ipv4_addr . ifname; }
add element inet tandem way_out_7 { 100.127.0.1 . "wan1", 100.127.0.33 . "wan2" }
add set inet tandem quoted_routes_7 { typeof iifname . @th,192,32; flags interval; }
add element inet tandem quoted_routes_7 { "wan1" . 0xc0000200-0xc00002ff, "wan2" . 0xc0000200-0xc00002ff, "wan2" . 0xc6336408-0xc633640f }
add map inet tandem quoted_local_7 { typeof iifname : @th,160,32; }
add element inet tandem quoted_local_7 { "wan1" : 0x647f0001, "wan2" : 0x647f0021 }
add map inet tandem signaling_in_7 { typeof iifname : @th,32,16; }
add element inet tandem signaling_in_7 { "wan1" : 0xd78a, "wan2" : 0xd76a }
add map inet tandem media_in_7 { typeof iifname : @th,32,16; }
add element inet tandem media_in_7 { "wan1" : 0xd794, "wan2" : 0xd774 }
add map inet tandem signaling_out_7 { typeof ip saddr : @th,32,16; }
add element inet tandem signaling_out_7 { 100.127.0.1 : 0x2875, 100.127.0.33 : 0x2895 }
add map inet tandem media_out_7 { typeof ip saddr : @th,32,16; }
add element inet tandem media_out_7 { 100.127.0.1 : 0x286b, 100.127.0.33 : 0x288b }
`,
  );
});

test("the rules, with a media address of its own", () => {
  const { rules } = ruleset(exampleEdge(), [exampleLine()], 7);
  assert.deepEqual(rulesOf(rules, "prerouting"), [
    "ip daddr 100.127.0.0/16 counter name to_local_address drop",
    "ip daddr 203.0.113.10 goto arriving",
    "ip daddr 203.0.113.20 goto arriving",
  ]);
  assert.deepEqual(rulesOf(rules, "output"), ["ip saddr 100.127.0.0/16 notrack"]);
  assert.deepEqual(rulesOf(rules, "arriving"), [
    "iifname != @lines_7 counter name other_device drop",
    "ip protocol icmp goto arriving_icmp",
    "iifname . ip saddr != @routes_7 counter name outside_routes drop",
    "ip frag-off & 0x1fff != 0 goto accepted",
    "ip daddr 203.0.113.10 udp dport 5060 goto accepted",
    "ip daddr 203.0.113.20 udp dport 10000-19999 goto accepted",
    "ip daddr 203.0.113.10 tcp dport 5060 goto accepted",
    "ip daddr 203.0.113.10 tcp dport 5061 goto accepted",
    "ip daddr 203.0.113.10 tcp flags & (syn | ack) != syn goto accepted",
    "counter name closed_port drop",
  ]);
  assert.deepEqual(rulesOf(rules, "accepted"), [
    "notrack ip daddr set iifname map @local_address_7 accept",
    "counter name other_device drop",
  ]);
  assert.deepEqual(rulesOf(rules, "leaving"), [
    "ip saddr . oifname != @way_out_7 counter name leaving_elsewhere drop",
    "ip protocol icmp goto leaving_icmp",
    "udp sport 10000-19999 ip saddr set 203.0.113.20 accept",
    "ip saddr set 203.0.113.10 accept",
  ]);
  assert.deepEqual(rulesOf(rules, "forward"), [
    "iifname @lines_7 counter name forwarded drop",
    "oifname @lines_7 counter name forwarded drop",
  ]);
});

test("with one address for signaling and media there is one mapping out", () => {
  const edge = exampleEdge({ media: address("203.0.113.10") });
  const { rules } = ruleset(edge, [exampleLine()], 1);
  assert.equal(rulesOf(rules, "prerouting").filter((rule) => rule.includes("goto arriving")).length, 1);
  assert.ok(rulesOf(rules, "arriving").includes("ip daddr 203.0.113.10 udp dport 10000-19999 goto accepted"));
  assert.deepEqual(rulesOf(rules, "leaving").slice(2), ["ip saddr set 203.0.113.10 accept"]);
});

test("an address behind a 1:1 NAT is closed for the edge's services, other interfaces for lines", () => {
  const others = { ipv4: [address("198.51.100.1")], ipv6: ["2001:db8::1"] };
  const { rules } = ruleset(exampleEdge({ bound: [address("10.0.0.5")], others }), [exampleLine()], 1);
  assert.deepEqual(rulesOf(rules, "prerouting").slice(3), [
    "ip daddr 10.0.0.5 udp dport 5060 counter name other_device drop",
    "ip daddr 10.0.0.5 udp dport 10000-19999 counter name other_device drop",
    "ip daddr 10.0.0.5 tcp dport 5060 counter name other_device drop",
    "ip daddr 10.0.0.5 tcp dport 5061 counter name other_device drop",
    "iifname @lines_1 ip daddr 10.0.0.5 counter name other_interface drop",
    "iifname @lines_1 ip daddr 198.51.100.1 counter name other_interface drop",
    "iifname @lines_1 ip6 daddr 2001:db8::1 counter name other_interface drop",
  ]);
  assert.deepEqual(rulesOf(rules, "postrouting"), [
    "ip saddr 100.127.0.0/16 goto leaving",
    "oifname @lines_1 ip saddr 198.51.100.1 counter name other_interface drop",
  ]);
});

test("rules name no set of another generation and none in braces; every reason has its counter", () => {
  const others = { ipv4: [address("198.51.100.1")], ipv6: [] };
  const { rules } = ruleset(exampleEdge({ others }), [exampleLine()], 12);
  const rows = rules.split("\n").filter((line) => line.startsWith("add rule"));
  for (const row of rows) {
    assert.doesNotMatch(row, /\{/);
    for (const [, generation] of row.matchAll(/@[a-z]\w*_(\d+)/g)) assert.equal(generation, "12");
  }
  for (const reason of dropReasons) {
    assert.ok(rules.includes(`add counter inet tandem ${reason}\n`));
    assert.ok(
      rows.some((row) => row.includes(`counter name ${reason} drop`)),
      `${reason} is used`,
    );
  }
});

test("without lines everything is still closed", () => {
  const { sets, rules } = ruleset(exampleEdge(), [], 1);
  assert.doesNotMatch(sets, /add element/);
  assert.equal(rules, ruleset(exampleEdge(), [exampleLine()], 1).rules);
});

test("sets of any generation are found in a listing and deleted by name", () => {
  const listing = `table inet tandem {
	counter forwarded {
	}

	set lines_3 {
		type ifname
	}

	map quoted_local_12 {
		typeof iifname : @th,160,32
	}

	chain arriving_1 {
	}
}`;
  const sets = listedSets(listing);
  assert.deepEqual(sets, [
    { kind: "set", name: "lines_3", generation: 3 },
    { kind: "map", name: "quoted_local_12", generation: 12 },
  ]);
  assert.equal(withoutSets(sets), "delete set inet tandem lines_3\ndelete map inet tandem quoted_local_12\n");
  assert.equal(removedRuleset, "add table inet tandem\ndelete table inet tandem\n");
});
