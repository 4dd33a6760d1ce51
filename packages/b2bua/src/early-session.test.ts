import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest, request, responseTo } from "@tandem/sip/testing";
import {
  audio,
  type CallScript,
  calleeAnswer,
  callScript,
  ourSdp,
  sdp,
  withoutSessionId,
} from "./testing/call-script.ts";

const contact = "<sip:bob@192.0.2.7:5060>";
const plain = ["Content-Type", "application/sdp"] as const;
const mixed = ["Content-Type", "multipart/mixed;boundary=b"] as const;
const early = ["Content-Disposition", "early-session"] as const;
const optionalEarly = ["Content-Disposition", "Early-Session;handling=optional"] as const;

/** What the caller wants to do with its early media, from an address that the other side must not learn. */
const earlyDescription = sdp("192.0.2.66", ["m=audio 6666 RTP/AVP 0"]);
const session = sdp("192.0.2.1", [audio]);

function partOf(description: string, disposition: string): string {
  const row = disposition === "" ? "" : `Content-Disposition: ${disposition}\r\n`;
  return `--b\r\nContent-Type: application/sdp\r\n${row}\r\n${description}\r\n`;
}

const earlyPart = partOf(earlyDescription, "early-session");
const isup = "--b\r\nContent-Type: application/isup\r\n\r\nIAM\r\n";

function invited(body: string, headerFields: readonly (readonly [string, string])[]): CallScript {
  const script = callScript();
  script.wire.inject(request("INVITE", { body, headerFields }));
  return script;
}

for (const [what, headerFields] of [
  ["alone", [plain, early]],
  ["alone in a multipart body", [mixed]],
] as const) {
  test(`an early-session ${what} in an INVITE is no offer: 415 (RFC 3959)`, () => {
    const script = invited(headerFields.length > 1 ? earlyDescription : `${earlyPart}--b--`, headerFields);
    const refused = script.expectResponse(415);
    assert.equal(refused.value("Accept"), "application/sdp");
    assert.match(refused.value("Warning") ?? "", /unsupported-media-type/);
    script.expectReleased();
  });
}

test("one that is optional is ignored: the callee makes the offer", () => {
  const script = invited(earlyDescription, [plain, optionalEarly]);
  const invite = script.expectInvite();
  assert.equal(parsedRequest(invite).body, "");
  script.callee(invite, 200, { body: calleeAnswer });
  assert.equal(withoutSessionId(script.expectResponse(200).body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  script.fromCaller("ACK", 1, { body: session });
  script.wire.expect("ACK");
  assert.equal(script.relay.endpoints[0]?.remote?.port, 4000);
  script.hangUp();
});

for (const [order, first, second] of [
  ["before", earlyPart, partOf(session, "session;handling=required")],
  ["behind", partOf(session, ""), earlyPart],
] as const) {
  test(`the session beside it is the offer, and an early-session ${order} it stays here`, () => {
    const script = invited(`${isup}${first}${second}--b--`, [mixed]);
    const invite = parsedRequest(script.expectInvite());
    const ours = withoutSessionId(invite.body);
    const offered = order === "before" ? second : first;
    const expected = offered.replace(session, ourSdp(1, ["m=audio 10002 RTP/AVP 0"]));
    assert.equal(ours, `${isup}${expected}--b--`);
    assert.equal(script.relay.endpoints[0]?.remote?.port, 4000);
  });
}

test("an early-session in a 183 is no answer: the caller gets none, and that of the 200 counts", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.wire.inject(
    responseTo(invite, 183, { body: earlyDescription, headerFields: [plain, early], contact }),
  );
  const progress = script.expectResponse(183);
  assert.equal(progress.body, "");
  assert.equal(progress.has("Content-Disposition"), false);
  const body = `${earlyPart}${partOf(sdp("192.0.2.7", ["m=audio 6000 RTP/AVP 0"]), "session")}--b--`;
  script.wire.inject(responseTo(invite, 200, { body, headerFields: [mixed], contact }));
  script.wire.expect("ACK");
  assert.equal(withoutSessionId(script.expectResponse(200).body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  assert.equal(script.relay.endpoints[1]?.remote?.port, 6000);
  script.fromCaller("ACK", 1);
  script.hangUp();
});

test("a 200 with nothing else has no answer", () => {
  const script = callScript().start();
  const headerFields = [plain, early];
  script.wire.inject(
    responseTo(script.expectInvite(), 200, { body: earlyDescription, headerFields, contact }),
  );
  script.wire.expect("ACK");
  script.wire.expect("BYE");
  script.expectResponse(502);
  script.expectReleased();
});

test("an early-session in a re-INVITE, an UPDATE or a PRACK is no offer either", () => {
  const script = callScript().answered();
  for (const [index, method] of ["INVITE", "UPDATE"].entries()) {
    const parts = { body: earlyDescription, headerFields: [plain, early] };
    script.fromCaller(method, 2 + index, parts);
    assert.equal(script.expectResponse(415).value("Accept"), "application/sdp");
  }
  script.wire.expectNothing();
  script.hangUp();
  const reliable = callScript({ invite: { headerFields: [["Require", "100rel"]] } }).start();
  reliable.callee(reliable.expectInvite(), 183);
  const rack = `${reliable.expectResponse(183).value("RSeq")} 1 INVITE`;
  reliable.fromCaller("PRACK", 2, { body: earlyDescription, headerFields: [["RAck", rack], plain, early] });
  reliable.wire.expect(415);
});
