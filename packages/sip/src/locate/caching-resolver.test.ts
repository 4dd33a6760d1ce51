import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { CachingResolver, type CachingResolverOptions } from "./caching-resolver.ts";
import { FakeResolver } from "./fake-resolver.ts";
import type { AddressRecord, DnsAnswer } from "./resolver.ts";

function setup(options: Partial<CachingResolverOptions> = {}): {
  dns: FakeResolver;
  clock: HandClock;
  resolver: CachingResolver;
} {
  const dns = new FakeResolver();
  const clock = new HandClock();
  const resolver = new CachingResolver({
    clock,
    resolver: dns,
    cacheLimit: 100,
    maximumQueriesInFlight: 100,
    queryTimeoutMs: 5000,
    staleAfterMs: 1800,
    ...options,
  });
  return { dns, clock, resolver };
}

function spelled(answer: DnsAnswer<AddressRecord> | undefined): string | undefined {
  if (answer === undefined) return undefined;
  return answer.ok ? answer.records.map(({ address }) => address).join() : answer.code;
}

/** Lets everything that is ready to go on do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test("equal questions under way are asked once, others on their own", async () => {
  const { dns, resolver } = setup();
  dns.addresses("A", "a.test", "192.0.2.1");
  dns.hold();
  const both = Promise.all([resolver.resolve("A", "a.test"), resolver.resolve("A", "a.test")]);
  const other = resolver.resolve("AAAA", "a.test");
  await settle();
  assert.equal(resolver.queriesInFlight, 2);
  dns.release();
  assert.deepEqual((await both).map(spelled), ["192.0.2.1", "192.0.2.1"]);
  assert.equal(spelled(await other), "NODATA");
  assert.deepEqual(dns.asked, ["A a.test", "AAAA a.test"]);
  assert.equal(resolver.queriesInFlight, 0);
});

test("the limit of questions under way", async () => {
  const { dns, resolver } = setup({ maximumQueriesInFlight: 2 });
  dns.hold();
  const first = [resolver.resolve("A", "a.test"), resolver.resolve("A", "b.test")];
  await settle();
  assert.deepEqual(await resolver.resolve("A", "c.test"), { ok: false, code: "SERVFAIL", ttlSeconds: 0 });
  dns.release();
  assert.deepEqual((await Promise.all(first)).map(spelled), ["NODATA", "NODATA"]);
  assert.equal(spelled(await resolver.resolve("A", "c.test")), "NODATA");
});

test("a resolver that never answers is a TIMEOUT after its time, remembered for 5 s", async () => {
  const { dns, clock, resolver } = setup();
  dns.hold();
  let answer: string | undefined;
  const asked = resolver.resolve("A", "a.test").then((given) => {
    answer = spelled(given);
  });
  await settle();
  clock.advance(4999);
  await settle();
  assert.equal(answer, undefined);
  clock.advance(1);
  await asked;
  assert.equal(answer, "TIMEOUT");
  assert.equal(resolver.queriesInFlight, 0);
  clock.advance(4999);
  assert.equal(spelled(resolver.cached("A", "a.test")), "TIMEOUT");
  clock.advance(1);
  assert.equal(resolver.cached("A", "a.test"), undefined);
});

test("a failing resolver is covered by the stale answer, and left alone for 30 s (RFC 8767 §5)", async () => {
  const { dns, clock, resolver } = setup();
  dns.addresses("A", "a.test", "192.0.2.1");
  await resolver.resolve("A", "a.test");
  clock.advance(60_000);
  dns.fails("A", "a.test", "SERVFAIL");
  assert.equal(spelled(await resolver.resolve("A", "a.test")), "192.0.2.1");
  clock.advance(29_999);
  assert.equal(spelled(resolver.cached("A", "a.test")), "192.0.2.1");
  clock.advance(1);
  assert.equal(resolver.cached("A", "a.test"), undefined);
  assert.equal(dns.asked.length, 2);
});

test("a slow resolver gets 1.8 s when a stale answer is at hand; its late answer counts", async () => {
  const { dns, clock, resolver } = setup();
  dns.addresses("A", "a.test", "192.0.2.1");
  await resolver.resolve("A", "a.test");
  clock.advance(60_000);
  dns.addresses("A", "a.test", "192.0.2.2");
  dns.hold();
  let answer: string | undefined;
  const asked = resolver.resolve("A", "a.test").then((given) => {
    answer = spelled(given);
  });
  await settle();
  clock.advance(1799);
  await settle();
  assert.equal(answer, undefined);
  clock.advance(1);
  await asked;
  assert.equal(answer, "192.0.2.1");
  assert.equal(spelled(resolver.cached("A", "a.test")), "192.0.2.1");
  dns.release();
  await settle();
  assert.equal(spelled(resolver.cached("A", "a.test")), "192.0.2.2");
  assert.equal(clock.pendingTimers, 0);
});

test("a stale answer beats SERVFAIL for too many questions", async () => {
  const { dns, clock, resolver } = setup({ maximumQueriesInFlight: 1 });
  dns.addresses("A", "a.test", "192.0.2.1");
  await resolver.resolve("A", "a.test");
  clock.advance(60_000);
  dns.hold();
  const other = resolver.resolve("A", "b.test");
  await settle();
  assert.equal(spelled(await resolver.resolve("A", "a.test")), "192.0.2.1");
  dns.release();
  await other;
});
