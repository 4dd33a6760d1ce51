import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest } from "@tandem/sip/testing";
import { allowedMethods, supportedOptions } from "@tandem/sip/user-agent";
import { callScript, otherAddress } from "./testing/call-script.ts";

for (const side of ["caller", "callee"] as const) {
  for (const method of ["INFO", "MESSAGE", "NOTIFY"]) {
    test(`${method} of the ${side} is carried with its body, and its answer back`, () => {
      const script = callScript().answered();
      script.from(side, method, 2, {
        body: "Signal=5",
        headerFields: [
          ["Content-Type", "application/dtmf-relay"],
          ["Content-Disposition", "info-package"],
          ["Info-Package", "dtmf"],
          ["Event", "telephone"],
          ["Subscription-State", "active"],
          ["X-A", "1"],
        ],
      });
      const { text, target } = script.wire.expectSent(method);
      assert.equal(target?.address, otherAddress[side]);
      const carried = parsedRequest(text);
      assert.equal(carried.body, "Signal=5");
      assert.equal(carried.value("Content-Type"), "application/dtmf-relay");
      for (const [name, value] of [
        ["Content-Disposition", "info-package"],
        ["Info-Package", "dtmf"],
        ["Event", "telephone"],
        ["Subscription-State", "active"],
        ["X-A", "1"],
      ] as const) {
        assert.deepEqual(carried.values(name), [value]);
      }
      script.wire.expectNothing();
      script.callee(text, 202, {
        contact: "",
        reasonPhrase: "Taken",
        body: "ok",
        headerFields: [
          ["Content-Disposition", "render"],
          ["X-B", "2"],
        ],
      });
      const answer = script.expectResponse(202);
      assert.equal(answer.reasonPhrase, "Taken");
      assert.equal(answer.body, "ok");
      assert.equal(answer.value("Content-Type"), "application/sdp");
      assert.equal(answer.value("Content-Disposition"), "render");
      assert.equal(answer.value("X-B"), "2");
      assert.equal(answer.value("CSeq"), `2 ${method}`);
      script.hangUp();
    });
  }
}

test("a failed INFO is told; 481, 408 and silence end the call", () => {
  for (const [statusCode, passed, isOver] of [
    [200, 200, false],
    [415, 415, false],
    [401, 500, false],
    [302, 500, false],
    [481, 481, true],
    [408, 500, true],
  ] as const) {
    const script = callScript().answered();
    script.fromCaller("INFO", 2);
    const text = script.wire.expect("INFO");
    script.callee(text, 183);
    script.wire.expectNothing();
    script.callee(text, statusCode);
    script.expectResponse(passed);
    assert.equal(script.call.state, isOver ? "released" : "answered");
    if (!isOver) script.hangUp();
    else script.expectReleased();
  }
  const silent = callScript().answered();
  silent.fromCaller("INFO", 2);
  silent.clock.advance(32_000);
  assert.equal(silent.call.facts.reason, reasons.peerLost);
  silent.expectReleased();
  const refused = callScript().answered();
  refused.fromCaller("INFO", 2);
  refused.wire.expect("INFO");
  refused.wire.fail();
  refused.expectResponse(500);
  refused.hangUp();
});

test("481, 408 and silence for what belongs to a subscription say nothing about the call (RFC 5057 §5.1)", () => {
  for (const method of ["NOTIFY", "REFER"]) {
    const script = callScript({
      onRefer: (_script, legs, refer, transaction, side) => legs.carry(refer, transaction, side),
    }).answered();
    const subscription = {
      headerFields: [
        ["Event", "telephone-event"],
        ["Subscription-State", "active"],
        ["Refer-To", "<sip:carol@192.0.2.9>"],
      ],
    } as const;
    for (const [cseq, statusCode, passed] of [
      [2, 481, 481],
      [3, 408, 500],
    ] as const) {
      script.fromCaller(method, cseq, subscription);
      script.callee(script.wire.expect(method), statusCode);
      script.expectResponse(passed);
      script.wire.expectNothing();
    }
    script.fromCaller(method, 4, subscription);
    script.clock.advance(32_000);
    // Repetitions over UDP, and what the sender is told of it.
    while (script.wire.next !== undefined) {
      script.wire.expect(script.wire.next.text.startsWith("SIP/2.0") ? "SIP/2.0" : method);
    }
    assert.equal(script.call.state, "answered");
    script.hangUp();
  }
});

test("OPTIONS 200, methods that are not carried 405: all say what is allowed", () => {
  const script = callScript().answered();
  for (const [method, statusCode] of [
    ["OPTIONS", 200],
    ["SUBSCRIBE", 405],
    ["PUBLISH", 405],
  ] as const) {
    script.fromCaller(method, 2);
    const answer = script.expectResponse(statusCode);
    assert.equal(answer.value("Allow"), allowedMethods);
    assert.equal(answer.value("Supported"), method === "OPTIONS" ? supportedOptions : undefined);
    assert.equal(answer.value("Accept"), method === "OPTIONS" ? "application/sdp" : undefined);
  }
  script.wire.expectNothing();
  script.hangUp();
});

test("a PRACK that acknowledges nothing is answered with 481, and the call stays (RFC 3262 §3)", () => {
  const script = callScript().answered();
  const prack = { headerFields: [["RAck", "1 1 INVITE"]] } as const;
  script.fromCaller("PRACK", 2, prack);
  script.expectResponse(481);
  script.fromCallee("PRACK", 2, prack);
  script.expectResponse(481);
  script.wire.expectNothing();
  script.hangUp();
});

test("a REFER that another gateway performs is carried with what it says, and its NOTIFYs back", () => {
  const script = callScript({
    onRefer: (_script, legs, refer, transaction, side) => legs.carry(refer, transaction, side),
  }).answered();
  const fields = [
    ["Refer-To", "<sip:carol@192.0.2.9>"],
    ["Refer-Sub", "true"],
    ["Referred-By", "<sip:bob@example.com>"],
  ] as const;
  script.fromCallee("REFER", 5, { headerFields: fields });
  const carried = script.wire.expect("REFER");
  for (const [name, value] of fields) assert.equal(parsedRequest(carried).value(name), value);
  script.callee(carried, 202, { contact: "" });
  script.wire.expect(202);
  const notify = [
    ["Event", "refer"],
    ["Subscription-State", "active;expires=300"],
    ["Content-Type", "message/sipfrag"],
  ] as const;
  script.fromCaller("NOTIFY", 2, { headerFields: notify, body: "SIP/2.0 100 Trying\r\n" });
  const told = parsedRequest(script.wire.expect("NOTIFY"));
  for (const [name, value] of notify) assert.equal(told.value(name), value);
  assert.equal(told.body, "SIP/2.0 100 Trying\r\n");
});
