import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, request } from "@tandem/sip/testing";
import { isEncoded } from "./accepted-content.ts";
import { callScript } from "./testing/call-script.ts";

for (const [rule, rows, expected] of [
  ["none", [], false],
  ["identity", ["Identity"], false],
  ["gzip", ["gzip"], true],
  ["identity and gzip", ["identity, gzip"], true],
] as const) {
  test(`Content-Encoding ${rule} ${expected ? "is one" : "is no encoding"}`, () => {
    const headerFields = rows.map((value) => ["Content-Encoding", value] as const);
    assert.equal(isEncoded(parsedRequest(request("INVITE", { headerFields }))), expected);
  });
}

test("an INVITE whose body is encoded is refused with 415 that says what we take (RFC 3261 §8.2.3)", () => {
  const headerFields = [["Content-Encoding", "gzip"]] as const;
  const script = callScript({ invite: { headerFields } }).start();
  const refused = script.expectResponse(415);
  assert.equal(refused.value("Accept"), "application/sdp");
  assert.equal(refused.value("Accept-Encoding"), "identity");
  script.wire.expectNothing();
  script.expectReleased();
});

test("so is a re-INVITE, and the call goes on", () => {
  const script = callScript().answered();
  script.from("caller", "INVITE", 2, {
    body: "x",
    headerFields: [
      ["Content-Type", "application/sdp"],
      ["e", "deflate"],
    ],
  });
  const refused = script.expectResponse(415);
  assert.equal(refused.value("Accept"), "application/sdp");
  assert.equal(refused.value("Accept-Encoding"), "identity");
  script.wire.expectNothing();
  script.hangUp();
});
