import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import {
  maximumVerifiedSources,
  rememberedForMs,
  VerifiedSources,
  verifiedForMs,
} from "./verified-sources.ts";

test("a source is verified for its time from the last proof, on its interface", () => {
  const clock = new HandClock();
  const verified = new VerifiedSources(clock);
  verified.add("internet", "192.0.2.1");
  clock.advance(verifiedForMs - 1);
  assert.equal(verified.has("internet", "192.0.2.1"), true);
  assert.equal(verified.has("customers", "192.0.2.1"), false);
  verified.add("internet", "192.0.2.1");
  clock.advance(verifiedForMs - 1);
  assert.equal(verified.has("internet", "192.0.2.1"), true);
  clock.advance(1);
  assert.equal(verified.has("internet", "192.0.2.1"), false);
});

test("it is remembered for a day from the last proof, and forgotten then", () => {
  const clock = new HandClock();
  const verified = new VerifiedSources(clock);
  assert.equal(verified.remembers("internet", "192.0.2.1"), false);
  verified.add("internet", "192.0.2.1");
  clock.advance(rememberedForMs - 1);
  assert.equal(verified.remembers("internet", "192.0.2.1"), true);
  assert.equal(verified.remembers("customers", "192.0.2.1"), false);
  assert.equal(verified.size, 1);
  clock.advance(1);
  assert.equal(verified.remembers("internet", "192.0.2.1"), false);
  assert.equal(verified.size, 0);
});

test(`${maximumVerifiedSources} sources; for one more the one verified longest ago is forgotten`, () => {
  const verified = new VerifiedSources(new HandClock());
  for (let source = 0; source < maximumVerifiedSources; source += 1) verified.add("internet", String(source));
  verified.add("internet", "0");
  verified.add("internet", "one more");
  assert.equal(verified.size, maximumVerifiedSources);
  assert.equal(verified.has("internet", "0"), true);
  assert.equal(verified.has("internet", "1"), false);
  assert.equal(verified.has("internet", "2"), true);
});
