import assert from "node:assert/strict";
import { test } from "node:test";
import type { OriginationUrl } from "@tandem/contracts";
import { exampleSnapshot, exampleTrunk, exampleUrl } from "./example-snapshot.ts";
import { originationCandidates } from "./origination-candidates.ts";
import { RoutingTable } from "./routing-table.ts";
import { seededRandom } from "./seeded-random.ts";

function router(originationUrls: readonly OriginationUrl[], down: readonly string[] = [], secure = false) {
  const trunk = exampleTrunk({
    originationUrls: [...originationUrls],
    secure,
    failoverOverrides: { "486": "next" },
  });
  const table = RoutingTable.from(exampleSnapshot({ trunks: [trunk] }));
  const health = { stateOf: (sid: string) => ({ isDown: down.includes(sid), reason: "no answer" }) };
  return (random: () => number) => originationCandidates(table, trunk, { edge: "ashburn" }, health, random);
}

const sidsOf = (routed: { candidates: readonly { sid: string }[] }) =>
  routed.candidates.map((one) => one.sid).join("");

const shares = [
  exampleUrl("a", { weight: 60 }),
  exampleUrl("b", { weight: 20 }),
  exampleUrl("c", { weight: 20 }),
];

/** Counts who comes first in 3,000 calls. */
function firsts(urls: readonly OriginationUrl[], down: readonly string[] = []): Record<string, number> {
  const route = router(urls, down);
  const random = seededRandom(20);
  const counts: Record<string, number> = {};
  for (let call = 0; call < 3000; call++) {
    const sid = route(random).candidates[0]?.sid ?? "";
    counts[sid] = (counts[sid] ?? 0) + 1;
  }
  return counts;
}

/** Within three standard deviations of a binomial. */
function assertShare(count: number | undefined, share: number): void {
  const deviation = Math.sqrt(3000 * share * (1 - share));
  assert.ok(Math.abs((count ?? 0) - 3000 * share) < 3 * deviation, `${count} is not ${share} of 3000`);
}

test("60/20/20 over 3,000 calls", () => {
  const counts = firsts(shares);
  assertShare(counts["a"], 0.6);
  assertShare(counts["b"], 0.2);
  assertShare(counts["c"], 0.2);
});

test("with the 60 disabled or down the others share 50/50", () => {
  const disabled = shares.map((url) => (url.sid === "a" ? { ...url, enabled: false } : url));
  for (const counts of [firsts(disabled), firsts(shares, ["a"])]) {
    assert.equal(counts["a"], undefined);
    assertShare(counts["b"], 0.5);
    assertShare(counts["c"], 0.5);
  }
});

test("after the 60 has failed the others follow 50/50", () => {
  const route = router(shares);
  const random = seededRandom(21);
  let firstA = 0;
  let thenB = 0;
  for (let call = 0; call < 3000; call++) {
    const order = sidsOf(route(random));
    if (!order.startsWith("a")) continue;
    firstA++;
    if (order === "abc") thenB++;
  }
  assert.ok(Math.abs(thenB - firstA / 2) < 3 * Math.sqrt(firstA / 4));
});

test("lower priority first; what is down comes last even with the best priority", () => {
  const urls = [
    exampleUrl("a", { priority: 1 }),
    exampleUrl("b", { priority: 3 }),
    exampleUrl("c", { priority: 2 }),
  ];
  assert.equal(sidsOf(router(urls)(seededRandom(1))), "acb");
  const routed = router(urls, ["a", "c"])(seededRandom(1));
  assert.equal(sidsOf(routed), "bac");
  assert.deepEqual(
    routed.candidates.map((candidate) => candidate.isDown),
    [undefined, "no answer", "no answer"],
  );
  assert.equal(sidsOf(router(urls, ["a", "b", "c"])(seededRandom(1))), "acb");
});

test("disabled and malformed URLs are skipped with the reason", () => {
  const routed = router([
    exampleUrl("a", { enabled: false, sipUrl: "nonsense" }),
    exampleUrl("b", { sipUrl: "tel:+1" }),
    exampleUrl("c", { sipUrl: "sip:x.example;tnx=oops" }),
  ])(seededRandom(1));
  assert.deepEqual(routed.candidates, []);
  assert.deepEqual(
    routed.skipped.map((one) => [one.sid, one.url, one.reason.name, one.text]),
    [
      ["a", "nonsense", "candidate-disabled", "the origination URL is disabled"],
      ["b", "tel:+1", "malformed-sip-uri", "URI is neither sip nor sips"],
      ["c", "sip:x.example;tnx=oops", "connection-sid-malformed", "tnx oops is no connection SID"],
    ],
  );
});

test("a trunk without URLs has no candidates", () => {
  assert.deepEqual(router([])(seededRandom(1)), { candidates: [], skipped: [] });
});

const edgeRows: [parameter: string, edge: string, why: string][] = [
  ["", "ashburn", "priority 10, weight 10"],
  [";edge=ashburn-ix", "ashburn-ix", "priority 10, weight 10, by edge ashburn-ix"],
  [";edge=US2-IX", "san-jose-ix", "priority 10, weight 10, by edge san-jose-ix"],
  [";region=us1-ix", "ashburn-ix", "priority 10, weight 10, by edge ashburn-ix"],
  [";edge=atlantis", "ashburn", "priority 10, weight 10, unknown edge atlantis ignored"],
];

test("the edge is the named one; missing or unknown: where the call entered", () => {
  for (const [parameter, edge, why] of edgeRows) {
    const url = exampleUrl("a", { sipUrl: `sip:x.example${parameter}` });
    const [candidate] = router([url])(seededRandom(1)).candidates;
    assert.deepEqual([candidate?.edge, candidate?.why], [edge, why], parameter);
  }
});

test("a secure trunk uses TLS whatever the URL says", () => {
  for (const transport of ["", ";transport=udp", ";transport=tcp", ";transport=tls"]) {
    const url = exampleUrl("a", { sipUrl: `sip:x.example${transport}` });
    assert.equal(router([url], [], true)(seededRandom(1)).candidates[0]?.uri.transport, "TLS", transport);
  }
  const plain = router([exampleUrl("a", { sipUrl: "sip:x.example;transport=tcp" })])(seededRandom(1));
  assert.equal(plain.candidates[0]?.uri.transport, "TCP");
});

test("a candidate carries what the attempt needs", () => {
  const [candidate] = router([exampleUrl("a", { sipUrl: "sip:bob@x.example?X-a=1" })])(
    seededRandom(1),
  ).candidates;
  assert.equal(candidate?.kind, "origination-url");
  assert.equal(candidate.carrier, undefined);
  assert.equal(candidate.url, "sip:bob@x.example?X-a=1");
  assert.deepEqual([candidate.uri.user, candidate.uri.headers], ["bob", [{ name: "X-a", value: "1" }]]);
  assert.equal(candidate.timers.ringSeconds, 180);
  assert.deepEqual(candidate.failoverOverrides, { "486": "next" });
});
