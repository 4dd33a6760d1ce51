import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { parseSipUri, type SipUri } from "../uri/index.ts";
import { FakeResolver } from "./fake-resolver.ts";
import type { Located } from "./located.ts";
import { Locator, type LocatorOptions } from "./locator.ts";

interface Setup {
  readonly dns: FakeResolver;
  readonly clock: HandClock;
  readonly locator: Locator;
}

function setup(options: Partial<LocatorOptions> = {}): Setup {
  const dns = new FakeResolver();
  const clock = new HandClock();
  const locator = new Locator({
    clock,
    resolver: dns,
    random: () => 0,
    cacheLimit: 100,
    protocols: ["UDP", "TCP", "TLS"],
    ...options,
  });
  return { dns, clock, locator };
}

function uri(text: string): SipUri {
  const parsed = parseSipUri(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

/** "UDP 192.0.2.1 5060, ..." or the code of the failure. */
function spelled(located: Located | undefined): string {
  if (located === undefined) return "not known";
  if (!located.ok) return located.code;
  return located.targets.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`).join(", ");
}

async function locate(locator: Locator, text: string): Promise<string> {
  return spelled(await locator.locate(uri(text)));
}

const numeric: [uri: string, targets: string][] = [
  ["sip:192.0.2.1", "UDP 192.0.2.1 5060"],
  ["sip:192.0.2.1:5070", "UDP 192.0.2.1 5070"],
  ["sip:192.0.2.1;transport=tcp", "TCP 192.0.2.1 5060"],
  ["sip:192.0.2.1;transport=tls", "TLS 192.0.2.1 5061"],
  ["sips:192.0.2.1", "TLS 192.0.2.1 5061"],
  ["sips:192.0.2.1:5060", "TLS 192.0.2.1 5060"],
  ["sip:[2001:db8::1]", "UDP 2001:db8::1 5060"],
  ["sip:[2001:db8::1]:5080;transport=tcp", "TCP 2001:db8::1 5080"],
  ["sip:a.test;maddr=192.0.2.9", "UDP 192.0.2.9 5060"],
  ["sip:192.0.2.1;transport=sctp", "unsupported-transport"],
];
for (const [text, targets] of numeric) {
  test(`${text} needs no DNS: ${targets}`, async () => {
    const { dns, locator } = setup();
    assert.equal(spelled(locator.locateNow(uri(text))), targets);
    assert.equal(await locate(locator, text), targets);
    assert.deepEqual(dns.asked, []);
  });
}

test("a port means addresses only, over UDP or as the URI says (RFC 3263 §4.1, §4.2)", async () => {
  const { dns, locator } = setup();
  dns.addresses("A", "a.test", "192.0.2.1", "192.0.2.2").addresses("AAAA", "a.test", "2001:db8::1");
  assert.equal(
    await locate(locator, "sip:a.test:5080"),
    "UDP 192.0.2.1 5080, UDP 192.0.2.2 5080, UDP 2001:db8::1 5080",
  );
  assert.deepEqual(dns.takeAsked(), ["A a.test", "AAAA a.test"]);
  assert.match(await locate(locator, "sips:a.test:5080"), /^TLS 192.0.2.1 5080,/);
  assert.match(await locate(locator, "sip:a.test:5080;transport=tcp"), /^TCP 192.0.2.1 5080,/);
});

test("a transport without port means its SRV records, not NAPTR", async () => {
  const { dns, locator } = setup({ families: [4] });
  dns.srvRecords("_sip._tcp.a.test", "10 0 5070 one.test").addresses("A", "one.test", "192.0.2.1");
  assert.equal(await locate(locator, "sip:a.test;transport=tcp"), "TCP 192.0.2.1 5070");
  assert.deepEqual(dns.takeAsked(), ["SRV _sip._tcp.a.test", "A one.test"]);
});

const srvNames: [uri: string, name: string, fallback: string][] = [
  ["sip:a.test;transport=udp", "_sip._udp.a.test", "UDP 192.0.2.1 5060"],
  ["sip:a.test;transport=tcp", "_sip._tcp.a.test", "TCP 192.0.2.1 5060"],
  ["sip:a.test;transport=tls", "_sips._tcp.a.test", "TLS 192.0.2.1 5061"],
  ["sips:a.test;transport=tcp", "_sips._tcp.a.test", "TLS 192.0.2.1 5061"],
];
for (const [text, name, fallback] of srvNames) {
  test(`${text} asks ${name}; without it ${fallback}`, async () => {
    const { dns, locator } = setup({ families: [4] });
    dns.addresses("A", "a.test", "192.0.2.1");
    assert.equal(await locate(locator, text), fallback);
    assert.deepEqual(dns.takeAsked(), [`SRV ${name}`, "A a.test"]);
  });
}

test("NAPTR, then SRV, then addresses; the name for TLS stays that of the URI", async () => {
  const { dns, locator } = setup({ families: [4] });
  dns
    .naptrRecords("a.test", "10 20 s SIP+D2U _sip._udp.x.test", "10 10 s SIPS+D2T _sips._tcp.x.test")
    .srvRecords("_sips._tcp.x.test", "20 0 5061 two.x.test", "10 0 5071 One.x.test.")
    .srvRecords("_sip._udp.x.test", "1 0 5060 one.x.test")
    .addresses("A", "one.x.test", "192.0.2.1")
    .addresses("A", "two.x.test", "192.0.2.2");
  const located = await locator.locate(uri("sip:A.test"));
  assert.equal(spelled(located), "TLS 192.0.2.1 5071, TLS 192.0.2.2 5061, UDP 192.0.2.1 5060");
  assert.ok(located.ok && located.targets.every((target) => target.serverName === "a.test"));
  assert.deepEqual(dns.takeAsked(), [
    "NAPTR a.test",
    "SRV _sips._tcp.x.test",
    "SRV _sip._udp.x.test",
    "A one.x.test",
    "A two.x.test",
  ]);
  assert.deepEqual(locator.locateNow(uri("sip:a.test")), located);
});

test("without NAPTR the SRV records of each plain transport in our order (RFC 3263 §4.1)", async () => {
  const { dns, locator } = setup({ families: [4], protocols: ["TCP", "UDP", "TLS"] });
  dns
    .srvRecords("_sip._udp.a.test", "1 0 5060 u.test")
    .srvRecords("_sip._tcp.a.test", "1 0 5062 t.test")
    .addresses("A", "u.test", "192.0.2.1")
    .addresses("A", "t.test", "192.0.2.2");
  assert.equal(await locate(locator, "sip:a.test"), "TCP 192.0.2.2 5062, UDP 192.0.2.1 5060");
  assert.ok(!dns.asked.includes("SRV _sips._tcp.a.test"));
});

test("without NAPTR a SIPS URI asks _sips._tcp only, then the address at 5061", async () => {
  const { dns, locator } = setup({ families: [4] });
  dns.addresses("A", "a.test", "192.0.2.1");
  assert.equal(await locate(locator, "sips:a.test"), "TLS 192.0.2.1 5061");
  assert.deepEqual(dns.takeAsked(), ["NAPTR a.test", "SRV _sips._tcp.a.test", "A a.test"]);
});

test("we that speak TLS only ask _sips._tcp for a sip URI too", async () => {
  const { dns, locator } = setup({ families: [4], protocols: ["TLS"] });
  dns.addresses("A", "a.test", "192.0.2.1");
  assert.equal(await locate(locator, "sip:a.test"), "TLS 192.0.2.1 5061");
  assert.ok(dns.asked.includes("SRV _sips._tcp.a.test"));
});

test("no NAPTR, no SRV: the address by UDP at 5060", async () => {
  const { dns, locator } = setup({ families: [4], protocols: ["TCP", "UDP"] });
  dns.addresses("A", "a.test", "192.0.2.1");
  assert.equal(await locate(locator, "sip:a.test"), "UDP 192.0.2.1 5060");
});

test("a NAPTR that leads to no SRV: the address by its transport", async () => {
  const { dns, locator } = setup({ families: [4] });
  dns.naptrRecords("a.test", "1 1 s SIP+D2T _sip._tcp.a.test").addresses("A", "a.test", "192.0.2.1");
  assert.equal(await locate(locator, "sip:a.test"), "TCP 192.0.2.1 5060");
});

test('an SRV target of "." says no, and the address is not asked (RFC 2782)', async () => {
  const { dns, locator } = setup();
  dns.srvRecords("_sip._udp.a.test", "0 0 0 .").addresses("A", "a.test", "192.0.2.1");
  assert.equal(await locate(locator, "sip:a.test;transport=udp"), "service-not-available");
  assert.deepEqual(dns.takeAsked(), ["SRV _sip._udp.a.test"]);
});

test("SRV weights are drawn with the given random numbers, anew for every call", async () => {
  const draws = [0.99, 0];
  const { dns, locator } = setup({ families: [4], random: () => draws.shift() ?? Number.NaN });
  dns
    .srvRecords("_sip._udp.a.test", "1 50 5060 one.test", "1 50 5060 two.test")
    .addresses("A", "one.test", "192.0.2.1")
    .addresses("A", "two.test", "192.0.2.2");
  const text = "sip:a.test;transport=udp";
  assert.equal(await locate(locator, text), "UDP 192.0.2.2 5060, UDP 192.0.2.1 5060");
  assert.equal(spelled(locator.locateNow(uri(text))), "UDP 192.0.2.1 5060, UDP 192.0.2.2 5060");
  assert.deepEqual(draws, []);
});

test("one target without address does not spoil the others, and no address comes twice", async () => {
  const { dns, locator } = setup({ families: [4] });
  dns
    .srvRecords(
      "_sip._udp.a.test",
      "1 0 5060 gone.test",
      "2 0 5060 one.test",
      "3 0 5060 same.test",
      "4 0 5070 same.test",
    )
    .fails("A", "gone.test", "SERVFAIL")
    .addresses("A", "one.test", "192.0.2.1")
    .addresses("A", "same.test", "192.0.2.1");
  assert.equal(await locate(locator, "sip:a.test;transport=udp"), "UDP 192.0.2.1 5060, UDP 192.0.2.1 5070");
});

test("the limit of targets", async () => {
  const { dns, locator } = setup({ families: [4], maximumTargets: 2 });
  dns.addresses("A", "two.test", "192.0.2.1", "192.0.2.2");
  dns.addresses("A", "three.test", "192.0.2.1", "192.0.2.2", "192.0.2.3");
  assert.equal(await locate(locator, "sip:two.test:1"), "UDP 192.0.2.1 1, UDP 192.0.2.2 1");
  assert.equal(await locate(locator, "sip:three.test:1"), "UDP 192.0.2.1 1, UDP 192.0.2.2 1");
  dns.srvRecords("_sip._udp.a.test", "3 0 1 c.test", "1 0 1 a.test", "2 0 1 b.test");
  await locate(locator, "sip:a.test;transport=udp");
  assert.deepEqual(dns.takeAsked().slice(-2), ["A a.test", "A b.test"]);
});

const failures: [why: string, arrange: (dns: FakeResolver) => void, uri: string, code: string][] = [
  ["no such name", (dns) => dns.fails("A", "a.test", "NXDOMAIN"), "sip:a.test:5060", "name-not-found"],
  ["no address", () => {}, "sip:a.test", "name-not-found"],
  ["addresses time out", (dns) => dns.fails("A", "a.test", "TIMEOUT"), "sip:a.test:5060", "resolver-failed"],
  ["addresses fail", (dns) => dns.fails("AAAA", "a.test", "SERVFAIL"), "sip:a.test:5060", "resolver-failed"],
  [
    "SRV fails: the address may be another machine",
    (dns) => dns.fails("SRV", "_sip._udp.a.test", "TIMEOUT").addresses("A", "a.test", "192.0.2.1"),
    "sip:a.test",
    "resolver-failed",
  ],
  [
    "NAPTR fails: as if there were none",
    (dns) => dns.fails("NAPTR", "a.test", "SERVFAIL").addresses("A", "a.test", "192.0.2.1"),
    "sip:a.test",
    "UDP 192.0.2.1 5060",
  ],
  ["label too long", () => {}, `sip:${"a".repeat(64)}.test`, "invalid-host"],
];
for (const [why, arrange, text, result] of failures) {
  test(`${why}: ${result}`, async () => {
    const { dns, locator } = setup();
    arrange(dns);
    assert.equal(await locate(locator, text), result);
  });
}

test("a resolver that rejects or throws is a failed one", async () => {
  const broken = (): never => {
    throw new Error("broken");
  };
  const rejecting = (): Promise<never> => Promise.reject(new Error("broken"));
  const { locator } = setup({ resolver: { naptr: broken, srv: broken, a: rejecting, aaaa: broken } });
  assert.equal(await locate(locator, "sip:a.test:5060"), "resolver-failed");
  assert.equal(locator.counts().queriesInFlight, 0);
});

test("what is learned counts for its own search even with a TTL of 0, and no longer", async () => {
  const { dns, locator } = setup({ families: [4] });
  dns.ttlSeconds = 0;
  dns.srvRecords("_sip._udp.a.test", "1 0 5060 one.test").addresses("A", "one.test", "192.0.2.1");
  assert.equal(await locate(locator, "sip:a.test;transport=udp"), "UDP 192.0.2.1 5060");
  assert.equal(locator.locateNow(uri("sip:a.test;transport=udp")), undefined);
  assert.equal(locator.counts().cachedAnswers, 0);
});

test("answers live for their TTL: locateNow until then, DNS again after", async () => {
  const { dns, clock, locator } = setup({ families: [4] });
  dns.addresses("A", "a.test", "192.0.2.1");
  assert.equal(locator.locateNow(uri("sip:a.test:5060")), undefined);
  await locate(locator, "sip:a.test:5060");
  dns.addresses("A", "a.test", "192.0.2.2");
  clock.advance(59_999);
  assert.equal(spelled(locator.locateNow(uri("sip:a.test:5060"))), "UDP 192.0.2.1 5060");
  clock.advance(1);
  assert.equal(locator.locateNow(uri("sip:a.test:5060")), undefined);
  assert.equal(await locate(locator, "sip:a.test:5060"), "UDP 192.0.2.2 5060");
  assert.equal(clock.pendingTimers, 0);
});

test("defaults: 32 targets, 5 s for a question, 1.8 s when a stale answer is at hand", async () => {
  const { dns, clock, locator } = setup({ families: [4] });
  const addresses = Array.from({ length: 33 }, (_, index) => `192.0.2.${index}`);
  dns.addresses("A", "many.test", ...addresses).addresses("A", "a.test", "192.0.2.1");
  const located = await locator.locate(uri("sip:many.test:1"));
  assert.equal(located.ok && located.targets.length, 32);
  await locate(locator, "sip:a.test:1");
  clock.advance(60_000);
  dns.hold();
  const waits: Promise<string>[] = [locate(locator, "sip:a.test:1"), locate(locator, "sip:b.test:1")];
  const done: string[] = [];
  for (const wait of waits) void wait.then((result) => done.push(result));
  const steps: [ms: number, done: string[]][] = [
    [1799, []],
    [1, ["UDP 192.0.2.1 1"]],
    [3199, ["UDP 192.0.2.1 1"]],
    [1, ["UDP 192.0.2.1 1", "resolver-failed"]],
  ];
  await new Promise((resolve) => setImmediate(resolve));
  for (const [ms, expected] of steps) {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(done, expected);
  }
  assert.equal(clock.pendingTimers, 0);
});
