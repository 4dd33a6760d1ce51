import assert from "node:assert/strict";
import { test } from "node:test";
import { heardBetween } from "./heard-between.ts";

test("only what was sent in the interval counts", () => {
  const before = [{ sent: 10, arrived: 7 }];
  assert.deepEqual(heardBetween(before, [{ sent: 30, arrived: 26 }]), {
    sent: 20,
    lost: 1,
    repeated: 0,
    mostLost: 1,
    leastArrived: 19,
  });
});

test("a packet that came twice in one direction does not hide one that is lost in another", () => {
  const before = [
    { sent: 0, arrived: 0 },
    { sent: 0, arrived: 0 },
    { sent: 0, arrived: 0 },
  ];
  const after = [
    { sent: 5, arrived: 6 },
    { sent: 5, arrived: 4 },
    { sent: 5, arrived: 2 },
  ];
  assert.deepEqual(heardBetween(before, after), {
    sent: 15,
    lost: 4,
    repeated: 1,
    mostLost: 3,
    leastArrived: 2,
  });
});
