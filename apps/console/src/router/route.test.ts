import assert from "node:assert/strict";
import { test } from "node:test";
import { hrefOf, routeOf } from "./route.ts";

const cases: [hash: string, path: string[], query: Record<string, string>][] = [
  ["", [], {}],
  ["#", [], {}],
  ["#/", [], {}],
  ["#/trunks", ["trunks"], {}],
  ["#trunks/TK1/", ["trunks", "TK1"], {}],
  ["#/calls?Status=failed&To=%2B1415", ["calls"], { Status: "failed", To: "+1415" }],
  ["#/gateways/a%2Fb", ["gateways", "a/b"], {}],
  ["#/gateways/%zz", ["gateways", "%zz"], {}],
];
for (const [hash, path, query] of cases) {
  test(`${hash || "nothing"} is a place`, () => assert.deepEqual(routeOf(hash), { path, query }));
}

test("an address leads back to its place, without what is empty", () => {
  const place = { path: ["a/b", "c d"], query: { To: "+1&2=3" } };
  assert.deepEqual(routeOf(hrefOf(place.path, { ...place.query, From: "" })), place);
  assert.equal(hrefOf(["trunks"]), "#/trunks");
});
