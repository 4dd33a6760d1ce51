import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, request, responseTo } from "@tandem/sip/testing";
import {
  audio,
  calleeAnswer,
  callerOffer,
  callScript,
  ourSdp,
  sdp,
  withoutSessionId,
} from "./testing/call-script.ts";

const contentType = "multipart/mixed;boundary=b";
const headerFields = [["Content-Type", contentType]] as const;
const place = "--b\r\nContent-Type: application/pidf+xml\r\nContent-ID: <a@b>\r\n\r\n<presence/>\r\n";

function multipart(description: string): string {
  return `${place}--b\r\nContent-Type: application/sdp\r\n\r\n${description}\r\n--b--\r\n`;
}

test("a multipart body passes whole, with our description in place of the caller's (RFC 5621 §3.1)", () => {
  const script = callScript();
  script.wire.inject(request("INVITE", { body: multipart(callerOffer), headerFields }));
  const first = script.expectInvite(0);
  const sent = parsedRequest(first);
  assert.equal(sent.value("Content-Type"), contentType);
  assert.equal(withoutSessionId(sent.body), multipart(ourSdp(1, ["m=audio 10002 RTP/AVP 0 101"])));
  assert.equal(script.relay.endpoints[0]?.remote?.port, 4000);
  script.callee(first, 503);
  script.wire.expect("ACK");
  const second = parsedRequest(script.expectInvite(1));
  assert.equal(second.value("Content-Type"), contentType);
  assert.equal(withoutSessionId(second.body), multipart(ourSdp(1, ["m=audio 10004 RTP/AVP 0 101"])));
});

test("of a multipart answer the caller gets the description", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.wire.inject(responseTo(invite, 183, { body: multipart(calleeAnswer), headerFields }));
  const early = script.expectResponse(183);
  assert.equal(early.value("Content-Type"), "application/sdp");
  assert.equal(withoutSessionId(early.body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  const contact = "<sip:bob@192.0.2.7:5060>";
  script.wire.inject(responseTo(invite, 200, { body: multipart(calleeAnswer), headerFields, contact }));
  script.wire.expect("ACK");
  assert.equal(script.expectResponse(200).body, early.body);
  script.fromCaller("ACK", 1);
  script.hangUp();
});

test("a multipart re-INVITE is carried whole too", () => {
  const script = callScript().answered();
  script.fromCaller("INVITE", 2, { body: multipart(sdp("192.0.2.1", [audio])), headerFields });
  script.wire.expect(100);
  const carried = parsedRequest(script.wire.expect("INVITE"));
  assert.equal(carried.value("Content-Type"), contentType);
  assert.equal(withoutSessionId(carried.body), multipart(ourSdp(2, ["m=audio 10002 RTP/AVP 0"])));
});

test("of a multipart answer to a re-INVITE or an UPDATE its sender gets the description, and the call goes on", () => {
  for (const method of ["INVITE", "UPDATE"]) {
    const script = callScript().answered();
    script.fromCaller(method, 2, { body: sdp("192.0.2.1", [audio, "a=sendonly"]) });
    if (method === "INVITE") script.wire.expect(100);
    const carried = script.wire.expect(method);
    script.wire.inject(
      responseTo(carried, 200, {
        body: multipart(sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0", "a=recvonly"])),
        headerFields,
      }),
    );
    if (method === "INVITE") script.wire.expect("ACK");
    const answer = script.expectResponse(200);
    assert.equal(answer.value("Content-Type"), "application/sdp");
    assert.equal(withoutSessionId(answer.body), ourSdp(2, ["m=audio 10000 RTP/AVP 0", "a=recvonly"]));
    assert.equal(script.call.state, "answered");
    script.hangUp();
  }
});

test("the descriptions of a multipart 200 and of a multipart ACK are the offer and the answer of a late-offer call", () => {
  const script = callScript();
  script.wire.inject(request("INVITE"));
  const invite = script.expectInvite();
  const contact = "<sip:bob@192.0.2.7:5060>";
  script.wire.inject(responseTo(invite, 200, { body: multipart(calleeAnswer), headerFields, contact }));
  assert.equal(withoutSessionId(script.expectResponse(200).body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  script.fromCaller("ACK", 1, { body: multipart(sdp("192.0.2.1", [audio])), headerFields });
  const acknowledged = parsedRequest(script.wire.expect("ACK"));
  assert.equal(acknowledged.value("Content-Type"), "application/sdp");
  assert.equal(withoutSessionId(acknowledged.body), ourSdp(1, ["m=audio 10002 RTP/AVP 0"]));
  assert.equal(script.call.state, "answered");
});

test("so are those of a late-offer re-INVITE", () => {
  const script = callScript().answered();
  script.fromCaller("INVITE", 2);
  script.wire.expect(100);
  const carried = script.wire.expect("INVITE");
  script.wire.inject(
    responseTo(carried, 200, { body: multipart(sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0"])), headerFields }),
  );
  assert.equal(withoutSessionId(script.expectResponse(200).body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  script.fromCaller("ACK", 2, { body: multipart(sdp("192.0.2.1", [audio])), headerFields });
  assert.match(parsedRequest(script.wire.expect("ACK")).body, /^m=audio 10002 RTP/m);
  assert.equal(script.call.state, "answered");
  script.hangUp();
});

test("a multipart body without a description is refused with 415", () => {
  const script = callScript();
  script.wire.inject(request("INVITE", { body: `${place}--b--\r\n`, headerFields }));
  assert.equal(script.expectResponse(415).value("Accept"), "application/sdp");
  script.expectReleased();
});
