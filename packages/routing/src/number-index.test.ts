import assert from "node:assert/strict";
import { test } from "node:test";
import type { SnapshotNumber } from "@tandem/contracts";
import { type NumberIndex, NumberIndexBuilder } from "./number-index.ts";
import { seededRandom } from "./seeded-random.ts";

const hex = (value: number): string => value.toString(16).padStart(32, "0");
const properSid = (value: number): string => `PN${hex(value)}`;

/** A few that no column can hold are among them. */
const phoneNumbers = [
  ...Array.from({ length: 1500 }, (_, index) => `+1${2_000_000_000 + index}`),
  ...Array.from({ length: 300 }, (_, index) => `+${999_999_999_999_000 + index}`),
  "+1",
  "911",
  "+",
  "",
  "+0123",
  "+12a",
  "+1234567890123456",
];

const sorted = (index: NumberIndex): SnapshotNumber[] =>
  [...index.values()].sort((a, b) => (a.phoneNumber < b.phoneNumber ? -1 : 1));

test("whatever is set and deleted, it holds what a Map holds, and the indexes before hold what they held", () => {
  const random = seededRandom(7);
  const expected = new Map<string, SnapshotNumber>();
  let index = new NumberIndexBuilder().build();
  const earlier: [index: NumberIndex, held: readonly SnapshotNumber[]][] = [];
  for (let round = 0; round < 40; round += 1) {
    const builder = new NumberIndexBuilder(index);
    for (let times = 0; times < 200; times += 1) {
      const phoneNumber = phoneNumbers[Math.floor(random() * phoneNumbers.length)] ?? "";
      if (random() < 0.4) {
        builder.delete(phoneNumber);
        expected.delete(phoneNumber);
      } else {
        const sid = random() < 0.05 ? `PN${round}` : properSid(Math.floor(random() * 2 ** 40));
        const trunkSid = random() < 0.1 ? null : `TK${times}`;
        const number = { sid, accountSid: `AC${round}`, trunkSid, phoneNumber };
        builder.set(number);
        expected.set(phoneNumber, number);
      }
      assert.equal(builder.size, expected.size);
    }
    index = builder.build();
    earlier.push([index, [...expected.values()].sort((a, b) => (a.phoneNumber < b.phoneNumber ? -1 : 1))]);
  }
  for (const [one, held] of earlier) {
    assert.deepEqual(sorted(one), held);
    assert.equal(one.size, held.length);
    const byNumber = new Map(held.map((number) => [number.phoneNumber, number]));
    for (const phoneNumber of phoneNumbers) {
      assert.deepEqual(one.get(phoneNumber), byNumber.get(phoneNumber), phoneNumber);
    }
  }
});

test("a SID comes back as it was, all its digits and none that are not of that form", () => {
  const sids = [
    "PN0123456789abcdef0123456789abcdef",
    "PNffffffffffffffffffffffffffffffff",
    "PN00000000000000000000000000000000",
    "PN0123456789ABCDEF0123456789abcdef",
    "TN0123456789abcdef0123456789abcdef",
    "PN0123456789abcdef0123456789abcde",
    "PN0123456789abcdef0123456789abcdeg",
  ];
  const builder = new NumberIndexBuilder();
  for (const [index, sid] of sids.entries()) {
    builder.set({ sid, accountSid: "AC1", trunkSid: null, phoneNumber: `+1555${index}` });
  }
  const index = builder.build();
  assert.deepEqual(
    sids.map((_, at) => index.get(`+1555${at}`)?.sid),
    sids,
  );
});
