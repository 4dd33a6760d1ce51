import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, request } from "@tandem/sip/testing";
import { audio, calleeAnswer, callScript, ourSdp, sdp, withoutSessionId } from "./testing/call-script.ts";

type Fields = readonly (readonly [string, string])[];

const optional = ["Content-Disposition", "render;handling=optional"] as const;
const mixed = ["Content-Type", "multipart/mixed;boundary=b"] as const;

function partOf(...rows: readonly string[]): string {
  return `--b\r\n${rows.join("\r\n")}\r\n\r\n<x/>\r\n`;
}

const optionalPart = partOf(
  "Content-Type: application/pidf+xml",
  "Content-Disposition: render;handling=optional",
);
const requiredPart = partOf(
  "Content-Type: application/isup",
  "Content-Disposition: signal;handling=required",
);
const silentPart = partOf("Content-Type: text/html");

const ignored: readonly (readonly [what: string, body: string, headerFields: Fields])[] = [
  ["of another type", "<x/>", [["Content-Type", "application/pidf+xml"], optional]],
  ["without a type", "<x/>", [optional]],
  [
    "that is compressed",
    "\x1f\x8b",
    [["Content-Type", "application/sdp"], ["Content-Encoding", "gzip"], optional],
  ],
  ["of optional parts", `${optionalPart}${optionalPart}--b--`, [mixed]],
  ["of parts, optional as a whole", `${requiredPart}--b--`, [mixed, optional]],
  ["whose parts can't be read, optional", requiredPart, [mixed, optional]],
];

for (const [what, body, headerFields] of ignored) {
  test(`an optional body ${what} is ignored: the callee makes the offer (RFC 3261 §20.11)`, () => {
    const script = callScript();
    script.wire.inject(request("INVITE", { body, headerFields }));
    const invite = parsedRequest(script.expectInvite());
    assert.equal(invite.body, "");
    for (const name of ["Content-Type", "Content-Disposition"]) assert.equal(invite.has(name), false, name);
    script.callee(invite.text, 200, { body: calleeAnswer });
    assert.equal(withoutSessionId(script.expectResponse(200).body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
    script.fromCaller("ACK", 1, { body: sdp("192.0.2.1", [audio]) });
    assert.match(parsedRequest(script.wire.expect("ACK")).body, /^m=audio 10002 /m);
    script.hangUp();
  });

  test(`so is one ${what} of a re-INVITE, an UPDATE and a PRACK`, () => {
    const script = callScript().answered();
    script.fromCaller("UPDATE", 2, { body, headerFields: [["Content-Type", "x/y"], optional] });
    script.wire.expect(200);
    script.wire.expectNothing();
    script.wire.inject(
      request("INVITE", {
        toTag: script.ingressTag,
        sequenceNumber: 3,
        branch: "z9hG4bK-3",
        body,
        headerFields,
      }),
    );
    script.wire.expect(100);
    const carried = parsedRequest(script.wire.expect("INVITE"));
    assert.equal(carried.body, "");
    assert.equal(carried.has("Content-Disposition"), false);
    script.callee(carried.text, 200, { body: sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0"]) });
    assert.match(script.expectResponse(200).body, /^m=audio 10000 /m);
  });
}

test("an optional body of a PRACK is ignored", () => {
  const script = callScript({
    invite: {
      headerFields: [
        ["Supported", "100rel"],
        ["Require", "100rel"],
      ],
    },
  }).start();
  script.callee(script.expectInvite(), 183);
  const early = script.expectResponse(183);
  const rack = `${early.value("RSeq")} 1 INVITE`;
  script.fromCaller("PRACK", 2, {
    body: "x",
    headerFields: [["RAck", rack], ["Content-Type", "x/y"], optional],
  });
  script.wire.expect(200);
});

for (const [what, body, headerFields] of [
  ["of another type", "<x/>", [["Content-Type", "application/pidf+xml"]]],
  [
    "that is required",
    "<x/>",
    [
      ["Content-Type", "x/y"],
      ["Content-Disposition", "render;handling=required"],
    ],
  ],
  [
    "with a disposition that can't be read",
    "<x/>",
    [
      ["Content-Type", "x/y"],
      ["Content-Disposition", ";"],
    ],
  ],
  ["with a part that is required", `${optionalPart}${requiredPart}--b--`, [mixed]],
  ["with a part that does not say", `${optionalPart}${silentPart}--b--`, [mixed]],
  ["without any part", "--b--", [mixed]],
] as const) {
  test(`a body ${what} is refused with 415`, () => {
    const script = callScript();
    script.wire.inject(request("INVITE", { body, headerFields }));
    const refused = script.expectResponse(415);
    assert.equal(refused.value("Accept"), "application/sdp");
    assert.match(script.call.facts.reasonText ?? "", /is no session description$/);
    script.expectReleased();
  });
}

test("an optional part beside a description passes with it", () => {
  const body = `${optionalPart}--b\r\nContent-Type: application/sdp\r\n\r\n${sdp("192.0.2.1", [audio])}\r\n--b--`;
  const script = callScript();
  script.wire.inject(request("INVITE", { body, headerFields: [mixed] }));
  const invite = parsedRequest(script.expectInvite());
  assert.ok(invite.body.startsWith(optionalPart));
  assert.match(invite.body, /^m=audio 10002 /m);
});
