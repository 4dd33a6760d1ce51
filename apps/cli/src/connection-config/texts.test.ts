import assert from "node:assert/strict";
import { test } from "node:test";
import { birdText } from "./bird.ts";
import { frrText } from "./frr.ts";
import { exampleDocuments } from "./line-example.ts";
import { bgpPlan, lineEnd, linePlan, vpnPlan } from "./line-plan.ts";
import { strongswanText } from "./strongswan.ts";

const documents = exampleDocuments();
const line = linePlan(documents);
const bgp = bgpPlan(documents);
const vpn = vpnPlan(documents, "203.0.113.1");
const customer = lineEnd(documents, "customer");
const exchange = lineEnd(documents, "exchange");

/** Lines of a text that say something, without comments. */
function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((each) => each.trim() !== "" && !/^\s*[!#]/.test(each));
}

test("FRR at the customer: what the exchange announces is taken and preferred, only the line's routes go out", () => {
  assert.deepEqual(linesOf(frrText(line, bgp, customer)), [
    "frr defaults traditional",
    "ip prefix-list TANDEM-01234567-IN seq 5 permit 208.78.112.0/25",
    "ip prefix-list TANDEM-01234567-IN seq 10 permit 168.86.128.0/18 le 24",
    "ip prefix-list TANDEM-01234567-OUT seq 5 permit 192.0.2.0/24",
    "ip prefix-list TANDEM-01234567-OUT seq 10 permit 198.51.100.0/25",
    "route-map TANDEM-01234567-IN permit 10",
    " match ip address prefix-list TANDEM-01234567-IN",
    " set local-preference 200",
    "exit",
    "route-map TANDEM-01234567-OUT permit 10",
    " match ip address prefix-list TANDEM-01234567-OUT",
    "exit",
    "router bgp 65010",
    " bgp router-id 169.254.10.1",
    " no bgp default ipv4-unicast",
    " no bgp network import-check",
    " neighbor 169.254.10.0 remote-as 64512",
    " neighbor 169.254.10.0 description TX0123456789abcdef0123456789abcdef",
    " neighbor 169.254.10.0 password agreed-word",
    " neighbor 169.254.10.0 timers 10 30",
    " neighbor 169.254.10.0 timers connect 5",
    " neighbor 169.254.10.0 bfd",
    " address-family ipv4 unicast",
    "  network 192.0.2.0/24",
    "  network 198.51.100.0/25",
    "  neighbor 169.254.10.0 activate",
    "  neighbor 169.254.10.0 route-map TANDEM-01234567-IN in",
    "  neighbor 169.254.10.0 route-map TANDEM-01234567-OUT out",
    "  neighbor 169.254.10.0 maximum-prefix 300",
    " exit-address-family",
    "exit",
    "bfd",
    " peer 169.254.10.0",
    "  detect-multiplier 3",
    "  receive-interval 300",
    "  transmit-interval 300",
    " exit",
    "exit",
  ]);
});

test("FRR at the exchange is the mirror image, and its routes go into the line's own table", () => {
  const lines = linesOf(frrText(line, bgp, exchange));
  for (const wanted of [
    "ip prefix-list TANDEM-01234567-IN seq 5 permit 192.0.2.0/24",
    "ip prefix-list TANDEM-01234567-OUT seq 10 permit 168.86.128.0/18 le 24",
    " set table 1007",
    "router bgp 64512",
    " bgp router-id 169.254.10.0",
    " neighbor 169.254.10.1 remote-as 65010",
    "  network 208.78.112.0/25",
    "  network 168.86.128.0/18",
    " peer 169.254.10.1",
  ]) {
    assert.ok(lines.includes(wanted), wanted);
  }
  assert.ok(!lines.some((each) => each.includes("local-preference")));
});

test("without a password there is no line for it", () => {
  const open = { ...bgp, password: undefined };
  assert.doesNotMatch(frrText(line, open, customer), /password/);
  assert.doesNotMatch(birdText(line, open, customer), /password/);
});

test("BIRD at the customer takes the exchange's prefixes, splits as far as allowed, and announces its own", () => {
  const lines = linesOf(birdText(line, bgp, customer));
  for (const wanted of [
    "router id 169.254.10.1;",
    '  interface "*" { interval 300 ms; multiplier 3; };',
    "define tandem_01234567_theirs = [ 208.78.112.0/25, 168.86.128.0/18{18,24} ];",
    "define tandem_01234567_own = [ 192.0.2.0/24, 198.51.100.0/25 ];",
    "  local 169.254.10.1 as 65010;",
    "  neighbor 169.254.10.0 as 64512;",
    '  password "agreed-word";',
    "  bfd on;",
    "  hold time 30;",
    "  connect retry time 5;",
    "  error wait time 1, 10;",
    "    table master4;",
    "    preference 200;",
    "    import where net ~ tandem_01234567_theirs;",
    "    export where net ~ tandem_01234567_own && source = RTS_STATIC;",
  ]) {
    assert.ok(lines.includes(wanted), wanted);
  }
  assert.ok(!lines.some((each) => each.includes("kernel table")));
});

test("BIRD at the exchange keeps the line's routes in the table of its number", () => {
  const lines = linesOf(birdText(line, bgp, exchange));
  for (const wanted of [
    "ipv4 table tandem_01234567;",
    "  kernel table 1007;",
    "  local 169.254.10.0 as 64512;",
    "  neighbor 169.254.10.1 as 65010;",
    "define tandem_01234567_theirs = [ 192.0.2.0/24, 198.51.100.0/25 ];",
    "  route 208.78.112.0/25 unreachable;",
  ]) {
    assert.ok(lines.includes(wanted), wanted);
  }
  assert.ok(!lines.some((each) => each.includes("preference")));
});

const tunnels = [
  [
    "customer",
    ["local_addrs = 203.0.113.9", "remote_addrs = 203.0.113.1", "start_action = start"],
    ["local_ts = 192.0.2.0/24,198.51.100.0/25", "remote_ts = 208.78.112.0/25,168.86.160.0/21"],
  ],
  [
    "exchange",
    ["local_addrs = 203.0.113.1", "remote_addrs = 203.0.113.9", "start_action = trap", "if_id_in = 1007"],
    [
      "local_ts = 208.78.112.0/25,168.86.160.0/21",
      "remote_ts = 192.0.2.0/24,198.51.100.0/25",
      "if_id_out = 1007",
    ],
  ],
] as const;
for (const [side, ends, networks] of tunnels) {
  test(`strongSwan at the ${side}`, () => {
    const lines = strongswanText(line, vpn, side === "customer" ? customer : exchange)
      .split("\n")
      .map((each) => each.trim());
    for (const wanted of [...ends, ...networks, "version = 2", 'secret = "agreed-key-0123"']) {
      assert.ok(lines.includes(wanted), wanted);
    }
    assert.equal(lines.includes("if_id_in = 1007"), side === "exchange");
  });
}
