import assert from "node:assert/strict";
import { test } from "node:test";
import type { OriginationUrl } from "@tandem/contracts";
import {
  connectionSid,
  exampleConnection,
  exampleSnapshot,
  exampleTrunk,
  exampleUrl,
} from "./example-snapshot.ts";
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
  const health = {
    stateOf: ({ sid }: { sid: string }) => ({ isDown: down.includes(sid), reason: "no answer" }),
  };
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

const lines = [
  exampleConnection(1),
  exampleConnection(2, { accountSid: "AC9", sharedAccountSids: ["AC1"], edge: "san-jose-ix" }),
  exampleConnection(3, { accountSid: "AC9" }),
  exampleConnection(4, { status: "in-transition" }),
];

function byTnx(tnx: string, more = "") {
  const url = exampleUrl("a", { sipUrl: `sip:x.example;tnx=${tnx}${more}` });
  const trunk = exampleTrunk({ originationUrls: [url, exampleUrl("b", { priority: 20 })] });
  const table = RoutingTable.from(exampleSnapshot({ trunks: [trunk], connections: lines }));
  return originationCandidates(table, trunk, { edge: "ashburn" }, allUp, seededRandom(1));
}

const allUp = { stateOf: () => ({ isDown: false, reason: "" }) };

test("tnx: a line of the account, its own or a shared one, by that line of its edge, whatever edge= says", () => {
  for (const [digit, edge] of [
    [1, "ashburn-ix"],
    [2, "san-jose-ix"],
  ] as const) {
    for (const more of ["", ";edge=san-jose-ix", ";edge=ashburn"]) {
      const [candidate] = byTnx(connectionSid(digit), more).candidates;
      assert.deepEqual([candidate?.sid, candidate?.edge], ["a", edge]);
      assert.deepEqual(candidate?.network, { kind: "line", connection: lines[digit - 1] });
      assert.equal(candidate?.why, `priority 10, weight 10, by line ${connectionSid(digit)}`);
    }
  }
});

const refusedTnx: readonly (readonly [what: string, tnx: string, code: number, text: string])[] = [
  ["no SID", "TX12", 32301, "tnx TX12 is no connection SID"],
  ["a SID that nobody has", connectionSid(9), 32302, `AC1 has no connection ${connectionSid(9)}`],
  ["a line of another account", connectionSid(3), 32302, `AC1 has no connection ${connectionSid(3)}`],
  ["a line that is not active", connectionSid(4), 32304, `connection ${connectionSid(4)} is in-transition`],
];

for (const [what, tnx, code, text] of refusedTnx) {
  test(`tnx with ${what}: that URL is skipped, the next is used`, () => {
    const { candidates, skipped } = byTnx(tnx);
    assert.equal(sidsOf({ candidates }), "b");
    assert.deepEqual(
      skipped.map((one) => [one.sid, one.reason.code, one.reason.level, one.text]),
      [["a", code, "warning", text]],
    );
  });
}

test("the network is that of the named edge; without one, of the entry", () => {
  for (const [parameter, network] of [
    [";edge=ashburn-ix", { kind: "lines", accountSid: "AC1" }],
    [";edge=us1-ix", { kind: "lines", accountSid: "AC1" }],
    [";edge=ashburn", { kind: "public" }],
    [";edge=atlantis", { kind: "entry", accountSid: "AC1" }],
    ["", { kind: "entry", accountSid: "AC1" }],
  ] as const) {
    const [candidate] = router([exampleUrl("a", { sipUrl: `sip:x.example${parameter}` })])(
      seededRandom(1),
    ).candidates;
    assert.deepEqual(candidate?.network, network, parameter);
  }
});
