import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { DnsCache, defaultDnsCacheTimes } from "./dns-cache.ts";
import type { AddressRecord, DnsAnswer, DnsFailureCode } from "./resolver.ts";

function found(address: string, ttlSeconds: number): DnsAnswer<AddressRecord> {
  return { ok: true, records: [{ address }], ttlSeconds };
}

function failed(code: DnsFailureCode, ttlSeconds: number): DnsAnswer<AddressRecord> {
  return { ok: false, code, ttlSeconds };
}

const lives: [what: string, answer: DnsAnswer<AddressRecord>, seconds: number][] = [
  ["an answer lives for its TTL", found("192.0.2.1", 60), 60],
  ["but a day at most", found("192.0.2.1", 100_000), defaultDnsCacheTimes.maximumTtlSeconds],
  ["NXDOMAIN lives for its TTL", failed("NXDOMAIN", 60), 60],
  ["but 300 s at most", failed("NXDOMAIN", 3600), 300],
  ["NODATA too", failed("NODATA", 3600), 300],
  ["SERVFAIL lives 5 s at most", failed("SERVFAIL", 3600), 5],
  ["TIMEOUT too", failed("TIMEOUT", 3600), 5],
  ["or shorter", failed("TIMEOUT", 2), 2],
];
for (const [what, answer, seconds] of lives) {
  test(`${what}: ${seconds} s`, () => {
    const clock = new HandClock();
    const cache = new DnsCache({ clock, limit: 10 });
    assert.equal(cache.store("A", "a.test", answer), answer);
    clock.advance(seconds * 1000 - 1);
    assert.equal(cache.fresh("A", "a.test"), answer);
    assert.equal(cache.fresh("AAAA", "a.test"), undefined);
    clock.advance(1);
    assert.equal(cache.fresh("A", "a.test"), undefined);
  });
}

test("a TTL of 0 is not kept, and what was there before is forgotten", () => {
  const cache = new DnsCache({ clock: new HandClock(), limit: 10 });
  cache.store("A", "a.test", found("192.0.2.1", 60));
  cache.store("A", "a.test", found("192.0.2.2", 0));
  assert.equal(cache.size, 0);
  assert.equal(cache.stale("A", "a.test"), undefined);
});

test("a stale answer serves for a day, then no more", () => {
  const clock = new HandClock();
  const cache = new DnsCache({ clock, limit: 10 });
  const answer = found("192.0.2.1", 60);
  cache.store("A", "a.test", answer);
  clock.advance(86_460_000 - 1);
  assert.equal(cache.store("A", "a.test", failed("SERVFAIL", 0)), answer);
  clock.advance(1);
  assert.equal(cache.fresh("A", "a.test"), undefined);
  const failure = failed("SERVFAIL", 0);
  assert.equal(cache.store("A", "a.test", failure), failure);
});

test("NXDOMAIN and NODATA are the truth: no stale answer covers them", () => {
  for (const code of ["NXDOMAIN", "NODATA"] as const) {
    const clock = new HandClock();
    const cache = new DnsCache({ clock, limit: 10 });
    cache.store("A", "a.test", found("192.0.2.1", 60));
    clock.advance(60_000);
    const answer = failed(code, 60);
    assert.equal(cache.store("A", "a.test", answer), answer);
    clock.advance(60_000);
    assert.equal(cache.stale("A", "a.test"), undefined);
  }
});

test("at the limit the answer used longest ago goes", () => {
  const cache = new DnsCache({ clock: new HandClock(), limit: 2 });
  const answers = [found("192.0.2.1", 60), found("192.0.2.2", 60), found("192.0.2.3", 60)] as const;
  cache.store("A", "a.test", answers[0]);
  cache.store("A", "b.test", answers[1]);
  assert.equal(cache.size, 2);
  cache.fresh("A", "a.test");
  cache.store("A", "c.test", answers[2]);
  assert.equal(cache.size, 2);
  assert.equal(cache.fresh("A", "a.test"), answers[0]);
  assert.equal(cache.fresh("A", "b.test"), undefined);
  assert.equal(cache.fresh("A", "c.test"), answers[2]);
});
