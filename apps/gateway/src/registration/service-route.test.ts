import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedResponse, request, responseTo } from "@tandem/sip/testing";
import { serviceRouteIn, serviceRouteLimits } from "./service-route.ts";

const reading = (...rows: string[]): ReturnType<typeof serviceRouteIn> =>
  serviceRouteIn(
    parsedResponse(
      responseTo(request("REGISTER"), 200, {
        headerFields: rows.map((row) => ["Service-Route", row] as const),
      }),
    ),
  );

test("a 200 without Service-Route has none", () => {
  assert.deepEqual(reading(), { ok: true, route: undefined });
});

test("values of several rows and lists, in their order and as they stand", () => {
  const found = reading(
    '"P2" <sip:P2.example;LR;x=1>;y, <sip:hsp.example:5070;lr>',
    "<sips:orig@last.example;lr>",
  );
  assert.deepEqual(found, {
    ok: true,
    route: {
      values: ['"P2" <sip:P2.example;LR;x=1>;y', "<sip:hsp.example:5070;lr>", "<sips:orig@last.example;lr>"],
      nextHop: "sip:p2.example",
      transport: undefined,
      strictRouter: undefined,
    },
  });
});

test("the first hop's port and transport count; without lr it is a strict router", () => {
  const found = reading("<sip:orig@192.0.2.5:5070;transport=tcp;x=1>");
  assert.ok(found.ok && found.route !== undefined);
  const { nextHop, transport, strictRouter } = found.route;
  assert.deepEqual(
    [nextHop, transport, strictRouter],
    ["sip:192.0.2.5:5070;transport=tcp", "TCP", "sip:orig@192.0.2.5:5070;transport=tcp;x=1"],
  );
});

test("what can't be a route is not used, not even a part of it", () => {
  const wrong = [
    ["<sip:a;lr>, nonsense", "it holds what is no SIP URI"],
    ["sip:a.example;lr", "it holds what is no SIP URI"],
    ["<tel:+1555>, <sip:a;lr>", "it holds what is no SIP URI"],
    ["<sip:a;lr>,,<sip:b;lr>", "it holds what is no SIP URI"],
    ["<sip:a;lr;transport=sctp>", "its first URI can't be reached"],
  ] as const;
  for (const [value, text] of wrong) assert.deepEqual(reading(value), { ok: false, text }, value);
});

test("as many values and bytes as are taken, and one more", () => {
  const { values, bytes } = serviceRouteLimits;
  const many = (count: number): string => Array.from({ length: count }, () => "<sip:a;lr>").join(",");
  const isUsed = (value: string): boolean => reading(value).ok;
  assert.deepEqual([isUsed(many(values)), isUsed(many(values + 1))], [true, false]);
  const long = (length: number): string => {
    const around = "<sip:a;lr;x=>";
    return `<sip:a;lr;x=${"1".repeat(length - around.length)}>`;
  };
  assert.deepEqual([isUsed(long(bytes)), isUsed(long(bytes + 1))], [true, false]);
});
