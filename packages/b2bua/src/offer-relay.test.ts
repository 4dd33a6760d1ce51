import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest } from "@tandem/sip/testing";
import { allowedMethods, supportedOptions } from "@tandem/sip/user-agent";
import {
  audio,
  callScript,
  otherAddress,
  ourSdp,
  ownAddress,
  sdp,
  withoutSessionId,
} from "./testing/call-script.ts";

for (const side of ["caller", "callee"] as const) {
  test(`hold by the ${side}: re-INVITE, answer, ACK, each anchored; Contact refreshed on both sides`, () => {
    const script = callScript().answered();
    script.heard.length = 0;
    const fromAddress = ownAddress[side];
    const ours = side === "caller" ? [10_002, 10_000] : [10_000, 10_002];
    script.from(side, "INVITE", 2, {
      body: sdp(fromAddress, [audio, "a=sendonly"]),
      contact: `<sip:moved@${fromAddress}:5099>`,
      headerFields: [["X-Hold", "1"]],
    });
    script.wire.expect(100);
    const { text, target } = script.wire.expectSent("INVITE");
    assert.equal(target?.address, otherAddress[side]);
    const reInvite = parsedRequest(text);
    assert.equal(reInvite.value("X-Hold"), "1");
    assert.equal(reInvite.value("Allow"), allowedMethods);
    assert.equal(reInvite.value("Contact"), "<sip:198.51.100.1:5060>");
    assert.equal(withoutSessionId(reInvite.body), ourSdp(2, [`m=audio ${ours[0]} RTP/AVP 0`, "a=sendonly"]));
    script.callee(text, 200, {
      body: sdp(otherAddress[side], ["m=audio 6000 RTP/AVP 0", "a=recvonly"]),
      contact: `<sip:other@${otherAddress[side]}:5088>`,
      headerFields: [["X-Answer", "2"]],
    });
    const ack = parsedRequest(script.wire.expect("ACK"));
    assert.equal(ack.cseqNumber, reInvite.cseqNumber);
    assert.equal(ack.requestUri, `sip:other@${otherAddress[side]}:5088`);
    const ok = script.expectResponse(200);
    assert.equal(ok.value("CSeq"), "2 INVITE");
    assert.equal(ok.value("X-Answer"), "2");
    assert.equal(ok.value("Content-Type"), "application/sdp");
    assert.equal(ok.value("Allow"), allowedMethods);
    assert.deepEqual(ok.values("Supported"), [supportedOptions]);
    assert.equal(ok.value("Contact"), "<sip:198.51.100.1:5060>");
    assert.equal(withoutSessionId(ok.body), ourSdp(2, [`m=audio ${ours[1]} RTP/AVP 0`, "a=recvonly"]));
    assert.deepEqual(script.heard, ["journal"]);
    assert.equal(script.call.media.isHeld, true);
    script.from(side, "ACK", 2);
    script.clock.advance(600);
    script.wire.expectNothing();
    script.call.hangUp("exchange", reasons.internalError);
    const targets = [script.wire.expectSent("BYE").target?.port, script.wire.expectSent("BYE").target?.port];
    assert.deepEqual(targets, side === "caller" ? [5099, 5088] : [5088, 5099]);
    script.expectReleased();
  });

  test(`a re-INVITE of the ${side} that is refused leaves the session as it was`, () => {
    for (const [statusCode, passed] of [
      [488, 488],
      [491, 491],
      [500, 500],
      [400, 400],
      [399, 500],
      [407, 500],
      [302, 500],
    ] as const) {
      const script = callScript().answered();
      script.from(side, "INVITE", 2, { body: sdp("192.0.2.1", ["m=image 4100 udptl t38"]) });
      script.wire.expect(100);
      const text = script.wire.expect("INVITE");
      script.callee(text, statusCode, { reasonPhrase: "No Fax", headerFields: [["X-Why", "none"]] });
      script.wire.expect("ACK");
      const refused = script.expectResponse(passed);
      assert.equal(refused.reasonPhrase, passed === statusCode ? "No Fax" : "Server Internal Error");
      assert.equal(refused.value("X-Why"), "none");
      script.from(side, "ACK", 2, { branch: `z9hG4bK-${side}-INVITE-2` });
      assert.deepEqual(
        script.relay.endpoints.map((endpoint) => [endpoint.isOpen, endpoint.kind]),
        [
          [true, "rtp"],
          [true, "rtp"],
        ],
      );
      assert.equal(script.call.media.isOffered, false);
      assert.equal(script.call.state, "answered");
      assert.deepEqual(script.agent.counts, { dialogs: 2, invites: 0 });
      script.hangUp();
    }
  });

  test(`a re-INVITE of the ${side} answered with 481 or 408, or not at all, ends both legs`, () => {
    for (const statusCode of [481, 408, 0]) {
      const script = callScript().answered();
      script.from(side, "INVITE", 2, { body: sdp("192.0.2.1", [audio]) });
      script.wire.expect(100);
      const text = script.wire.expect("INVITE");
      if (statusCode === 0) {
        script.clock.advance(32_000);
        for (let i = 0; i < 6; i++) script.wire.expect("INVITE");
      } else {
        script.callee(text, statusCode);
        script.wire.expect("ACK");
      }
      script.expectResponse(statusCode === 0 ? 408 : statusCode);
      script.wire.expect("BYE");
      script.wire.expect("BYE");
      assert.equal(script.call.facts.reason, reasons.peerLost);
      assert.equal(script.call.facts.q850Cause, 102);
      script.expectReleased();
    }
  });

  test(`a re-INVITE of the ${side} that can't be delivered gets 500, the call goes on`, () => {
    const script = callScript().answered();
    script.from(side, "INVITE", 2, { body: sdp("192.0.2.1", [audio]) });
    script.wire.expect(100);
    script.wire.expect("INVITE");
    script.wire.fail();
    script.expectResponse(500);
    assert.equal(script.call.state, "answered");
    assert.equal(script.call.media.isOffered, false);
    script.hangUp();
  });

  test(`late-offer re-INVITE of the ${side}: offer in the 200, answer in the ACK`, () => {
    const script = callScript().answered();
    const ours = side === "caller" ? [10_002, 10_000] : [10_000, 10_002];
    script.from(side, "INVITE", 2);
    script.wire.expect(100);
    const text = script.wire.expect("INVITE");
    assert.equal(parsedRequest(text).body, "");
    script.callee(text, 200, { body: sdp(otherAddress[side], ["m=audio 6000 RTP/AVP 0 8"]) });
    const ok = script.expectResponse(200);
    assert.equal(withoutSessionId(ok.body), ourSdp(2, [`m=audio ${ours[1]} RTP/AVP 0 8`]));
    assert.deepEqual(script.agent.counts, { dialogs: 2, invites: 0 });
    script.from(side, "ACK", 2, { body: sdp(ownAddress[side], ["m=audio 4000 RTP/AVP 8"]) });
    const ack = parsedRequest(script.wire.expect("ACK"));
    assert.equal(ack.cseqNumber, parsedRequest(text).cseqNumber);
    assert.equal(withoutSessionId(ack.body), ourSdp(2, [`m=audio ${ours[0]} RTP/AVP 8`]));
    script.from(side, "ACK", 2, { body: sdp(ownAddress[side], ["m=audio 4000 RTP/AVP 8"]) });
    script.wire.expectNothing();
    // It is over: the next one is carried.
    script.from(side, "INVITE", 3, { body: sdp(ownAddress[side]) });
    script.wire.expect(100);
    script.callee(script.wire.expect("INVITE"), 488);
    script.wire.expect("ACK");
    script.expectResponse(488);
    script.hangUp();
  });

  test(`glare: 500 with Retry-After to the ${side} itself, 491 to the other`, () => {
    const script = callScript({ random: () => 0.95 }).answered();
    const other = side === "caller" ? "callee" : "caller";
    script.from(side, "INVITE", 2, { body: sdp("192.0.2.1", [audio]) });
    script.wire.expect(100);
    const text = script.wire.expect("INVITE");
    script.from(side, "UPDATE", 3, { body: sdp("192.0.2.1", [audio]) });
    assert.equal(script.expectResponse(500).value("Retry-After"), "10");
    script.from(other, "INVITE", 7, { body: sdp("192.0.2.1", [audio]) });
    script.expectResponse(491);
    script.from(other, "ACK", 7, { branch: `z9hG4bK-${other}-INVITE-7` });
    script.callee(text, 488);
    script.wire.expect("ACK");
    script.expectResponse(488);
    script.from(side, "ACK", 2, { branch: `z9hG4bK-${side}-INVITE-2` });
    // It is over: the other side may now.
    script.from(other, "INVITE", 8, { body: sdp("192.0.2.1", [audio]) });
    script.wire.expect(100);
    script.callee(script.wire.expect("INVITE"), 488);
    script.wire.expect("ACK");
    script.expectResponse(488);
    script.hangUp();
  });

  test(`CANCEL of a re-INVITE of the ${side} is carried on, and so is its 487`, () => {
    const script = callScript().answered();
    const branch = "z9hG4bK-cancelled";
    script.from(side, "INVITE", 2, { body: sdp("192.0.2.1", [audio]), branch });
    script.wire.expect(100);
    const text = script.wire.expect("INVITE");
    script.callee(text, 180);
    script.wire.expectNothing();
    script.from(side, "CANCEL", 2, { branch, toTag: "" });
    script.wire.expect(200);
    script.wire.expect("CANCEL");
    script.callee(text, 487);
    script.wire.expect("ACK");
    script.expectResponse(487);
    assert.equal(script.call.state, "answered");
    script.hangUp();
  });
}

test("UPDATE without a body refreshes the target, is journalled, and stays on its leg", () => {
  const script = callScript().answered();
  script.heard.length = 0;
  script.fromCaller("UPDATE", 2, { contact: "<sip:moved@192.0.2.1:5099>" });
  assert.equal(script.expectResponse(200).value("Contact"), "<sip:198.51.100.1:5060>");
  script.wire.expectNothing();
  assert.deepEqual(script.heard, ["journal"]);
  script.fromCallee("BYE", 1);
  script.wire.expect(200);
  assert.equal(script.wire.expectSent("BYE").target?.port, 5099);
  script.expectReleased();
});

test("UPDATE with an offer is carried like a re-INVITE, without 100 and ACK", () => {
  const script = callScript().answered();
  script.fromCallee("UPDATE", 2, { body: sdp("192.0.2.7", [audio, "a=inactive"]) });
  const text = script.wire.expect("UPDATE");
  assert.equal(
    withoutSessionId(parsedRequest(text).body),
    ourSdp(2, ["m=audio 10000 RTP/AVP 0", "a=inactive"]),
  );
  script.callee(text, 200, { body: sdp("192.0.2.1", [audio, "a=inactive"]) });
  const ok = script.expectResponse(200);
  assert.equal(ok.value("CSeq"), "2 UPDATE");
  assert.equal(withoutSessionId(ok.body), ourSdp(2, ["m=audio 10002 RTP/AVP 0", "a=inactive"]));
  script.clock.advance(600);
  script.wire.expectNothing();
  script.fromCaller("BYE", 2);
  script.expectReleased();
});

test("an UPDATE with an offer that gets 408 or no answer: 500, never 408, and the call is over", () => {
  for (const statusCode of [408, 0]) {
    const script = callScript().answered();
    script.fromCaller("UPDATE", 2, { body: sdp("192.0.2.1", [audio]) });
    const text = script.wire.expect("UPDATE");
    if (statusCode === 0) {
      script.clock.advance(32_000);
    } else {
      script.callee(text, statusCode);
      assert.equal(script.expectResponse(500).reasonPhrase, "Server Internal Error");
    }
    assert.equal(script.call.facts.reason, reasons.peerLost);
    script.expectReleased();
  }
});

test("a re-INVITE that can't be anchored is refused here and never carried", () => {
  for (const [body, type, statusCode, phrase] of [
    ["v=1\r\n", "application/sdp", 400, "Bad Session Description"],
    [sdp("192.0.2.1", ["m=audio 4000 RTP/SAVP 0"]), "application/sdp", 488, "Secure Media Not Enabled"],
    ["<x/>", "text/xml", 415, "Unsupported Media Type"],
  ] as const) {
    const script = callScript().answered();
    script.fromCaller("INVITE", 2, { body, headerFields: [["Content-Type", type]] });
    const refused = script.expectResponse(statusCode);
    assert.equal(refused.reasonPhrase, phrase);
    assert.equal(refused.value("Accept"), statusCode === 415 ? "application/sdp" : undefined);
    script.wire.expectNothing();
    script.hangUp();
  }
});

test("a re-INVITE answered with rubbish: 500, and the call is over", () => {
  for (const isLate of [false, true]) {
    const script = callScript().answered();
    script.fromCaller("INVITE", 2, isLate ? {} : { body: sdp("192.0.2.1", [audio]) });
    script.wire.expect(100);
    script.callee(script.wire.expect("INVITE"), 200, { body: "rubbish" });
    if (!isLate) script.wire.expect("ACK");
    script.expectResponse(500);
    script.wire.expect("BYE");
    if (isLate) script.wire.expect("ACK");
    script.wire.expect("BYE");
    assert.equal(script.call.facts.reason, reasons.badSdp);
    assert.deepEqual(script.heard, ["journal", "released"]);
    script.expectReleased();
  }
});

test("late-offer re-INVITE with an ACK that has no answer: ACK, then BYE both ways", () => {
  const script = callScript().answered();
  script.fromCaller("INVITE", 2);
  script.wire.expect(100);
  script.callee(script.wire.expect("INVITE"), 200, { body: sdp("192.0.2.7") });
  script.expectResponse(200);
  script.fromCaller("ACK", 2);
  assert.equal(script.wire.expectSent("BYE").target?.address, "192.0.2.1");
  script.wire.expect("ACK");
  assert.equal(script.wire.expectSent("BYE").target?.address, "192.0.2.7");
  script.expectReleased();
});

test("a 2xx to a re-INVITE without an ACK for 32 s: BYE both ways, whichever side it is", () => {
  for (const side of ["caller", "callee"] as const) {
    const script = callScript().answered();
    script.from(side, "INVITE", 2, { body: sdp("192.0.2.1", [audio]) });
    script.wire.expect(100);
    const contact = `<sip:x@${otherAddress[side]}>`;
    script.callee(script.wire.expect("INVITE"), 200, { body: sdp("192.0.2.7"), contact });
    script.wire.expect("ACK");
    script.expectResponse(200);
    script.clock.advance(32_000);
    for (let i = 0; i < 10; i++) script.wire.expect(200);
    const byes = [script.wire.expectSent("BYE"), script.wire.expectSent("BYE")];
    assert.deepEqual(
      byes.map((bye) => bye.target?.address),
      ["192.0.2.1", "192.0.2.7"],
    );
    assert.equal(script.call.facts.reason, reasons.noAckReceived);
    script.expectReleased();
  }
});

test("BYE while a re-INVITE is under way: 487 to it; a late 200 still gets its ACK", () => {
  const script = callScript().answered();
  script.fromCaller("INVITE", 2, { body: sdp("192.0.2.1", [audio]) });
  script.wire.expect(100);
  const text = script.wire.expect("INVITE");
  script.fromCaller("BYE", 3);
  script.wire.expect(200);
  script.expectResponse(487);
  script.wire.expect("BYE");
  script.callee(text, 200, { body: sdp("192.0.2.7") });
  script.wire.expect("ACK");
  script.wire.expectNothing();
  script.expectReleased();
});

test("BYE while the journal of a re-INVITE is written: the re-INVITE gets 487, never a 200", () => {
  const script = callScript({ hasSlowJournal: true }).start();
  script.callee(script.expectInvite(), 200, { body: sdp("192.0.2.7") });
  script.journalWritten();
  script.wire.expect("ACK");
  script.expectResponse(200);
  script.fromCaller("ACK", 1);
  script.fromCaller("INVITE", 2, { body: sdp("192.0.2.1", [audio]) });
  script.wire.expect(100);
  script.callee(script.wire.expect("INVITE"), 200, { body: sdp("192.0.2.7") });
  script.wire.expect("ACK");
  script.fromCaller("INFO", 3);
  script.wire.expect("INFO");
  script.fromCallee("INVITE", 1, { body: sdp("192.0.2.7", [audio]) });
  script.wire.expect(491);
  script.fromCallee("BYE", 2);
  script.wire.expect(200);
  script.expectResponse(487);
  script.wire.expect("BYE");
  script.journalWritten();
  script.wire.expectNothing();
  assert.equal(script.call.legs?.leg("ingress").awaitsAck, false);
  script.expectReleased();
});

test("BYE while the answer of a late-offer re-INVITE is awaited: the offerer gets its ACK", () => {
  const script = callScript().answered();
  script.fromCaller("INVITE", 2);
  script.wire.expect(100);
  script.callee(script.wire.expect("INVITE"), 200, { body: sdp("192.0.2.7") });
  script.expectResponse(200);
  script.fromCaller("BYE", 3);
  script.wire.expect(200);
  script.wire.expect("ACK");
  script.wire.expect("BYE");
  script.expectReleased();
});

test("a re-INVITE of the callee before the caller's ACK gets 491, after it is carried", () => {
  const script = callScript().start();
  script.callee(script.expectInvite(), 200, { body: sdp("192.0.2.7") });
  script.wire.expect("ACK");
  script.expectResponse(200);
  script.fromCallee("INVITE", 1, { body: sdp("192.0.2.7", [audio]) });
  script.expectResponse(491);
  script.fromCaller("ACK", 1);
  script.fromCallee("INVITE", 2, { body: sdp("192.0.2.7", [audio]) });
  script.wire.expect(100);
  script.wire.expectSent("INVITE");
  script.call.hangUp("exchange", reasons.internalError);
  script.expectReleased();
});

test("T.38: a re-INVITE to fax and its refusal with 488 leave the call up", () => {
  const script = callScript().answered();
  script.fromCallee("INVITE", 1, { body: sdp("192.0.2.7", ["m=image 6100 udptl t38"]) });
  script.wire.expect(100);
  const first = script.wire.expect("INVITE");
  assert.equal(withoutSessionId(parsedRequest(first).body), ourSdp(2, ["m=image 10000 udptl t38"]));
  script.callee(first, 488);
  script.wire.expect("ACK");
  script.wire.expect(488);
  script.fromCallee("ACK", 1, { branch: "z9hG4bK-callee-INVITE-1" });
  script.fromCallee("INVITE", 2, { body: sdp("192.0.2.7", ["m=image 6100 udptl t38"]) });
  script.wire.expect(100);
  script.callee(script.wire.expect("INVITE"), 200, { body: sdp("192.0.2.1", ["m=image 4100 udptl t38"]) });
  script.wire.expect("ACK");
  script.wire.expect(200);
  script.fromCallee("ACK", 2);
  assert.deepEqual(
    script.relay.endpoints.map((endpoint) => endpoint.kind),
    ["udptl", "udptl"],
  );
  script.hangUp();
});
