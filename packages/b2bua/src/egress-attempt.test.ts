import assert from "node:assert/strict";
import { test } from "node:test";
import { type Reason, reasons } from "@tandem/reasons";
import { HeaderFields } from "@tandem/sip/message";
import { expectNothingLeft, parsedRequest, responseTo, settled } from "@tandem/sip/testing";
import type { EgressCandidate } from "./call-plan.ts";
import {
  type AttemptScript,
  attemptScript,
  expectInviteTo,
  final,
  skipRetransmissions,
  started,
} from "./testing/attempt-script.ts";
import { candidate } from "./testing/call-script.ts";

test("no response in the first-response time: ended at it, not a millisecond before; late 1xx gets CANCEL", () => {
  const script = started();
  script.clock.advance(3999);
  assert.deepEqual(script.heard, []);
  script.clock.advance(1);
  assert.deepEqual(script.heard, ["next first-response"]);
  assert.equal(script.outcomes[0]?.text, "no response in time");
  skipRetransmissions(script, script.invite);
  script.wire.inject(responseTo(script.invite, 180));
  script.wire.expect("CANCEL");
  script.wire.inject(responseTo(script.invite, 487));
  script.wire.expect("ACK");
  assert.equal(script.heard.length, 1);
  assert.deepEqual(
    script.signals.map((one) => [one.candidate.sid, one.statusCode, one.failure]),
    [["SC0", undefined, "timeout"]],
  );
  expectNothingLeft(script);
});

test("100, then nothing for the progress time: ended with CANCEL; a second 100 buys no time", () => {
  const script = started();
  script.clock.advance(100);
  script.wire.inject(responseTo(script.invite, 100));
  script.clock.advance(10_000);
  script.wire.inject(responseTo(script.invite, 100));
  script.clock.advance(9999);
  assert.deepEqual(script.heard, []);
  script.clock.advance(1);
  assert.deepEqual(script.heard, ["next progress"]);
  assert.equal(script.outcomes[0]?.text, "no progress in time");
  assert.deepEqual([script.signals[0]?.statusCode, script.signals[0]?.failure], [undefined, undefined]);
  script.wire.expect("CANCEL");
  script.wire.inject(responseTo(script.invite, 487));
  expectNothingLeft(script);
});

test("18x, then nothing for the ring time: ended with CANCEL; another 18x buys no time", () => {
  for (const hasAlerted of [true, false]) {
    const script = started();
    script.wire.inject(responseTo(script.invite, 180));
    script.user.hasAlerted = hasAlerted;
    script.clock.advance(100_000);
    script.wire.inject(responseTo(script.invite, 183));
    script.wire.inject(responseTo(script.invite, 100));
    script.clock.advance(79_999);
    assert.deepEqual(script.heard, ["180", "183"]);
    script.clock.advance(1);
    assert.equal(script.heard[2], hasAlerted ? "stop ring" : "next ring");
    assert.equal(script.outcomes[0]?.text, "not answered in time");
    assert.equal(script.signals[0]?.failure, undefined);
    script.wire.expect("CANCEL");
    script.wire.inject(responseTo(script.invite, 487));
    expectNothingLeft(script);
  }
});

test("answered: timers stop, the usage has the candidate's credentials, health hears 200", () => {
  const credentials = { username: "u", password: "p" };
  const script = started({ candidate: { credentials } });
  script.wire.inject(responseTo(script.invite, 200));
  assert.deepEqual(script.heard, ["answer"]);
  assert.equal(script.usages[0]?.credentials, credentials);
  assert.deepEqual([script.signals[0]?.statusCode, script.signals[0]?.failure], [200, undefined]);
  // Timer M of the INVITE is all that runs.
  assert.equal(script.clock.pendingTimers, 1);
  script.clock.advance(300_000);
  assert.deepEqual(script.heard, ["answer"]);
  script.usages[0]?.close();
  expectNothingLeft(script);
});

test("several addresses share the first-response time", async () => {
  const addresses = { "gw.example.com": ["192.0.2.71", "192.0.2.72"] };
  const script = attemptScript({ candidate: { nextHop: "sip:gw.example.com:5060" }, addresses });
  script.attempt.start();
  await settled();
  const first = expectInviteTo(script, "192.0.2.71");
  assert.equal(script.attempt.remote, "UDP 192.0.2.71:5060");
  script.clock.advance(1999);
  skipRetransmissions(script, first);
  script.clock.advance(1);
  const second = expectInviteTo(script, "192.0.2.72");
  assert.equal(script.attempt.remote, "UDP 192.0.2.72:5060");
  const [one, two] = [parsedRequest(first), parsedRequest(second)];
  assert.notEqual(one.callId, two.callId);
  assert.equal(two.cseqNumber, 1);
  script.clock.advance(1999);
  assert.deepEqual(script.heard, []);
  script.clock.advance(1);
  assert.deepEqual(script.heard, ["next first-response"]);
  expectNothingLeft(script);
});

test("each address gets at least a second, the last one too", async () => {
  const five = Array.from({ length: 5 }, (_, index) => `192.0.2.${71 + index}`);
  const script = attemptScript({
    candidate: { nextHop: "sip:gw.example.com:5060", firstResponseMs: 2000 },
    addresses: { "gw.example.com": five },
  });
  script.attempt.start();
  await settled();
  for (const address of five) {
    expectInviteTo(script, address);
    script.clock.advance(999);
    assert.equal(script.attempt.remote, `UDP ${address}:5060`);
    assert.deepEqual(script.heard, []);
    script.clock.advance(1);
  }
  assert.deepEqual(script.heard, ["next first-response"]);
  expectNothingLeft(script);
});

test("503 and transport errors go to the next address; other failures end the attempt", async () => {
  for (const [fail, isNext] of [
    [(script: AttemptScript, invite: string) => final(script, invite, 503), true],
    [(script: AttemptScript) => script.wire.fail(), true],
    [(script: AttemptScript, invite: string) => final(script, invite, 500), false],
  ] as const) {
    const addresses = { "gw.example.com": ["192.0.2.71", "192.0.2.72"] };
    const script = attemptScript({ candidate: { nextHop: "sip:gw.example.com:5060" }, addresses });
    script.attempt.start();
    await settled();
    fail(script, expectInviteTo(script, "192.0.2.71"));
    if (isNext) {
      final(script, expectInviteTo(script, "192.0.2.72"), 503);
      assert.deepEqual(script.heard, ["next 503"]);
    } else {
      assert.deepEqual(script.heard, ["next 500"]);
    }
    script.wire.expectNothing();
    expectNothingLeft(script);
  }
});

test("an address that said 100 and then 503 leaves the next one its second", async () => {
  const addresses = { "gw.example.com": ["192.0.2.71", "192.0.2.72"] };
  const script = attemptScript({ candidate: { nextHop: "sip:gw.example.com:5060" }, addresses });
  script.attempt.start();
  await settled();
  const first = expectInviteTo(script, "192.0.2.71");
  script.wire.inject(responseTo(first, 100));
  script.clock.advance(10_000);
  final(script, first, 503);
  expectInviteTo(script, "192.0.2.72");
  script.clock.advance(999);
  assert.deepEqual(script.heard, []);
  script.clock.advance(1);
  assert.deepEqual(script.heard, ["next first-response"]);
  expectNothingLeft(script);
});

test("a late answer of an address that was given up gets ACK and BYE", async () => {
  const addresses = { "gw.example.com": ["192.0.2.71", "192.0.2.72"] };
  const script = attemptScript({ candidate: { nextHop: "sip:gw.example.com:5060" }, addresses });
  script.attempt.start();
  await settled();
  const first = expectInviteTo(script, "192.0.2.71");
  script.clock.advance(2000);
  const second = expectInviteTo(script, "192.0.2.72");
  script.wire.inject(responseTo(first, 200));
  script.wire.expect("ACK");
  script.wire.expect("BYE");
  script.wire.inject(responseTo(second, 200));
  assert.deepEqual(script.heard, ["answer"]);
  script.usages[0]?.close();
  expectNothingLeft(script);
});

test("a host that can't be located is a transport error; the answer of a slow DNS comes too late", async () => {
  const unknown = attemptScript({ candidate: { nextHop: "sip:nowhere.example.com" } });
  unknown.attempt.start();
  await settled();
  assert.deepEqual(unknown.heard, ["next transport-error"]);
  assert.equal(unknown.attempt.remote, undefined);
  assert.equal(unknown.attempt.sipCallId, "");
  expectNothingLeft(unknown);
  const malformed = attemptScript({ candidate: { nextHop: "tel:+1" } });
  malformed.attempt.start();
  assert.deepEqual(malformed.heard, ["next transport-error"]);
  const late = attemptScript({
    candidate: { nextHop: "sip:gw.example.com:5060" },
    addresses: { "gw.example.com": ["192.0.2.71"] },
  });
  late.attempt.start();
  late.clock.advance(4000);
  assert.deepEqual(late.heard, ["next first-response"]);
  await settled();
  late.wire.expectNothing();
  expectNothingLeft(late);
});

const proxyChallenge = {
  headerFields: [["Proxy-Authenticate", 'Digest realm="c", nonce="n1", qop="auth"']],
} as const;

test("491: the same target again after 2.1 to 4 s in steps of 10 ms, once", () => {
  for (const [random, delayMs] of [
    [0, 2100],
    [0.5, 3050],
    [0.9999, 4000],
  ] as const) {
    const script = started({ random: () => random });
    final(script, script.invite, 491);
    script.clock.advance(delayMs - 1);
    script.wire.expectNothing();
    script.clock.advance(1);
    const again = script.wire.expect("INVITE");
    assert.equal(parsedRequest(again).cseqNumber, 2);
    script.clock.advance(3999);
    assert.deepEqual(script.heard, []);
    skipRetransmissions(script, again);
    final(script, again, 491);
    assert.deepEqual(script.heard, ["next 491"]);
    expectNothingLeft(script);
  }
});

test("abandon while the glare delay runs: nothing is sent any more", () => {
  const script = started();
  final(script, script.invite, 491);
  script.attempt.abandon();
  script.clock.advance(10_000);
  script.wire.expectNothing();
  assert.deepEqual(script.heard, []);
  expectNothingLeft(script);
  assert.deepEqual(script.heard, []);
});

/** A candidate whose 302 leads to 192.0.2.8, which itself leads on to 192.0.2.9. */
function redirecting(asked: string[]): Partial<EgressCandidate> {
  const second = candidate(1, { redirect: () => candidate(2) });
  return {
    credentials: { username: "u", password: "p" },
    redirect: (contact) => {
      asked.push(contact);
      return second;
    },
  };
}

const moved = {
  contact: "<sip:new@192.0.2.8>;q=0.1, <sip:other@192.0.2.99>;q=1",
} as const;

test("302: the first Contact is followed as a new request, with the whole time and no old credentials", () => {
  const asked: string[] = [];
  const script = started({ candidate: redirecting(asked) });
  assert.equal(script.attempt.url, "sip:192.0.2.7;edge=test");
  final(script, script.invite, 407, proxyChallenge);
  const authorized = script.wire.expect("INVITE");
  script.clock.advance(3900);
  skipRetransmissions(script, authorized);
  final(script, authorized, 302, moved);
  assert.deepEqual(asked, ["sip:new@192.0.2.8"]);
  const { text, target } = script.wire.expectSent("INVITE");
  assert.equal(target?.address, "192.0.2.8");
  const followed = parsedRequest(text);
  assert.notEqual(followed.callId, parsedRequest(script.invite).callId);
  assert.equal(followed.cseqNumber, 1);
  assert.equal(followed.has("Proxy-Authorization"), false);
  assert.equal(script.attempt.url, "sip:192.0.2.8");
  assert.equal(script.attempt.remote, "UDP 192.0.2.8:5060");
  assert.deepEqual(
    script.signals.map((one) => [one.candidate.sid, one.statusCode]),
    [["SC0", 302]],
  );
  script.clock.advance(3999);
  assert.deepEqual(script.heard, []);
  script.clock.advance(1);
  assert.deepEqual(script.heard, ["next first-response"]);
  assert.equal(script.signals.length, 1);
  expectNothingLeft(script);
});

test("while the host of a 302 is located, the addresses of the first candidate are out of use", async () => {
  const addresses = { "gw.example.com": ["192.0.2.71", "192.0.2.72"], "new.example.com": ["192.0.2.80"] };
  const next = candidate(1, { nextHop: "sip:new.example.com:5060" });
  const script = attemptScript({
    candidate: { nextHop: "sip:gw.example.com:5060", redirect: () => next },
    addresses,
  });
  script.attempt.start();
  await settled();
  final(script, expectInviteTo(script, "192.0.2.71"), 302, moved);
  assert.equal(script.attempt.remote, undefined);
  script.clock.advance(3999);
  script.wire.expectNothing();
  await settled();
  expectInviteTo(script, "192.0.2.80");
  script.clock.advance(1);
  assert.deepEqual(script.heard, ["next first-response"]);
  expectNothingLeft(script);
});

test("a second 302 is not followed", () => {
  const script = started({ candidate: redirecting([]) });
  final(script, script.invite, 302, moved);
  final(script, script.wire.expect("INVITE"), 302, moved);
  script.wire.expectNothing();
  assert.deepEqual(script.heard, ["next 302"]);
  assert.equal(script.outcomes[0]?.reason, reasons.redirectFailed);
  expectNothingLeft(script);
});

test("a 302 that may not be followed, or names nothing, ends the attempt with a reason", () => {
  const refusing = { redirect: (): Reason => reasons.edgeUnreachable };
  for (const [parts, contact, reason] of [
    [refusing, "<sip:a@192.0.2.8>", reasons.edgeUnreachable],
    [redirecting([]), "", reasons.redirectFailed],
    [redirecting([]), "*", reasons.redirectFailed],
  ] as const) {
    const script = started({ candidate: parts });
    final(script, script.invite, 302, { contact });
    script.wire.expectNothing();
    assert.deepEqual(script.heard, ["next 302"]);
    assert.equal(script.outcomes[0]?.reason, reason);
    expectNothingLeft(script);
  }
});

test("a 302 is not followed for termination, nor are other redirections", () => {
  for (const [direction, statusCode] of [
    ["termination", 302],
    ["origination", 300],
    ["origination", 301],
  ] as const) {
    const script = started({ candidate: redirecting([]), direction });
    final(script, script.invite, statusCode, moved);
    assert.deepEqual(script.heard, [`next ${statusCode}`]);
    assert.equal(script.outcomes[0]?.reason, undefined);
    expectNothingLeft(script);
  }
});

test("abandon: CANCEL with the header fields after a 1xx, silence towards the user, idempotent", () => {
  const script = started();
  script.wire.inject(responseTo(script.invite, 180));
  script.attempt.abandon(new HeaderFields().append("Reason", "SIP;cause=487"));
  assert.equal(parsedRequest(script.wire.expect("CANCEL")).value("Reason"), "SIP;cause=487");
  script.attempt.abandon();
  script.wire.inject(responseTo(script.invite, 487));
  script.wire.expect("ACK");
  script.wire.expectNothing();
  assert.deepEqual(script.heard, ["180"]);
  assert.deepEqual(script.signals, []);
  expectNothingLeft(script);
  assert.deepEqual(script.heard, ["180"]);
});

test("the verdict follows direction, alerting and overrides; health hears status and Retry-After", () => {
  for (const [options, statusCode, hasAlerted, heard] of [
    [{}, 404, false, "stop 404"],
    [{ direction: "termination" }, 404, false, "next 404"],
    [{ candidate: { failoverOverrides: { "404": "next" } } }, 404, false, "next 404"],
    [{}, 403, true, "stop 403"],
  ] as const) {
    const script = started(options);
    script.user.hasAlerted = hasAlerted;
    final(script, script.invite, statusCode);
    assert.deepEqual(script.heard, [heard]);
    assert.equal(script.outcomes[0]?.text, `${statusCode} ${statusCode === 404 ? "Not Found" : "Forbidden"}`);
    expectNothingLeft(script);
  }
  const stop = started({ direction: "termination" });
  final(stop, stop.invite, 404, { headerFields: [["Reason", "Q.850;cause=1"]] });
  assert.deepEqual(stop.heard, ["stop 404"]);
  for (const [value, seconds] of [
    ["120 (maintenance);duration=60", 120],
    ["soon", undefined],
  ] as const) {
    const busy = started();
    final(busy, busy.invite, 503, { headerFields: [["Retry-After", value]] });
    const [signal] = busy.signals;
    assert.deepEqual(
      [signal?.statusCode, signal?.failure, signal?.retryAfterSeconds],
      [503, undefined, seconds],
    );
    expectNothingLeft(busy);
  }
});

test("abandon before any response: no timer of the attempt is left", () => {
  const script = started();
  const before = script.clock.pendingTimers;
  script.attempt.abandon();
  assert.equal(script.clock.pendingTimers, before - 1);
  expectNothingLeft(script);
  assert.deepEqual([script.heard, script.signals], [[], []]);
});

test("a transport error ends the attempt and is told to health", () => {
  const script = started();
  script.wire.fail("ECONNREFUSED");
  assert.deepEqual(script.heard, ["next transport-error"]);
  assert.equal(script.outcomes[0]?.text, "ECONNREFUSED");
  assert.equal(script.signals[0]?.failure, "transport-error");
  expectNothingLeft(script);
});

test("an IPv6 address of the target is shown in brackets", () => {
  const script = started({ candidate: { nextHop: "sip:[2001:db8::7]:5070" } });
  assert.equal(script.attempt.remote, "UDP [2001:db8::7]:5070");
  script.attempt.abandon();
  expectNothingLeft(script);
});

test("a provisional response that nobody knows is progress like a 183 (RFC 3261 §8.1.3.2)", () => {
  const script = started();
  script.wire.inject(responseTo(script.invite, 189));
  assert.deepEqual(script.heard, ["189"]);
  // The ring time runs, as behind a 183: not the first-response time, nor that for progress.
  script.clock.advance(100_000);
  assert.deepEqual(script.heard, ["189"]);
  script.attempt.abandon();
  script.wire.expect("CANCEL");
  script.wire.inject(responseTo(script.invite, 487));
  expectNothingLeft(script);
});
