import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "dns-packet";
import fc from "fast-check";
import { queryOf } from "../testing/query-bytes.ts";
import type { Response } from "./response.ts";
import { ResponseEncoder } from "./response-encoder.ts";
import type { RecordData, ZoneRecord } from "./zone-record.ts";

const encoder = new ResponseEncoder();
const owner = "office.pstn.tandem.test";

function responseTo(name: string, changes: Partial<Response> = {}): Response {
  const { question, id, opcode, isRecursionDesired } = queryOf(name);
  return {
    id,
    opcode,
    isRecursionDesired,
    question,
    isAuthoritative: true,
    responseCode: 0,
    answers: [],
    authorities: [],
    additionals: [],
    edns: undefined,
    ...changes,
  };
}

function record(data: RecordData, name = owner): ZoneRecord {
  return { owner: name, ttlSeconds: 30, data };
}

const address = (last: number): RecordData => ({ type: "A", address: 0xc0000200 + last });
const addresses = (count: number) => Array.from({ length: count }, (_, index) => record(address(index)));

const soa: RecordData = {
  type: "SOA",
  primary: "ns1.tandem.test",
  mailbox: "hostmaster.tandem.test",
  serial: 4_294_967_295,
  refresh: 1,
  retry: 2,
  expire: 3,
  minimum: 4,
};

test("every type of record is read by another implementation as it was meant", () => {
  const target = "ashburn-ix-1.gw.ashburn-ix.tandem.test";
  const bytes = encoder.encode(
    responseTo(owner, {
      answers: [
        record(address(1)),
        record({ type: "AAAA", address: "\u2001\u0db8\0\0\0\0\0\u0053" }),
        record({ type: "SRV", priority: 10, weight: 20, port: 5061, target }),
        record({
          type: "NAPTR",
          order: 10,
          preference: 50,
          service: "SIP+D2T",
          replacement: `_sip._tcp.${owner}`,
        }),
        record({ type: "HINFO", cpu: "RFC8482", os: "" }),
        record({ type: "NS", host: "ns1.tandem.test" }, "tandem.test"),
        record(soa, "tandem.test"),
      ],
    }),
    65_535,
  );
  const packet = decode(bytes);
  assert.equal(decode.bytes, bytes.length);
  const shown = packet.answers?.map((one) => [
    one.name,
    one.type,
    "ttl" in one && one.ttl,
    "data" in one && one.data,
  ]);
  const text = JSON.parse(
    JSON.stringify(shown, (_, value: unknown) =>
      value instanceof Object && "type" in value && value.type === "Buffer" && "data" in value
        ? Buffer.from(value.data as number[]).toString()
        : value,
    ),
  );
  assert.deepEqual(text, [
    [owner, "A", 30, "192.0.2.1"],
    [owner, "AAAA", 30, "2001:db8::53"],
    [owner, "SRV", 30, { priority: 10, weight: 20, port: 5061, target }],
    [
      owner,
      "NAPTR",
      30,
      {
        order: 10,
        preference: 50,
        flags: "s",
        services: "SIP+D2T",
        regexp: "",
        replacement: `_sip._tcp.${owner}`,
      },
    ],
    [owner, "HINFO", 30, { cpu: "RFC8482", os: "" }],
    ["tandem.test", "NS", 30, "ns1.tandem.test"],
    [
      "tandem.test",
      "SOA",
      30,
      {
        mname: "ns1.tandem.test",
        rname: "hostmaster.tandem.test",
        serial: 4_294_967_295,
        refresh: 1,
        retry: 2,
        expire: 3,
        minimum: 4,
      },
    ],
  ]);
});

test("an answer has the question's name in the question's case, compressed to two bytes", () => {
  const bytes = encoder.encode(responseTo("oFFice.pStn.tandem.TEST", { answers: addresses(2) }), 512);
  const packet = decode(bytes);
  assert.equal(packet.questions?.[0]?.name, "oFFice.pStn.tandem.TEST");
  assert.deepEqual(
    packet.answers?.map((answer) => answer.name),
    ["oFFice.pStn.tandem.TEST", "oFFice.pStn.tandem.TEST"],
  );
  assert.equal(bytes.length, 12 + owner.length + 2 + 4 + 2 * 16);
});

test("names in SRV and NAPTR are not compressed (RFC 2782, RFC 3597)", () => {
  const target = "g.gw.ashburn.tandem.test";
  const data: RecordData = { type: "SRV", priority: 1, weight: 1, port: 1, target };
  const bytes = encoder.encode(responseTo(owner, { answers: [record(data)] }), 512);
  assert.equal(bytes.length, 12 + owner.length + 2 + 4 + 12 + 6 + target.length + 2);
});

test("a question with a dot inside a label is no name to point to", () => {
  const response = responseTo(owner);
  const labels = ["a.tandem", "test"];
  const nameBytes = Buffer.from("\x08a.tandem\x04test\x00", "latin1");
  const question = { nameBytes, labels, type: 1, class: 1 };
  const bytes = encoder.encode({ ...response, question, authorities: [record(soa, "a.tandem.test")] }, 512);
  assert.equal(decode(bytes).authorities?.[0]?.name, "a.tandem.test");
});

test("flags: authoritative, recursion desired, operation and response code go where they belong", () => {
  const flags = (changes: Partial<Response>) =>
    encoder.encode(responseTo(owner, changes), 512).readUInt16BE(2).toString(16);
  assert.equal(flags({}), "8400");
  assert.equal(flags({ isAuthoritative: false }), "8000");
  assert.equal(flags({ isRecursionDesired: true }), "8500");
  assert.equal(flags({ opcode: 5, responseCode: 4 }), "ac04");
});

test("OPT goes back with our payload size, DO as it came, and the upper bits of the response code", () => {
  const bytes = encoder.encode(responseTo(owner, { responseCode: 16, edns: { isDnssecOk: true } }), 512);
  assert.equal(bytes.readUInt16BE(2) & 0xf, 0);
  assert.equal(bytes.subarray(-11).toString("hex"), "00002904d00100800000" + "00");
  const without = encoder.encode(responseTo(owner, { edns: { isDnssecOk: false } }), 512);
  assert.equal(without.subarray(-11).toString("hex"), "00002904d000000000" + "0000");
});

test("answers that fit to the byte are sent, one byte less sends none of them and TC", () => {
  const response = responseTo(owner, { answers: addresses(5), edns: { isDnssecOk: false } });
  const whole = encoder.encode(response, 65_535);
  assert.deepEqual(encoder.encode(response, whole.length), whole);
  const cut = decode(encoder.encode(response, whole.length - 1));
  assert.deepEqual([cut.flag_tc, cut.answers?.length, cut.additionals?.length], [true, 0, 1]);
  assert.equal(decode(whole).flag_tc, false);
});

test("authorities that do not fit take the answers with them", () => {
  const response = responseTo(owner, { answers: addresses(1), authorities: [record(soa, "tandem.test")] });
  const whole = encoder.encode(response, 65_535);
  const cut = decode(encoder.encode(response, whole.length - 1));
  assert.deepEqual([cut.flag_tc, cut.answers?.length, cut.authorities?.length], [true, 0, 0]);
});

test("additional records that do not fit are left out by owner, without TC", () => {
  const additionals = [
    record(address(1), "g1.tandem.test"),
    record(address(2), "g2.tandem.test"),
    record(address(3), "g2.tandem.test"),
    record(address(4), "g3.tandem.test"),
  ];
  const response = responseTo(owner, { answers: addresses(1), additionals });
  const whole = encoder.encode(response, 65_535);
  const owners = (limit: number) => {
    const packet = decode(encoder.encode(response, limit));
    assert.equal(packet.flag_tc, false);
    return packet.additionals?.map((one) => one.name).join(" ");
  };
  assert.equal(owners(whole.length), "g1.tandem.test g2.tandem.test g2.tandem.test g3.tandem.test");
  assert.equal(owners(whole.length - 1), "g1.tandem.test g2.tandem.test g2.tandem.test");
  const g3 = 2 + 3 + 10 + 4;
  assert.equal(owners(whole.length - g3), "g1.tandem.test g2.tandem.test g2.tandem.test");
  assert.equal(owners(whole.length - g3 - 1), "g1.tandem.test");
});

test("a truncated answer is header, question and OPT", () => {
  const response = responseTo(owner, { answers: addresses(2), responseCode: 3, edns: { isDnssecOk: false } });
  const packet = decode(encoder.encodeTruncated(response));
  assert.deepEqual(
    [
      packet.flag_tc,
      (packet.flags ?? 0) & 0xf,
      packet.questions?.[0]?.name,
      packet.answers?.length,
      packet.additionals?.length,
    ],
    [true, 0, owner, 0, 1],
  );
});

test("whatever the limit, the message is no longer and is whole", () => {
  const response = responseTo(owner, {
    answers: addresses(40),
    authorities: [record(soa, "tandem.test")],
    additionals: addresses(20).map((one, index) => ({ ...one, owner: `g${index >> 1}.tandem.test` })),
    edns: { isDnssecOk: true },
  });
  fc.assert(
    fc.property(fc.integer({ min: 512, max: 2000 }), (limit) => {
      const bytes = encoder.encode(response, limit);
      assert.ok(bytes.length <= limit);
      decode(bytes);
      assert.equal(decode.bytes, bytes.length);
    }),
  );
});
