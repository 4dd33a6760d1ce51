import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, request } from "../testing/index.ts";
import { defaultMaxBreadth, maxBreadthOf } from "./max-breadth.ts";

const rows: readonly (readonly [value: string, breadth: number])[] = [
  ["0", 0],
  ["1", 1],
  ["60", 60],
  ["4294967295", 4_294_967_295],
  ["4294967296", defaultMaxBreadth],
  ["-1", defaultMaxBreadth],
  ["ten", defaultMaxBreadth],
  ["", defaultMaxBreadth],
];

for (const [value, breadth] of rows) {
  test(`Max-Breadth: ${value || "empty"} is ${breadth}`, () => {
    const asked = parsedRequest(request("INVITE", { headerFields: [["max-breadth", value]] }));
    assert.equal(maxBreadthOf(asked), breadth);
  });
}

test("without Max-Breadth 60 is assumed (RFC 5393 §5.3.2)", () => {
  assert.equal(maxBreadthOf(parsedRequest(request("INVITE"))), 60);
});
