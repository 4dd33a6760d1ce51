import assert from "node:assert/strict";
import { test } from "node:test";
import { CandidateQueue } from "./candidate-queue.ts";
import { candidate } from "./testing/call-script.ts";

function turns(queue: CandidateQueue): string[] {
  const seen: string[] = [];
  for (let one = queue.next(); one !== undefined; one = queue.next()) {
    seen.push(`${one.candidate.sid}${one.isLastResort ? " last" : ""}`);
  }
  return seen;
}

test("as planned; one that health calls down is at its place a last resort", () => {
  const queue = new CandidateQueue([candidate(0), candidate(1), candidate(2, { downReason: "silent" })]);
  assert.deepEqual(turns(queue), ["SC0", "SC1", "SC2 last"]);
});

test("what is put off comes after everything else, in order, and once", () => {
  const queue = new CandidateQueue([candidate(0), candidate(1), candidate(2)]);
  const seen: string[] = [];
  for (let one = queue.next(); one !== undefined; one = queue.next()) {
    seen.push(`${one.candidate.sid}${one.isLastResort ? " last" : ""}`);
    if (one.candidate.sid !== "SC2") queue.putOff(one);
  }
  assert.deepEqual(seen, ["SC0", "SC1", "SC2", "SC0 last", "SC1 last"]);
  assert.equal(queue.isEmpty, true);
});

test("what is put first comes before what was planned", () => {
  const queue = new CandidateQueue([candidate(0), candidate(1)]);
  const first = queue.next();
  assert.equal(first?.candidate.sid, "SC0");
  queue.putFirst(candidate(5));
  assert.equal(queue.isEmpty, false);
  assert.deepEqual(turns(queue), ["SC5", "SC1"]);
});

test("empty only when nothing is put off either", () => {
  const queue = new CandidateQueue([candidate(0)]);
  const only = queue.next();
  assert.equal(queue.isEmpty, true);
  assert.ok(only !== undefined);
  queue.putOff(only);
  assert.equal(queue.isEmpty, false);
});
