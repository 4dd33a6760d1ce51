import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import { type Answer, encode, TRUNCATED_RESPONSE } from "dns-packet";
import { DnsResolver, type DnsResolverOptions } from "./dns-resolver.ts";
import { type DnsHandler, FakeDnsServer, responseTo } from "./fake-dns-server.ts";

async function opened(context: TestContext, handler: DnsHandler = () => []): Promise<FakeDnsServer> {
  const fake = await new FakeDnsServer().open();
  fake.handler = handler;
  context.after(() => fake.close());
  return fake;
}

function resolverFor(
  fakes: FakeDnsServer[],
  more: Partial<DnsResolverOptions> = {},
): { resolver: DnsResolver; clock: HandClock } {
  const clock = new HandClock();
  return { clock, resolver: new DnsResolver({ clock, servers: fakes.map(({ server }) => server), ...more }) };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 2) {
    assert.ok(waitedMs < 10_000, "still waiting");
    await delay(2);
  }
}

const address: Answer = { type: "A", name: "a.test", data: "192.0.2.1", ttl: 60 };
const answering: DnsHandler = (query) => [responseTo(query, [address])];
const found = { ok: true, records: [{ address: "192.0.2.1" }], ttlSeconds: 60 };

test("each type asks its question, recursion desired, with EDNS of 1232 bytes", async (context) => {
  const fake = await opened(context, (query, question) => {
    const name = question.name;
    if (question.type === "AAAA")
      return [responseTo(query, [{ type: "AAAA", name, data: "2001:db8::1", ttl: 9 }])];
    if (question.type === "SRV") {
      return [responseTo(query, [{ type: "SRV", name, ttl: 9, data: { port: 5060, target: "b.test" } }])];
    }
    if (question.type === "NAPTR") {
      const data = {
        order: 1,
        preference: 2,
        flags: "S",
        services: "SIP+D2T",
        regexp: "",
        replacement: "c.test",
      };
      return [responseTo(query, [{ type: "NAPTR", name, ttl: 9, data }])];
    }
    return [responseTo(query, [address])];
  });
  const { resolver, clock } = resolverFor([fake]);
  assert.deepEqual(await resolver.a("a.test"), found);
  const aaaa = await resolver.aaaa("a.test");
  assert.deepEqual(aaaa, { ok: true, records: [{ address: "2001:db8::1" }], ttlSeconds: 9 });
  const srv = await resolver.srv("_sip._udp.a.test");
  assert.deepEqual(srv.ok && srv.records, [{ priority: 0, weight: 0, port: 5060, target: "b.test" }]);
  const naptr = await resolver.naptr("a.test");
  assert.deepEqual(naptr.ok && naptr.records.map(({ services, replacement }) => [services, replacement]), [
    ["SIP+D2T", "c.test"],
  ]);
  assert.deepEqual(fake.queries, [
    "udp A a.test",
    "udp AAAA a.test",
    "udp SRV _sip._udp.a.test",
    "udp NAPTR a.test",
  ]);
  assert.equal(fake.lastQuery?.flag_rd, true);
  const [option] = fake.lastQuery?.additionals ?? [];
  assert.equal(option?.type === "OPT" && option.udpPayloadSize, 1232);
  assert.equal(clock.pendingTimers, 0);
  assert.equal(resolver.questionsInFlight, 0);
});

test("every question has a port and an id of its own", async (context) => {
  const fake = await opened(context, answering);
  const { resolver } = resolverFor([fake]);
  for (let count = 0; count < 12; count++) await resolver.a("a.test");
  assert.ok(fake.sourcePorts.size >= 10, String(fake.sourcePorts.size));
  assert.ok(fake.ids.size >= 10, String(fake.ids.size));
});

test("what is not the response is ignored: wrong id, wrong question, a query, garbage", async (context) => {
  const fake = await opened(context, (query) => {
    const forged: Answer[] = [{ ...address, data: "203.0.113.66" }];
    const proper = responseTo(query, forged);
    return [
      { ...proper, id: ((query.id ?? 0) + 1) & 0xffff },
      { ...proper, questions: [{ type: "A", name: "b.test", class: "IN" }] },
      { ...proper, questions: [{ type: "AAAA", name: "a.test", class: "IN" }] },
      { ...proper, questions: [{ type: "A", name: "a.test", class: "CH" }] },
      { ...proper, questions: [] },
      { ...proper, type: "query" },
      Buffer.from("garbage"),
      encode(proper).subarray(0, 40),
      responseTo(query, [address]),
    ];
  });
  assert.deepEqual(await resolverFor([fake]).resolver.a("a.test"), found);
});

test("a truncated answer is asked again by TCP, in whatever pieces it comes", async (context) => {
  const many = Array.from({ length: 200 }, (_, index): Answer => ({ ...address, data: `192.0.2.${index}` }));
  const fake = await opened(context, (query, _question, transport) =>
    transport === "udp" ? [responseTo(query, [], { flags: TRUNCATED_RESPONSE })] : [responseTo(query, many)],
  );
  fake.tcpPieceBytes = 1000;
  const answer = await resolverFor([fake]).resolver.a("a.test");
  assert.equal(answer.ok && answer.records.length, 200);
  assert.deepEqual(fake.queries, ["udp A a.test", "tcp A a.test"]);
});

test("a TCP that closes, or answers another question, is a failed server", async (context) => {
  const truncated: DnsHandler = (query, _question, transport) => {
    if (transport === "udp") return [responseTo(query, [], { flags: TRUNCATED_RESPONSE })];
    return query.questions?.[0]?.name === "a.test"
      ? []
      : [{ ...responseTo(query, [address]), id: 0x1ffff & 1 }];
  };
  const fake = await opened(context, truncated);
  const { resolver } = resolverFor([fake], { maximumAttempts: 1 });
  assert.deepEqual(await resolver.a("a.test"), { ok: false, code: "SERVFAIL", ttlSeconds: 30 });
});

test("a server without EDNS is asked again without (RFC 6891 §7)", async (context) => {
  for (const responseCode of [1, 4]) {
    const fake = await opened(context, (query) =>
      query.additionals?.length === 0
        ? [responseTo(query, [address])]
        : [responseTo(query, [], { flags: responseCode })],
    );
    assert.deepEqual(await resolverFor([fake]).resolver.a("a.test"), found);
    assert.equal(fake.queries.length, 2);
  }
});

test("NXDOMAIN and NODATA are answers: no other server is asked", async (context) => {
  for (const [flags, code] of [
    [3, "NXDOMAIN"],
    [0, "NODATA"],
  ] as const) {
    const soa: Answer = {
      type: "SOA",
      name: "test",
      ttl: 60,
      data: { mname: "n.test", rname: "r.test", minimum: 20 },
    };
    const first = await opened(context, (query) => [responseTo(query, [], { flags, authorities: [soa] })]);
    const second = await opened(context, answering);
    const { resolver } = resolverFor([first, second]);
    assert.deepEqual(await resolver.a("a.test"), { ok: false, code, ttlSeconds: 20 });
    assert.deepEqual(second.queries, []);
  }
});

test("a server that fails or refuses hands over to the next, which stays the first", async (context) => {
  for (const responseCode of [2, 5]) {
    const bad = await opened(context, (query) => [responseTo(query, [], { flags: responseCode })]);
    const good = await opened(context, answering);
    const { resolver } = resolverFor([bad, good]);
    assert.deepEqual(await resolver.a("a.test"), found);
    assert.deepEqual(await resolver.a("a.test"), found);
    assert.deepEqual([bad.queries.length, good.queries.length], [1, 2]);
  }
});

test("a server that nobody runs is found out at once, without waiting for the time-out", async (context) => {
  const gone = await new FakeDnsServer().open();
  gone.close();
  const good = await opened(context, answering);
  const { resolver, clock } = resolverFor([gone, good]);
  assert.deepEqual(await resolver.a("a.test"), found);
  assert.equal(clock.monotonicMs(), 0);
});

test("a silent server gets 1000 ms, then the next is asked", async (context) => {
  const silent = await opened(context);
  const good = await opened(context, answering);
  const { resolver, clock } = resolverFor([silent, good]);
  const asked = resolver.a("a.test");
  await until(() => silent.queries.length === 1);
  clock.advance(999);
  await delay(20);
  assert.deepEqual(good.queries, []);
  clock.advance(1);
  assert.deepEqual(await asked, found);
  assert.equal(clock.pendingTimers, 0);
});

test("servers are asked in turn, four times in all; all silent is a TIMEOUT", async (context) => {
  const servers = [await opened(context), await opened(context), await opened(context)];
  const { resolver, clock } = resolverFor(servers);
  const asked = resolver.a("a.test");
  const total = (): number => servers.reduce((sum, { queries }) => sum + queries.length, 0);
  for (let attempt = 1; attempt <= 4; attempt++) {
    await until(() => total() === attempt);
    clock.advance(1000);
  }
  assert.deepEqual(await asked, { ok: false, code: "TIMEOUT", ttlSeconds: 30 });
  assert.deepEqual(
    servers.map(({ queries }) => queries.length),
    [2, 1, 1],
  );
});

test("one that fails among silent ones: SERVFAIL", async (context) => {
  const silent = await opened(context);
  const bad = await opened(context, (query) => [responseTo(query, [], { flags: 2 })]);
  const { resolver, clock } = resolverFor([silent, bad], { maximumAttempts: 2 });
  const asked = resolver.a("a.test");
  await until(() => silent.queries.length === 1);
  clock.advance(1000);
  assert.deepEqual(await asked, { ok: false, code: "SERVFAIL", ttlSeconds: 30 });
});

test("the limit of questions at a time", async (context) => {
  const silent = await opened(context);
  const { resolver, clock } = resolverFor([silent], { maximumQuestions: 2, maximumAttempts: 1 });
  const asked = [resolver.a("a.test"), resolver.a("b.test")];
  assert.equal(resolver.questionsInFlight, 2);
  assert.deepEqual(await resolver.a("c.test"), { ok: false, code: "SERVFAIL", ttlSeconds: 0 });
  await until(() => silent.queries.length === 2);
  clock.advance(1000);
  assert.deepEqual(
    (await Promise.all(asked)).map((answer) => answer.ok || answer.code),
    ["TIMEOUT", "TIMEOUT"],
  );
  assert.equal(resolver.questionsInFlight, 0);
});

test("localhost is known without a question (RFC 6761 §6.3)", async (context) => {
  const fake = await opened(context, answering);
  const { resolver } = resolverFor([fake]);
  const answers = [await resolver.a("localhost"), await resolver.aaaa("x.localhost")];
  assert.deepEqual(
    answers.map((answer) => answer.ok && answer.records[0]?.address),
    ["127.0.0.1", "::1"],
  );
  assert.deepEqual(fake.queries, []);
  assert.deepEqual(await resolver.a("notlocalhost"), { ok: false, code: "NODATA", ttlSeconds: 0 });
});

test("a resolver without servers is a fault", () => {
  assert.throws(() => new DnsResolver({ clock: new HandClock(), servers: [] }), /needs a DNS server/);
});
