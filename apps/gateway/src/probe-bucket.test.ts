import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { maximumProbeSources, ProbeBucket, probesPerMinute } from "./probe-bucket.ts";

function take(bucket: ProbeBucket, address: string, times: number): boolean[] {
  return Array.from({ length: times }, () => bucket.take(address));
}

test("five answers per minute and address, then silence", () => {
  const bucket = new ProbeBucket(new HandClock());
  assert.equal(probesPerMinute, 5);
  assert.deepEqual(take(bucket, "192.0.2.1", 6), [true, true, true, true, true, false]);
  assert.deepEqual(take(bucket, "192.0.2.2", 1), [true], "another address has its own");
});

test("a new minute begins 60 s after the first answer of the last", () => {
  const clock = new HandClock();
  const bucket = new ProbeBucket(clock);
  clock.advance(30_000);
  take(bucket, "192.0.2.1", 5);
  clock.advance(59_999);
  assert.equal(bucket.take("192.0.2.1"), false);
  clock.advance(1);
  assert.deepEqual(take(bucket, "192.0.2.1", 6), [true, true, true, true, true, false]);
});

test("10 000 addresses are remembered at a time; one more is not answered, those known still are", () => {
  const clock = new HandClock();
  const bucket = new ProbeBucket(clock);
  assert.equal(maximumProbeSources, 10_000);
  for (let index = 0; index < maximumProbeSources; index += 1)
    assert.equal(bucket.take(`address ${index}`), true);
  assert.equal(bucket.take("one more"), false);
  assert.equal(bucket.take("address 0"), true);
  assert.equal(bucket.take(`address ${maximumProbeSources - 1}`), true);
  clock.advance(60_000);
  assert.equal(bucket.take("one more"), true);
});
