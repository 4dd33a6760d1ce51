import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { maximumSuspects, pointsForgivenPerSecond, pointsUntilBan, Suspicion } from "./suspicion.ts";

test("the limit is reached by the point that makes it full, and then all begins afresh", () => {
  const suspicion = new Suspicion(new HandClock());
  for (let point = 1; point < pointsUntilBan; point += 1) {
    assert.equal(suspicion.add("internet", "192.0.2.1", 1), false, `point ${point}`);
  }
  assert.equal(suspicion.add("internet", "192.0.2.2", 1), false, "another source");
  assert.equal(suspicion.add("customers", "192.0.2.1", 1), false, "another interface");
  assert.equal(suspicion.add("internet", "192.0.2.1", 1), true);
  assert.equal(suspicion.add("internet", "192.0.2.1", 1), false);
});

test("all points at once", () => {
  assert.equal(new Suspicion(new HandClock()).add("internet", "192.0.2.1", pointsUntilBan), true);
});

test("points are forgiven with time, down to none", () => {
  const clock = new HandClock();
  const suspicion = new Suspicion(clock);
  suspicion.add("internet", "192.0.2.1", pointsUntilBan - 1);
  clock.advance(1000);
  assert.equal(suspicion.add("internet", "192.0.2.1", pointsForgivenPerSecond), false);
  assert.equal(suspicion.add("internet", "192.0.2.1", 1), true);
  suspicion.add("internet", "192.0.2.1", 1);
  clock.advance(3_600_000);
  assert.equal(suspicion.add("internet", "192.0.2.1", pointsUntilBan - 1), false, "no credit is saved up");
  assert.equal(suspicion.add("internet", "192.0.2.1", 1), true);
});

test("a source is forgotten when told so", () => {
  const suspicion = new Suspicion(new HandClock());
  suspicion.add("internet", "192.0.2.1", pointsUntilBan - 1);
  suspicion.forget("internet", "192.0.2.1");
  assert.equal(suspicion.add("internet", "192.0.2.1", 1), false);
});

test(`${maximumSuspects} sources are watched; for one more the first is forgotten`, () => {
  const suspicion = new Suspicion(new HandClock());
  for (let source = 0; source < maximumSuspects; source += 1) {
    suspicion.add("internet", String(source), pointsUntilBan - 1);
  }
  assert.equal(suspicion.size, maximumSuspects);
  suspicion.add("internet", "one more", 1);
  assert.equal(suspicion.size, maximumSuspects);
  assert.equal(suspicion.add("internet", "1", 1), true, "still watched");
  assert.equal(suspicion.add("internet", "0", 1), false, "forgotten");
});
