import assert from "node:assert/strict";
import { test } from "node:test";
import { q850CauseIn, q850CauseOf, q850Reason } from "./cause-mapping.ts";

/** RFC 3398 §8.2.6.1; 487, 488, 606 to 608 are ours. */
const causes: Readonly<Record<number, number>> = Object.fromEntries(
  [
    "400 41, 401 21, 402 21, 403 21, 404 1, 405 63, 406 79, 407 21, 408 102, 410 22, 413 127, 414 127, 415 79",
    "416 127, 420 127, 421 127, 423 127, 480 18, 481 41, 482 25, 483 25, 484 28, 485 1, 486 17, 487 16, 488 65",
    "500 41, 501 79, 502 38, 503 41, 504 102, 505 127, 513 127, 600 17, 603 21, 604 1, 606 65, 607 21, 608 21",
  ]
    .join(", ")
    .split(", ")
    .map((row) => row.split(" ").map(Number)),
);

test("every status code has a cause: that of RFC 3398, or one for its class", () => {
  for (let statusCode = 300; statusCode <= 699; statusCode++) {
    const ofClass = statusCode >= 600 ? 21 : statusCode >= 500 ? 41 : 31;
    assert.equal(q850CauseOf(statusCode), causes[statusCode] ?? ofClass, String(statusCode));
  }
});

test("a Reason value has the text of its cause, if there is one", () => {
  assert.equal(q850Reason(16), 'Q.850;cause=16;text="Normal call clearing"');
  assert.equal(q850Reason(17), 'Q.850;cause=17;text="User busy"');
  assert.equal(q850Reason(95), "Q.850;cause=95");
});

test("the Q.850 cause is found in any row, place and spelling", () => {
  const table: [rows: string[], cause: number | undefined][] = [
    [["Q.850;cause=17"], 17],
    [['q.850 ; text="a, b" ; cause=1'], 1],
    [["SIP;cause=486, Q.850;cause=127"], 127],
    [["SIP;cause=486", 'Q.850;cause=34;text="x"'], 34],
    [["Q.850;cause=0", "Q.850;cause=18"], 18],
    [["Q.850;cause=128"], undefined],
    [["Q.850;cause=abc"], undefined],
    [["Q.850"], undefined],
    [["SIP;cause=16"], undefined],
    [["Q.8501;cause=16"], undefined],
    [["preemption;cause=1"], undefined],
    [[], undefined],
  ];
  for (const [rows, cause] of table) assert.equal(q850CauseIn(rows), cause, rows.join(" | "));
});
