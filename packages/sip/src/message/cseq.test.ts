import assert from "node:assert/strict";
import { test } from "node:test";
import { maximumSequenceNumber, parseCseq } from "./cseq.ts";

const table: readonly (readonly [value: string, expected: string])[] = [
  ["1 INVITE", "1 INVITE"],
  ["0009 \t INVITE", "9 INVITE"],
  ["0 ACK", "0 ACK"],
  ["2147483647 BYE", "2147483647 BYE"],
  ["2147483648 BYE", "cseq-out-of-range"],
  ["36893488147419103232 REGISTER", "cseq-out-of-range"],
  ["1 in%vite", "1 in%vite"],
  ["", "cseq-malformed"],
  ["1", "cseq-malformed"],
  ["1 ", "cseq-malformed"],
  ["INVITE", "cseq-malformed"],
  ["1INVITE", "cseq-malformed"],
  ["-1 INVITE", "cseq-malformed"],
  ["1 INV ITE", "cseq-malformed"],
  ["1 INVITE,", "cseq-malformed"],
  ["1\xa0INVITE", "cseq-malformed"],
];

for (const [value, expected] of table) {
  test(`CSeq "${value}" is ${expected}`, () => {
    const parsed = parseCseq(value);
    const found = parsed.ok ? `${parsed.value.sequenceNumber} ${parsed.value.method}` : parsed.error.code;
    assert.equal(found, expected);
  });
}

test("sequence numbers are less than 2^31", () => assert.equal(maximumSequenceNumber, 2 ** 31 - 1));
