import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, type DecodedPacket, decode, encode } from "dns-packet";
import { readA, readAaaa, readDnsAnswer, readNaptr, readSrv, verdictOf } from "./dns-answer.ts";

function packet(answers: Answer[], authorities: Answer[] = [], flags = 0): DecodedPacket {
  return decode(encode({ type: "response", id: 1, flags, answers, authorities }));
}

function a(name: string, data: string, ttl = 60): Answer {
  return { type: "A", name, data, ttl };
}
function cname(name: string, data: string, ttl = 60): Answer {
  return { type: "CNAME", name, data, ttl };
}
function soa(ttl: number, minimum: number): Answer {
  return { type: "SOA", name: "test", ttl, data: { mname: "ns.test", rname: "x.test", minimum } };
}

test("records of the name, whatever its case, with the smallest TTL", () => {
  const answers = [a("A.test", "192.0.2.1", 60), a("a.test", "192.0.2.2", 30), a("b.test", "192.0.2.3", 1)];
  assert.deepEqual(readDnsAnswer(packet(answers), "a.TEST", readA), {
    ok: true,
    records: [{ address: "192.0.2.1" }, { address: "192.0.2.2" }],
    ttlSeconds: 30,
  });
});

test("records of other types are passed over", () => {
  const both: Answer[] = [
    a("a.test", "192.0.2.1"),
    { type: "AAAA", name: "a.test", data: "2001:db8::1", ttl: 5 },
  ];
  assert.deepEqual(readDnsAnswer(packet(both), "a.test", readA), {
    ok: true,
    records: [{ address: "192.0.2.1" }],
    ttlSeconds: 60,
  });
  assert.deepEqual(readDnsAnswer(packet(both), "a.test", readAaaa), {
    ok: true,
    records: [{ address: "2001:db8::1" }],
    ttlSeconds: 5,
  });
  assert.equal(readDnsAnswer(packet(both), "a.test", readSrv).ok, false);
  assert.equal(readDnsAnswer(packet(both), "a.test", readNaptr).ok, false);
});

test("addresses that are none are passed over", () => {
  assert.equal(readA({ type: "A", name: "a.test", data: "2001:db8::1" }), undefined);
  assert.equal(readAaaa({ type: "AAAA", name: "a.test", data: "192.0.2.1" }), undefined);
});

test("aliases are followed in any order, and their TTLs count", () => {
  const answers = [
    a("c.test", "192.0.2.1", 60),
    cname("B.test", "c.test", 20),
    cname("a.test", "b.test", 40),
  ];
  assert.deepEqual(readDnsAnswer(packet(answers), "a.test", readA), {
    ok: true,
    records: [{ address: "192.0.2.1" }],
    ttlSeconds: 20,
  });
});

test("eight aliases are followed, nine are not, and a ring ends", () => {
  const chain = Array.from({ length: 9 }, (_, index) => cname(`n${index}.test`, `n${index + 1}.test`));
  const answers = [...chain, a("n9.test", "192.0.2.1")];
  assert.equal(readDnsAnswer(packet(answers), "n1.test", readA).ok, true);
  assert.equal(readDnsAnswer(packet(answers), "n0.test", readA).ok, false);
  const ring = [cname("a.test", "b.test"), cname("b.test", "a.test")];
  assert.equal(readDnsAnswer(packet(ring), "a.test", readA).ok, false);
});

test("SRV and NAPTR come over whole", () => {
  const srv: Answer = {
    type: "SRV",
    name: "s.test",
    ttl: 9,
    data: { priority: 1, weight: 2, port: 3, target: "T.test" },
  };
  assert.deepEqual(readDnsAnswer(packet([srv]), "s.test", readSrv), {
    ok: true,
    records: [{ priority: 1, weight: 2, port: 3, target: "T.test" }],
    ttlSeconds: 9,
  });
  const data = {
    order: 1,
    preference: 2,
    flags: "s",
    services: "SIP+D2U",
    regexp: "",
    replacement: "_sip._udp.a.test",
  };
  const naptr: Answer = { type: "NAPTR", name: "a.test", ttl: 9, data };
  assert.deepEqual(readDnsAnswer(packet([naptr]), "a.test", readNaptr), {
    ok: true,
    records: [data],
    ttlSeconds: 9,
  });
});

const negatives: [what: string, packet: DecodedPacket, code: string, ttlSeconds: number][] = [
  ["NODATA, MINIMUM is smaller", packet([], [soa(100, 20)]), "NODATA", 20],
  ["NODATA, the SOA's TTL is smaller", packet([], [soa(10, 20)]), "NODATA", 10],
  ["NODATA without SOA is not kept", packet([]), "NODATA", 0],
  ["NXDOMAIN", packet([], [soa(100, 20)], 3), "NXDOMAIN", 20],
  [
    "an alias to nothing lives no longer than the alias",
    packet([cname("a.test", "b.test", 7)], [soa(100, 20)]),
    "NODATA",
    7,
  ],
];
for (const [what, response, code, ttlSeconds] of negatives) {
  test(`${what}: ${code} for ${ttlSeconds} s (RFC 2308 §5)`, () => {
    assert.deepEqual(readDnsAnswer(response, "a.test", readA), { ok: false, code, ttlSeconds });
  });
}

test("a TTL with the highest bit set is 0 (RFC 2181 §8)", () => {
  for (const [ttl, ttlSeconds] of [
    [0x7fffffff, 0x7fffffff],
    [0x80000000, 0],
  ] as const) {
    assert.equal(
      readDnsAnswer(packet([a("a.test", "192.0.2.1", ttl)]), "a.test", readA).ttlSeconds,
      ttlSeconds,
    );
  }
});

test("response codes (RFC 1035 §4.1.1)", () => {
  const verdicts = [0, 1, 2, 3, 4, 5].map((flags) => verdictOf(packet([], [], flags)));
  assert.deepEqual(verdicts, ["answer", "refused-edns", "failed", "no-such-name", "refused-edns", "failed"]);
});
