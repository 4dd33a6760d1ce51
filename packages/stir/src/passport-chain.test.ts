import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import type { CanonicalNumber } from "./canonical-number.ts";
import { type CallFacts, chooseChain, freshnessSeconds } from "./passport-chain.ts";
import { maximumIdentities } from "./received-passports.ts";
import { divIdentity, shakenIdentity } from "./signed-identity.ts";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const signer = { privateKey, certificateUrl: "https://a.example/c.pem" };
const origid = "123e4567-e89b-12d3-a456-426655440000";
const tn = (text: string): CanonicalNumber => text as CanonicalNumber;
const [caller, first, second, third] = ["12155551212", "12155551213", "12155551214", "12155551215"].map(
  tn,
) as [CanonicalNumber, CanonicalNumber, CanonicalNumber, CanonicalNumber];
const iat = 1_800_000_000;
const nowMs = iat * 1000;

const shaken = (to: CanonicalNumber, at = iat): string =>
  shakenIdentity(signer, { attestation: "B", origid, callingNumber: caller, calledNumber: to, iat: at });
const div = (to: CanonicalNumber, by: CanonicalNumber, from = caller): string =>
  divIdentity(signer, { callingNumber: from, calledNumber: to, iat }, by);

function chosen(identities: readonly string[], facts: Partial<CallFacts> = {}, at = nowMs): string {
  const chain = chooseChain(
    { identities, callingNumber: "+12155551212", calledNumber: "+12155551213", ...facts },
    at,
  );
  if (!chain.ok) return `${chain.fault.name} ${chain.attestation ?? "-"}`;
  const { attestation, isDiverted, passports } = chain.value;
  return `${attestation} ${isDiverted ? "diverted" : "direct"} ${passports.map((one) => one.signer).join(" ")}`;
}

test("a call that is what its PASSporT says", () => {
  assert.equal(chosen([shaken(first)]), `B direct ${caller}`);
  assert.equal(chosen([shaken(first)], { callingNumber: "1 (215) 555-1212" }), `B direct ${caller}`);
});

test("a call that was diverted, once and twice, in any order of the header fields (RFC 8946 §5)", () => {
  const to = { calledNumber: "+12155551215" };
  assert.equal(chosen([div(third, first), shaken(first)], to), `B diverted ${caller} ${first}`);
  const twice = [div(third, second), shaken(first), div(second, first)];
  assert.equal(chosen(twice, to), `B diverted ${caller} ${first} ${second}`);
});

const valid = shaken(first);
const faults: [what: string, identities: readonly string[], facts: Partial<CallFacts>, result: string][] = [
  ["none", [], {}, "no-identity -"],
  ["another caller", [valid], { callingNumber: "+12155551299" }, "orig-mismatch B"],
  ["another callee", [valid], { calledNumber: "+12155551299" }, "dest-mismatch B"],
  ["no calling number", [valid], { callingNumber: undefined }, "no-number B"],
  ["an anonymous caller", [valid], { callingNumber: "anonymous" }, "no-number B"],
  ["an emergency call", [valid], { calledNumber: "911" }, "no-number B"],
  [
    "a diversion by nobody it was for",
    [valid, div(third, second)],
    { calledNumber: "+12155551215" },
    "dest-mismatch B",
  ],
  [
    "a diversion of another caller's call",
    [valid, div(third, first, second)],
    { calledNumber: "+12155551215" },
    "dest-mismatch B",
  ],
  ["only a diversion", [div(first, second)], {}, "malformed -"],
  ["an extension that nobody knows", [valid.replace('ppt="shaken"', "ppt=rph")], {}, "ppt-unsupported -"],
  ["no ppt", [valid.replace(';ppt="shaken"', "")], {}, "parameter-mismatch -"],
  ["another ppt", [valid.replace('ppt="shaken"', "ppt=div")], {}, "parameter-mismatch -"],
  [
    "another certificate",
    [valid.replace("info=<https://a.", "info=<https://b.")],
    {},
    "parameter-mismatch -",
  ],
  ["another algorithm", [valid.replace("alg=ES256", "alg=none")], {}, "algorithm-unsupported -"],
  ["the compact form", [valid.replace(/^.*?[.].*?[.]/, "..")], {}, "compact -"],
  ["something that is none", ["x"], {}, "malformed -"],
];
for (const [what, identities, facts, result] of faults) {
  test(`a call with ${what}`, () => assert.equal(chosen(identities, facts), result));
}

test("an extension that nobody knows is passed over beside one that is known", () => {
  assert.equal(chosen([valid.replace('ppt="shaken"', "ppt=rph"), valid]), `B direct ${caller}`);
});

test("a diversion that leads in a circle comes to an end", () => {
  const circle = [shaken(second), div(first, third), div(third, first)];
  assert.equal(chosen(circle), "dest-mismatch B");
});

test("as old as is fresh, and a millisecond more; the same for a time to come", () => {
  const limit = freshnessSeconds * 1000;
  assert.equal(chosen([valid], {}, nowMs + limit), `B direct ${caller}`);
  assert.equal(chosen([valid], {}, nowMs + limit + 1), "stale B");
  assert.equal(chosen([valid], {}, nowMs - limit), `B direct ${caller}`);
  assert.equal(chosen([valid], {}, nowMs - limit - 1), "stale B");
});

test("as many header fields as the limit, and one more", () => {
  const others = Array.from({ length: maximumIdentities - 1 }, () => div(third, second));
  assert.equal(chosen([valid, ...others]), `B direct ${caller}`);
  assert.equal(chosen([valid, valid, ...others]), "malformed -");
});
