import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { queryBytes, words } from "../testing/query-bytes.ts";
import { readQuery } from "./read-query.ts";

const plain = queryBytes("www.Example.test");
const withOpt = queryBytes("a.test", { edns: { payloadBytes: 1400, isDnssecOk: true } });

function withCounts(bytes: Buffer, ...counts: readonly number[]): Buffer {
  return Buffer.concat([bytes.subarray(0, 4), words(...counts), bytes.subarray(12)]);
}

test("header, question and EDNS are read; the name in lower case and as it came", () => {
  const bytes = queryBytes("wWw.eXample.test", {
    id: 77,
    type: 33,
    flags: 0x0100,
    edns: { payloadBytes: 1400, version: 3, isDnssecOk: true },
  });
  const read = readQuery(bytes);
  assert.ok(read.kind === "query");
  const { question, ...rest } = read.query;
  assert.deepEqual(rest, {
    id: 77,
    opcode: 0,
    isRecursionDesired: true,
    edns: { payloadBytes: 1400, version: 3, isDnssecOk: true },
  });
  assert.deepEqual(question.labels, ["www", "example", "test"]);
  assert.deepEqual([question.type, question.class], [33, 1]);
  assert.equal(question.nameBytes.toString("latin1"), "\x03wWw\x07eXample\x04test\x00");
});

test("only the letters of ASCII change their case", () => {
  const read = readQuery(queryBytes("ÀZ[@.test"));
  assert.ok(read.kind === "query");
  assert.deepEqual(read.query.question.labels, ["Àz[@", "test"]);
});

test("other records are stepped over", () => {
  const record = Buffer.concat([Buffer.from([0xc0, 12]), words(1, 1, 0, 30, 4), Buffer.from([1, 2, 3, 4])]);
  const read = readQuery(withCounts(Buffer.concat([plain, record, withOpt.subarray(-11)]), 1, 0, 1, 1));
  assert.ok(read.kind === "query");
  assert.equal(read.query.edns?.payloadBytes, 1400);
});

const ignored: [what: string, bytes: Buffer][] = [
  ["nothing", Buffer.alloc(0)],
  ["less than a header", plain.subarray(0, 11)],
  ["a response", queryBytes("a.test", { flags: 0x8000 })],
];
for (const [what, bytes] of ignored) {
  test(`${what} is ignored`, () => assert.deepEqual(readQuery(bytes), { kind: "ignored" }));
}

const label63 = "x".repeat(63);
const name255 = `${label63}.${label63}.${label63}.${"x".repeat(61)}`;

test("labels of 63 and names of 255 bytes are read, longer ones are malformed", () => {
  assert.equal(readQuery(queryBytes(name255)).kind, "query");
  assert.equal(readQuery(queryBytes(`${name255}x`)).kind, "malformed");
  assert.equal(readQuery(queryBytes("x".repeat(64))).kind, "malformed");
});

const malformed: [what: string, bytes: Buffer][] = [
  ["no question", withCounts(plain.subarray(0, 12), 0, 0, 0, 0)],
  ["two questions", withCounts(Buffer.concat([plain, plain.subarray(12)]), 2, 0, 0, 0)],
  ["a question that is cut off", plain.subarray(0, -1)],
  ["a name that is cut off", plain.subarray(0, 15)],
  ["a name that points to itself", Buffer.concat([plain.subarray(0, 12), words(0xc00c, 1, 1)])],
  ["a record that is announced and missing", withCounts(plain, 1, 1, 0, 0)],
  ["a record that is cut off", withOpt.subarray(0, -1)],
  ["bytes behind the end", Buffer.concat([plain, Buffer.from([0])])],
  ["two OPT records", withCounts(Buffer.concat([withOpt, withOpt.subarray(-11)]), 1, 0, 0, 2)],
  ["OPT among the answers", withCounts(withOpt, 1, 1, 0, 0)],
  [
    "OPT of another name than the root",
    withCounts(Buffer.concat([plain, Buffer.from([1, 97]), withOpt.subarray(-11)]), 1, 0, 0, 1),
  ],
];
for (const [what, bytes] of malformed) {
  test(`${what} is malformed, and its header is known`, () => {
    assert.deepEqual(readQuery(bytes), {
      kind: "malformed",
      header: { id: 0x1234, opcode: 0, isRecursionDesired: false },
    });
  });
}

test("nothing that comes throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      assert.match(readQuery(Buffer.from(bytes)).kind, /^(?:query|malformed|ignored)$/);
    }),
    { numRuns: 2000 },
  );
});

test("no damage to a real question throws", () => {
  const real = queryBytes("_sip._udp.office.pstn.tandem.test", { type: 33, edns: { payloadBytes: 1232 } });
  const damage = fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(damage, fc.nat(real.length), (changes, length) => {
      const bytes = Buffer.from(real);
      for (const [at, value] of changes) bytes[at] = value;
      assert.match(readQuery(bytes.subarray(0, length)).kind, /^(?:query|malformed|ignored)$/);
    }),
    { numRuns: 2000 },
  );
});
