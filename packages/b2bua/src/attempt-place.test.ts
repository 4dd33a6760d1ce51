/** Where an attempt leaves: the place is chosen before the offer is made, by the address if need be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest, responseTo, settled } from "@tandem/sip/testing";
import type { EgressCandidate, EgressPlace, Unplaced } from "./call-plan.ts";
import { type AttemptScript, attemptScript, started } from "./testing/attempt-script.ts";
import { candidate, place } from "./testing/call-script.ts";

const name = "sip:pbx.example";

const line = (connection: string): EgressPlace =>
  place(connection, {
    media: { mediaInterface: `customers/${connection}`, source: "address", trustedNetworks: [] },
  });

const refusal = (text: string, parts: Partial<Unplaced> = {}): Unplaced => ({
  ok: false,
  reason: reasons.noLineToTarget,
  text,
  path: undefined,
  mayBeTriedLast: false,
  fallback: undefined,
  ...parts,
});

/** By address: the line that leads there. */
function byAddress(lines: Readonly<Record<string, EgressPlace | Unplaced>>): EgressCandidate["placeOf"] {
  return (address) => {
    if (address === undefined) return undefined;
    const found = lines[address];
    if (found === undefined) return refusal(`no line leads to ${address}`);
    return "ok" in found ? found : { ok: true, place: found };
  };
}

async function locatedAt(
  addresses: readonly string[],
  placeOf: EgressCandidate["placeOf"],
  options: Parameters<typeof attemptScript>[0] = {},
): Promise<AttemptScript> {
  const script = attemptScript({
    candidate: { nextHop: name, placeOf },
    addresses: { "pbx.example": addresses },
    ...options,
  });
  script.attempt.start();
  await settled();
  return script;
}

test("a place that is known beforehand: the offer is made before the name is located", () => {
  const script = attemptScript({
    candidate: { nextHop: name, placeOf: () => ({ ok: true, place: line("TX1") }) },
    addresses: { "pbx.example": ["192.0.2.7"] },
  });
  script.attempt.start();
  assert.deepEqual([script.offers, script.places], [["customers/TX1"], ["TX1"]]);
  script.wire.expectNothing();
});

test("an address decides: the offer follows, and the INVITE leaves by that line", async () => {
  const script = await locatedAt(["192.0.2.7"], byAddress({ "192.0.2.7": line("TX1") }), {
    offer: (media) => ({ ok: true, text: `v=0 ${media.mediaInterface}` }),
  });
  const { text, target } = script.wire.expectSent("INVITE");
  assert.deepEqual([target?.interfaceName, target?.connection], ["public", "TX1"]);
  assert.equal(parsedRequest(text).body, "v=0 customers/TX1");
  assert.deepEqual(script.places, ["TX1"]);
  assert.deepEqual(script.attempt.path, { interfaceName: "public", connection: "TX1" });
});

test("two addresses on two lines: each gets an offer of its own; on one line one offer serves both", async () => {
  const two = byAddress({ "192.0.2.7": line("TX1"), "192.0.2.8": line("TX1"), "192.0.2.9": line("TX2") });
  const script = await locatedAt(["192.0.2.7", "192.0.2.8", "192.0.2.9"], two, {
    offer: (media) => ({ ok: true, text: media.mediaInterface }),
  });
  for (const [address, connection] of [
    ["192.0.2.7", "TX1"],
    ["192.0.2.8", "TX1"],
    ["192.0.2.9", "TX2"],
  ] as const) {
    const { text, target } = script.wire.expectSent("INVITE");
    assert.deepEqual([target?.address, target?.connection], [address, connection]);
    assert.equal(parsedRequest(text).body, `customers/${connection}`);
    script.wire.fail();
  }
  assert.deepEqual(script.offers, ["customers/TX1", "customers/TX2"]);
  assert.deepEqual(script.places, ["TX1", "TX2"]);
  assert.deepEqual(
    script.signals.map(({ path, failure }) => [path?.connection, failure]),
    [
      ["TX1", "transport-error"],
      ["TX2", "transport-error"],
    ],
    "each line hears of its own",
  );
});

test("addresses that no line leads to are left out while one leads to another", async () => {
  const script = await locatedAt(["192.0.2.99", "192.0.2.7"], byAddress({ "192.0.2.7": line("TX1") }));
  assert.equal(script.wire.expectSent("INVITE").target?.address, "192.0.2.7");
});

test("no line leads to any address: nothing is sent, the objection is told", async () => {
  const script = await locatedAt(["192.0.2.98", "192.0.2.99"], byAddress({}));
  script.wire.expectNothing();
  assert.deepEqual(script.heard, ["unplaced no line leads to 192.0.2.98"]);
  assert.deepEqual(script.signals, [], "nobody's fault but ours");
  assert.equal(script.clock.pendingTimers, 0);
});

test("of several objections the one that may be tried last is told", async () => {
  const down = refusal("TX1 is down", { mayBeTriedLast: true });
  const script = await locatedAt(["192.0.2.98", "192.0.2.7"], byAddress({ "192.0.2.7": down }));
  assert.deepEqual(script.heard, ["unplaced TX1 is down"]);
});

test("an objection without an address spares the question to the DNS", () => {
  const script = attemptScript({ candidate: { nextHop: name, placeOf: () => refusal("no line at all") } });
  script.attempt.start();
  assert.deepEqual(script.heard, ["unplaced no line at all"]);
  assert.equal(script.clock.pendingTimers, 0);
});

test("whether nothing else is left is told to who places", async () => {
  for (const isLastResort of [true, false]) {
    const asked: unknown[] = [];
    const placeOf: EgressCandidate["placeOf"] = (address, isLast) => {
      asked.push([address, isLast]);
      return address === undefined ? undefined : { ok: true, place: line("TX1") };
    };
    await locatedAt(["192.0.2.7"], placeOf, { isLastResort });
    assert.deepEqual(asked, [
      [undefined, isLastResort],
      ["192.0.2.7", isLastResort],
    ]);
  }
});

test("no offer for a place: the attempt ends, whether for the first address or a later one", async () => {
  const two = byAddress({ "192.0.2.7": line("TX1"), "192.0.2.8": line("TX2") });
  const script = await locatedAt(["192.0.2.7", "192.0.2.8"], two, {
    offer: ({ mediaInterface }) =>
      mediaInterface === "customers/TX1"
        ? { ok: true, text: "v=0" }
        : { ok: false, reason: reasons.noMediaPorts, text: "no port of TX2" },
  });
  script.wire.expect("INVITE");
  script.wire.fail();
  script.wire.expectNothing();
  assert.deepEqual(script.heard, ["unoffered no port of TX2"]);
  assert.equal(script.clock.pendingTimers, 0);
});

test("a dead line ends the attempt at once, and the target is not to blame", () => {
  const script = started({ candidate: { placeOf: () => ({ ok: true, place: line("TX1") }) } });
  script.attempt.onConnectionDown("TX2", "TX2 is down");
  assert.deepEqual(script.heard, []);
  script.attempt.onConnectionDown("TX1", "TX1 is down: link down");
  assert.deepEqual(script.heard, ["next transport-error"]);
  assert.equal(script.outcomes[0]?.text, "TX1 is down: link down");
  assert.deepEqual(script.signals, []);
  script.attempt.onConnectionDown("TX1", "TX1 is down: link down");
  assert.equal(script.outcomes.length, 1);
});

test("a dead line: the next address on another line is tried, those on the same are not", async () => {
  const three = byAddress({ "192.0.2.7": line("TX1"), "192.0.2.8": line("TX1"), "192.0.2.9": line("TX2") });
  const script = await locatedAt(["192.0.2.7", "192.0.2.8", "192.0.2.9"], three);
  script.wire.expect("INVITE");
  script.attempt.onConnectionDown("TX1", "down");
  assert.equal(script.wire.expectSent("INVITE").target?.address, "192.0.2.9");
  script.attempt.onConnectionDown("TX1", "down");
  script.wire.expectNothing();
});

test("a ringing attempt on a dead line is cancelled and goes on to the next", () => {
  const script = started({ candidate: { placeOf: () => ({ ok: true, place: line("TX1") }) } });
  script.wire.inject(responseTo(script.invite, 180));
  script.user.hasAlerted = true;
  script.attempt.onConnectionDown("TX1", "down");
  script.wire.expect("CANCEL");
  assert.deepEqual(script.heard, ["180", "next transport-error"]);
});

const fallback = () => candidate(9);

const unheard: readonly (readonly [
  what: string,
  fail: (script: AttemptScript) => void,
  isOffered: boolean,
])[] = [
  ["a transport error", (script) => script.wire.fail(), true],
  ["no response in time", (script) => script.clock.advance(4000), true],
  ["a dead line", (script) => script.attempt.onConnectionDown("TX1", "down"), true],
  [
    "no progress in time",
    (script) => {
      script.wire.inject(responseTo(script.wire.expect("INVITE"), 100));
      script.clock.advance(20_000);
    },
    false,
  ],
  ["a response", (script) => script.wire.inject(responseTo(script.wire.expect("INVITE"), 503)), false],
];

for (const [what, fail, isOffered] of unheard) {
  test(`${what}: the same URL by another network ${isOffered ? "may follow" : "does not follow"}`, () => {
    const script = attemptScript({
      candidate: { placeOf: () => ({ ok: true, place: { ...line("TX1"), fallback } }) },
    });
    script.attempt.start();
    if (isOffered) script.wire.expect("INVITE");
    fail(script);
    assert.equal(script.outcomes[0]?.fallback, isOffered ? fallback : undefined);
  });
}

test("a 302 is followed by the place of the attempt", () => {
  const asked: (string | undefined)[] = [];
  const script = started({
    candidate: {
      placeOf: () => ({ ok: true, place: line("TX1") }),
      redirect: (_uri, from) => {
        asked.push(from.path.connection);
        return candidate(2, { placeOf: () => ({ ok: true, place: from }) });
      },
    },
  });
  script.wire.inject(responseTo(script.invite, 302, { contact: "<sip:192.0.2.9>" }));
  script.wire.expect("ACK");
  assert.equal(script.wire.expectSent("INVITE").target?.connection, "TX1");
  assert.deepEqual([asked, script.offers], [["TX1"], ["customers/TX1"]]);
});
