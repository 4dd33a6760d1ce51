import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { answerChallenge, parseChallenge } from "@tandem/sip/digest";
import { DigestGate } from "./digest-gate.ts";
import { exampleSnapshot, password } from "./testing/example-snapshot.ts";

const secrets = ["00".repeat(32), "11".repeat(32)];
const keys = (...ids: number[]) => ids.map((id) => ({ id, secret: secrets[id - 1] ?? "" }));

function verdictOn(gate: DigestGate, challenge: string): string {
  const parsed = parseChallenge(challenge);
  assert.ok(parsed.ok);
  const identity = { username: "pbx", password };
  const value = answerChallenge(parsed.value, identity, "INVITE", "sip:x", { nonceCount: 1, cnonce: "c" });
  const { ha1 } = exampleSnapshot().credentialLists[0]?.credentials[0] ?? { ha1: "" };
  return gate.verifyAny([value], "INVITE", "sip:x", () => [{ ha1, algorithm: "MD5" }]).kind;
}

const challenge = (gate: DigestGate): string => gate.challenge({ stale: false, algorithm: "MD5" });

test("a gate without a snapshot is a fault of ours", () => {
  const gate = new DigestGate(new HandClock(), "gateway-1");
  assert.throws(() => challenge(gate), /before the first snapshot/);
});

test("nonces of a key that stays are good over a change of keys, those of one that is gone are stale", () => {
  const gate = new DigestGate(new HandClock(), "gateway-1");
  gate.apply(exampleSnapshot({ nonceKeys: keys(1) }));
  const before = challenge(gate);
  const later = challenge(gate);
  gate.apply(exampleSnapshot({ nonceKeys: keys(2, 1) }));
  assert.equal(verdictOn(gate, before), "accepted");
  gate.apply(exampleSnapshot({ nonceKeys: keys(2) }));
  assert.equal(verdictOn(gate, later), "stale");
  assert.equal(verdictOn(gate, challenge(gate)), "accepted");
});

for (const [what, jumpMs] of [
  ["forward", 3_600_000],
  ["back", -3_600_000],
] as const) {
  test(`the machine's clock is set ${what} by an hour: nonces live as long as ever, older and newer ones`, () => {
    const clock = new HandClock();
    const gate = new DigestGate(clock, "gateway-1");
    gate.apply(exampleSnapshot({ nonceKeys: keys(1) }));
    clock.advance(1000);
    const before = [challenge(gate), challenge(gate)];
    clock.setWall(jumpMs);
    clock.advance(300_000);
    assert.equal(verdictOn(gate, before[0] ?? ""), "accepted");
    clock.advance(1);
    assert.equal(verdictOn(gate, before[1] ?? ""), "stale");
    assert.equal(verdictOn(gate, challenge(gate)), "accepted");
  });
}

test("a use of a nonce is remembered over a new snapshot", () => {
  const gate = new DigestGate(new HandClock(), "gateway-1");
  gate.apply(exampleSnapshot());
  const first = challenge(gate);
  assert.equal(verdictOn(gate, first), "accepted");
  gate.apply(exampleSnapshot({ version: 8 }));
  assert.equal(verdictOn(gate, first), "stale");
});

test("another realm starts afresh", () => {
  const gate = new DigestGate(new HandClock(), "gateway-1");
  gate.apply(exampleSnapshot());
  const before = challenge(gate);
  gate.apply(exampleSnapshot({ realm: "other.test" }));
  assert.match(challenge(gate), /^Digest realm="other\.test"/);
  assert.equal(verdictOn(gate, before), "other-realm");
});

test("another gateway's nonces are stale", () => {
  const one = new DigestGate(new HandClock(), "gateway-1");
  const two = new DigestGate(new HandClock(), "gateway-2");
  for (const gate of [one, two]) gate.apply(exampleSnapshot());
  assert.equal(verdictOn(two, challenge(one)), "stale");
});
