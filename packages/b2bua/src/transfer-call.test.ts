import assert from "node:assert/strict";
import { test } from "node:test";
import type { EndpointDouble } from "@tandem/media/testing";
import { reasons } from "@tandem/reasons";
import { expectNothingLeft, parsedRequest, type RequestParts } from "@tandem/sip/testing";
import type { CallPlan } from "./call-plan.ts";
import { ReferSubscription } from "./refer-subscription.ts";
import {
  audio,
  type CallScript,
  type CallScriptOptions,
  calleeAnswer,
  callScript,
  candidate,
  ourSdp,
  sdp,
  withoutSessionId,
} from "./testing/call-script.ts";
import { TransferCall } from "./transfer-call.ts";
import { maximumTransfereeOffers } from "./transferee-offer.ts";

const targetAnswer = sdp("192.0.2.9", ["m=audio 7000 RTP/AVP 0"]);

interface Transferring {
  readonly script: CallScript;
  readonly heard: string[];
  readonly transfer: TransferCall;
  /** The INVITE to the target. */
  readonly invite: string;
}

/** An answered call that takes REFER: the target is at 192.0.2.9. */
function referable(
  options: CallScriptOptions = {},
  plan: Partial<CallPlan> = {},
): CallScript & { transfers: TransferCall[]; told: string[] } {
  const transfers: TransferCall[] = [];
  const told: string[] = [];
  const script = callScript({
    ...options,
    onRefer: ({ ports, agent }, parent, refer, transaction, transferor) => {
      transaction.respond(agent.response(refer, transaction.flow, 202));
      const transfer = new TransferCall({
        ports,
        plan: {
          exchangeCallId: "CA2",
          direction: "origination",
          candidates: [candidate(2)],
          skipped: [],
          ingressMedia: {
            mediaInterface: "public",
            source: "address",
            signalingAddress: undefined,
            trustedNetworks: [],
          },
          maxForwards: 69,
          maximumDurationMs: 14_400_000,
          mediaInactivityMs: 300_000,
          callSidHeaderField: "X-Tandem-CallSid",
          ...plan,
        },
        parent: { legs: parent, transferor, facts: script.call.facts },
        subscription: new ReferSubscription(parent.leg(transferor), refer, true),
        user: {
          onRinging: () => told.push("ringing"),
          onJournal: (_call, done) => {
            told.push("journal");
            done();
          },
          onAttemptFailed: () => told.push("failed"),
          onCandidateSkipped: () => told.push("skipped"),
          onRefer: (_call, again, other, side) => {
            told.push(`refer ${side}`);
            other.respond(agent.response(again, other.flow, 603));
          },
          onReleased: () => told.push("released"),
        },
      });
      transfers.push(transfer);
      transfer.start();
    },
  });
  return Object.assign(script, { transfers, told });
}

const refer: RequestParts = { headerFields: [["Refer-To", "<sip:carol@192.0.2.9>"]] };

/** A REFER of the callee, or of the caller, up to the INVITE to the target. */
function transferring(
  by: "caller" | "callee" = "callee",
  parts: RequestParts = {},
  options: CallScriptOptions = {},
): Transferring {
  const script = referable(options);
  script.answered();
  script.from(by, "REFER", 5, { ...refer, ...parts });
  script.wire.expect(202);
  if (parts.headerFields === undefined) expectNotify(script, "100 Trying", "active;expires=300");
  const first = script.egressInvite;
  const invite = script.expectInvite(2);
  script.egressInvite = first;
  const transfer = script.transfers[0];
  assert.ok(transfer !== undefined);
  return { script, heard: script.told, transfer, invite };
}

/** The next message is this NOTIFY, which is answered. */
function expectNotify(script: CallScript, status: string, state: string, statusCode = 200): void {
  const text = script.wire.expect("NOTIFY");
  const notify = parsedRequest(text);
  assert.equal(notify.body, `SIP/2.0 ${status}\r\n`);
  assert.equal(notify.value("Content-Type"), "message/sipfrag;version=2.0");
  assert.equal(notify.value("Event"), "refer");
  assert.equal(notify.value("Subscription-State"), state);
  script.callee(text, statusCode, { contact: "" });
}

function withEvents(payloadType: number): readonly string[] {
  const rtpmap = `a=rtpmap:${payloadType} telephone-event/8000`;
  return [`m=audio 7000 RTP/AVP 0 ${payloadType}`, rtpmap];
}

/** The engine has counted as many telephone events more. */
function pressKeys(endpoint: EndpointDouble | undefined, count: number): void {
  assert.ok(endpoint);
  const { received } = endpoint;
  endpoint.received = { ...received, events: received.events + count };
}

const over = "terminated;reason=noresource";

/** The target answers, and the transferee takes its media. */
function joined({ script, invite }: Transferring, body: string = targetAnswer): string {
  script.callee(invite, 200, { body, toTag: "carol-tag", contact: "<sip:carol@192.0.2.9>" });
  assert.equal(parsedRequest(script.wire.expect("ACK")).requestUri, "sip:carol@192.0.2.9");
  const offer = script.wire.expect("INVITE");
  script.callee(offer, 200, { body: sdp("192.0.2.1", withEvents(110)) });
  script.wire.expect("ACK");
  return offer;
}

test("after a transfer key presses are counted by the payload types of the new pair", () => {
  const one = transferring();
  const [caller, callee, carol] = one.script.relay.endpoints;
  const offer = joined(one, sdp("192.0.2.9", withEvents(97)));
  assert.match(offer, /^a=rtpmap:97 telephone-event\/8000\r$/m);
  assert.equal(caller?.partner, carol);
  assert.deepEqual([caller?.eventTypes, callee?.eventTypes, carol?.eventTypes], [[110], [], [97]]);
});

test("blind transfer of the caller by the callee, message by message (RFC 5589 §6.1)", () => {
  const one = transferring();
  const { script, invite, transfer, heard } = one;
  // What the callee was shown of the caller, from a port of its own.
  assert.equal(withoutSessionId(parsedRequest(invite).body), ourSdp(1, ["m=audio 10004 RTP/AVP 0 101"]));
  script.callee(invite, 180, { toTag: "carol-tag" });
  expectNotify(script, "180 Ringing", "active;expires=300");
  script.callee(invite, 180, { toTag: "carol-tag" });
  script.wire.expectNothing();
  const [caller, callee, carol] = script.relay.endpoints;
  assert.equal(caller?.partner, callee);
  caller?.receive(4);
  pressKeys(caller, 2);
  const offer = joined(one);
  assert.equal(parsedRequest(offer).callId, "call-1");
  assert.equal(withoutSessionId(parsedRequest(offer).body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
  assert.equal(caller?.partner, carol);
  assert.equal(carol?.remote?.port, 7000);
  expectNotify(script, "200 OK", over);
  const bye = parsedRequest(script.wire.expect("BYE"));
  assert.equal(bye.requestUri, "sip:bob@192.0.2.7:5060");
  script.wire.expectNothing();
  // The old call is over, with what was counted in it.
  assert.equal(script.call.state, "released");
  assert.equal(script.call.facts.releasedBy, "callee");
  assert.equal(script.call.facts.fromIngress.packets, 4);
  assert.equal(script.call.facts.fromIngress.events, 2);
  assert.equal(callee?.isOpen, false);
  caller?.receive(3);
  pressKeys(caller, 5);
  // The caller hangs up what is now its call with the target.
  script.fromCaller("BYE", 2);
  script.wire.expect(200);
  assert.equal(parsedRequest(script.wire.expect("BYE")).requestUri, "sip:carol@192.0.2.9");
  assert.deepEqual(heard, ["ringing", "ringing", "journal", "released"]);
  const { facts } = transfer;
  assert.deepEqual(
    [facts.statusCode, facts.releasedBy, facts.fromIngress.packets, facts.attempts[0]?.result],
    [200, "caller", 3, "answered"],
  );
  assert.equal(facts.fromIngress.events, 5);
  assert.equal(script.relay.counts().open, 0);
  expectNothingLeft(script);
});

test("blind transfer of the callee by the caller", () => {
  const one = transferring("caller");
  const { script, transfer } = one;
  assert.equal(withoutSessionId(parsedRequest(one.invite).body), ourSdp(1, ["m=audio 10004 RTP/AVP 0"]));
  const offer = joined(one);
  assert.equal(parsedRequest(offer).requestUri, "sip:bob@192.0.2.7:5060");
  expectNotify(script, "200 OK", over);
  assert.equal(parsedRequest(script.wire.expect("BYE")).callId, "call-1");
  script.fromCallee("BYE", 1);
  script.wire.expect(200);
  script.wire.expect("BYE");
  assert.equal(transfer.facts.releasedBy, "caller");
  expectNothingLeft(script);
});

test("a held session is offered to the target without the hold", () => {
  const script = referable();
  script.answered();
  script.fromCallee("INVITE", 2, { body: sdp("192.0.2.7", [audio, "a=sendonly"]) });
  script.wire.expect(100);
  script.callee(script.wire.expect("INVITE"), 200, { body: sdp("192.0.2.1", [audio, "a=recvonly"]) });
  script.wire.expect("ACK");
  assert.match(script.expectResponse(200).body, /a=recvonly/);
  script.fromCallee("ACK", 2);
  script.fromCallee("REFER", 5, refer);
  script.wire.expect(202);
  expectNotify(script, "100 Trying", "active;expires=300");
  assert.doesNotMatch(parsedRequest(script.expectInvite(2)).body, /a=(recvonly|sendonly|inactive)/);
});

test("nobody answers: the transferor hears why, and the call goes on as it was", () => {
  const { script, invite, heard, transfer } = transferring();
  script.callee(invite, 486, { toTag: "carol-tag" });
  script.wire.expect("ACK");
  expectNotify(script, "486 Busy Here", over);
  script.wire.expectNothing();
  assert.deepEqual(heard, ["failed", "released"]);
  assert.deepEqual([transfer.facts.statusCode, transfer.facts.attempts[0]?.statusCode], [486, 486]);
  assert.equal(script.relay.endpoints[0]?.partner, script.relay.endpoints[1]);
  assert.equal(script.relay.endpoints[2]?.isOpen, false);
  assert.equal(script.call.legs?.isInTransfer, false);
  // And may be changed again.
  script.fromCaller("INVITE", 2, { body: sdp("192.0.2.1", [audio]) });
  script.wire.expect(100);
  script.callee(script.wire.expect("INVITE"), 488);
  script.wire.expect("ACK");
  script.expectResponse(488);
  script.fromCaller("ACK", 2, { branch: "z9hG4bK-caller-INVITE-2" });
  script.hangUp();
});

test("a transferor that hangs up at once: the transfer goes on, and it hears how it ends (RFC 5057 §4.2)", () => {
  for (const isAnswered of [true, false]) {
    const one = transferring();
    const { script, invite } = one;
    script.fromCallee("BYE", 6);
    script.wire.expect(200);
    script.wire.expectNothing();
    assert.equal(script.call.state, "answered");
    if (isAnswered) joined(one);
    else {
      script.callee(invite, 404, { toTag: "carol-tag" });
      script.wire.expect("ACK");
    }
    expectNotify(script, isAnswered ? "200 OK" : "404 Not Found", over, 481);
    if (isAnswered) script.fromCaller("BYE", 2);
    if (isAnswered) script.wire.expect(200);
    // Of the target, or of the caller whom nobody is left for.
    script.wire.expect("BYE");
    assert.equal(script.call.facts.releasedBy, "callee");
    script.expectReleased();
  }
});

test("the transferee hangs up meanwhile: CANCEL to the target, BYE and 487 to the transferor", () => {
  const { script, invite, transfer } = transferring();
  script.callee(invite, 180, { toTag: "carol-tag" });
  expectNotify(script, "180 Ringing", "active;expires=300");
  script.fromCaller("BYE", 2);
  script.wire.expect(200);
  script.wire.expect("BYE");
  script.wire.expect("CANCEL");
  expectNotify(script, "487 Request Terminated", over);
  assert.equal(transfer.facts.statusCode, 487);
  script.callee(invite, 487, { toTag: "carol-tag" });
  script.wire.expect("ACK");
  script.expectReleased();
});

test("the transferee refuses the target's media: BYE to the target, 488 to the transferor", () => {
  const { script, invite, transfer } = transferring();
  script.callee(invite, 200, { body: targetAnswer, toTag: "carol-tag", contact: "<sip:carol@192.0.2.9>" });
  script.wire.expect("ACK");
  script.callee(script.wire.expect("INVITE"), 488);
  script.wire.expect("ACK");
  assert.equal(parsedRequest(script.wire.expect("BYE")).requestUri, "sip:carol@192.0.2.9");
  expectNotify(script, "488 Not Acceptable Here", over);
  assert.equal(transfer.facts.attempts[0]?.result, "failed");
  assert.equal(script.relay.endpoints[0]?.partner, script.relay.endpoints[1]);
  script.hangUp();
});

test("a transferee that has lost the call, or is silent, ends it", () => {
  for (const statusCode of [481, 408]) {
    const { script, invite } = transferring();
    script.callee(invite, 200, { body: targetAnswer, toTag: "carol-tag", contact: "<sip:carol@192.0.2.9>" });
    script.wire.expect("ACK");
    script.callee(script.wire.expect("INVITE"), statusCode);
    script.wire.expect("ACK");
    script.wire.expect("BYE");
    expectNotify(script, "481 Call/Transaction Does Not Exist", over);
    script.wire.expect("BYE");
    script.wire.expect("BYE");
    script.expectReleased();
  }
});

test("the target hangs up before the transferee is there", () => {
  const { script, invite, transfer } = transferring();
  script.callee(invite, 200, { body: targetAnswer, toTag: "carol-tag", contact: "<sip:carol@192.0.2.9>" });
  script.wire.expect("ACK");
  const offer = script.wire.expect("INVITE");
  script.egressInvite = parsedRequest(invite);
  script.fromCallee("BYE", 1, { fromTag: "carol-tag" });
  script.wire.expect(200);
  expectNotify(script, "480 Temporarily Unavailable", over);
  assert.equal(transfer.facts.releasedBy, "callee");
  script.callee(offer, 200, { body: sdp("192.0.2.1", [audio]) });
  script.wire.expect("ACK");
  script.wire.expectNothing();
});

test("glare with the transferee: once more after the time of RFC 3261 §14.1, and not for ever", () => {
  const { script, invite } = transferring();
  script.callee(invite, 200, { body: targetAnswer, toTag: "carol-tag", contact: "<sip:carol@192.0.2.9>" });
  script.wire.expect("ACK");
  for (let count = 1; count <= maximumTransfereeOffers; count += 1) {
    script.callee(script.wire.expect("INVITE"), 491);
    script.wire.expect("ACK");
    script.clock.advance(999);
    script.wire.expectNothing();
    script.clock.advance(1);
  }
  script.wire.expect("BYE");
  expectNotify(script, "491 Request Pending", over);
});

test("nothing is changed while the transferee takes the target's media; what is under way is waited for", () => {
  const { script, invite } = transferring();
  script.fromCaller("INVITE", 2, { body: sdp("192.0.2.1", [audio]) });
  script.wire.expect(100);
  const carried = script.wire.expect("INVITE");
  script.callee(invite, 200, { body: targetAnswer, toTag: "carol-tag", contact: "<sip:carol@192.0.2.9>" });
  assert.equal(parsedRequest(script.wire.expect("ACK")).requestUri, "sip:carol@192.0.2.9");
  script.clock.advance(499);
  script.wire.expectNothing();
  script.callee(carried, 488);
  script.wire.expect("ACK");
  script.expectResponse(488);
  script.fromCaller("ACK", 2, { branch: "z9hG4bK-caller-INVITE-2" });
  script.clock.advance(1);
  script.wire.expect("INVITE");
  script.fromCaller("INVITE", 3, { body: sdp("192.0.2.1", [audio]) });
  script.expectResponse(491);
  script.fromCallee("INVITE", 7, { body: sdp("192.0.2.7", [audio]) });
  script.wire.expect(491);
});

test("Refer-Sub: false: no NOTIFY at all (RFC 4488)", () => {
  const headerFields = [["Refer-To", "<sip:carol@192.0.2.9>"] as const, ["Refer-Sub", "FALSE"] as const];
  const one = transferring("callee", { headerFields });
  one.script.callee(one.invite, 180, { toTag: "carol-tag" });
  joined(one);
  one.script.wire.expect("BYE");
  one.script.wire.expectNothing();
});

test("a transferor that knows nothing of the subscription is told nothing more (RFC 6665 §4.2.2)", () => {
  const script = referable();
  script.answered();
  script.fromCallee("REFER", 5, refer);
  script.wire.expect(202);
  expectNotify(script, "100 Trying", "active;expires=300", 481);
  const invite = script.expectInvite(2);
  script.callee(invite, 180, { toTag: "carol-tag" });
  script.wire.expectNothing();
});

test("an offer of the target: its ACK carries the transferee's answer (RFC 3725 §4.1)", () => {
  const script = referable({ invite: { body: "" } });
  script.start();
  const first = script.expectInvite();
  script.callee(first, 200, { body: calleeAnswer });
  script.expectResponse(200);
  script.fromCaller("ACK", 1, { body: sdp("192.0.2.1", [audio]) });
  script.wire.expect("ACK");
  const legs = script.call.legs;
  assert.ok(legs !== undefined);
  // As after a restart: what the sides were shown is not known any more.
  legs.media.shownTo = () => "";
  script.fromCallee("REFER", 5, refer);
  script.wire.expect(202);
  expectNotify(script, "100 Trying", "active;expires=300");
  const invite = script.expectInvite(2);
  assert.equal(parsedRequest(invite).body, "");
  script.callee(invite, 200, { body: targetAnswer, toTag: "carol-tag", contact: "<sip:carol@192.0.2.9>" });
  const offer = script.wire.expect("INVITE");
  script.callee(offer, 200, { body: sdp("192.0.2.1", [audio]) });
  script.wire.expect("ACK");
  const ack = parsedRequest(script.wire.expect("ACK"));
  assert.equal(ack.requestUri, "sip:carol@192.0.2.9");
  assert.match(ack.body, /^m=audio 10004 /m);
  expectNotify(script, "200 OK", over);
});

test("ended from outside, before and after the target has answered", () => {
  const before = transferring();
  before.transfer.hangUp("operator", reasons.hungUpByOperator);
  before.script.callee(before.invite, 100);
  expectNotify(before.script, "480 Ended By Operator", over);
  before.script.wire.expect("CANCEL");
  before.script.hangUp();
});

test("the session timer of the transferee goes on in its new call", () => {
  const timer = [["Supported", "timer"] as const, ["Session-Expires", "200;refresher=uac"] as const];
  const one = transferring("callee", {}, { invite: { headerFields: timer } });
  const { script } = one;
  const offer = joined(one);
  assert.equal(parsedRequest(offer).value("Session-Expires"), "200;refresher=uas");
  expectNotify(script, "200 OK", over);
  script.wire.expect("BYE");
});

test("a REFER in the call that a transfer made is the program's again", () => {
  const one = transferring();
  joined(one);
  expectNotify(one.script, "200 OK", over);
  one.script.wire.expect("BYE");
  one.script.fromCaller("REFER", 2, refer);
  one.script.wire.expect(603);
  assert.equal(one.heard.at(-1), "refer ingress");
});
