import assert from "node:assert/strict";
import { test } from "node:test";
import { expectNothingLeft, parsedRequest } from "@tandem/sip/testing";
import { allowedMethods } from "@tandem/sip/user-agent";
import { final, skipRetransmissions, started } from "./testing/attempt-script.ts";
import { candidate } from "./testing/call-script.ts";

const proxyChallenge = {
  headerFields: [["Proxy-Authenticate", 'Digest realm="c", nonce="n1", qop="auth"']],
} as const;

test("a challenge is answered once with the same Call-ID and From tag, and the whole time again", () => {
  const script = started({ candidate: { credentials: { username: "u", password: "p" } } });
  script.clock.advance(3000);
  skipRetransmissions(script, script.invite);
  final(script, script.invite, 407, proxyChallenge);
  const again = script.wire.expect("INVITE");
  const [one, two] = [parsedRequest(script.invite), parsedRequest(again)];
  assert.deepEqual([two.callId, two.fromTag, two.cseqNumber], [one.callId, one.fromTag, 2]);
  assert.notEqual(two.branch, one.branch);
  assert.match(
    two.value("Proxy-Authorization") ?? "",
    /^Digest username="u",realm="c",nonce="n1",uri="sip:\+15550002@192\.0\.2\.7",.*nc=00000001$/,
  );
  script.clock.advance(3999);
  assert.deepEqual(script.heard, []);
  skipRetransmissions(script, again);
  final(script, again, 407, proxyChallenge);
  assert.deepEqual(script.heard, ["next 407"]);
  expectNothingLeft(script);
});

test("401 is answered in Authorization; without credentials or a usable challenge the attempt ends", () => {
  const credentials = { username: "u", password: "p" };
  const script = started({ candidate: { credentials } });
  final(script, script.invite, 401, {
    headerFields: [["WWW-Authenticate", 'Digest realm="c", nonce="n1"']],
  });
  assert.ok(parsedRequest(script.wire.expect("INVITE")).has("Authorization"));
  script.attempt.abandon();
  expectNothingLeft(script);
  for (const [own, parts] of [
    [undefined, proxyChallenge],
    [credentials, {}],
  ] as const) {
    const other = started({ candidate: { credentials: own } });
    final(other, other.invite, 407, parts);
    other.wire.expectNothing();
    assert.deepEqual(other.heard, ["next 407"]);
    expectNothingLeft(other);
  }
});

test("the nonce is counted when the INVITE goes out a third time", () => {
  const script = started({ candidate: { credentials: { username: "u", password: "p" } } });
  final(script, script.invite, 407, proxyChallenge);
  final(script, script.wire.expect("INVITE"), 422, { headerFields: [["Min-SE", "1800"]] });
  const third = parsedRequest(script.wire.expect("INVITE"));
  assert.match(third.value("Proxy-Authorization") ?? "", /nc=00000002$/);
  assert.equal(third.cseqNumber, 3);
  script.attempt.abandon();
  expectNothingLeft(script);
});

test("422: the same target again with its Min-SE, once; without one the attempt ends", () => {
  const script = started();
  final(script, script.invite, 422, { headerFields: [["Min-SE", "1800"]] });
  const again = script.wire.expect("INVITE");
  assert.equal(parsedRequest(again).value("Min-SE"), "1800");
  assert.equal(parsedRequest(again).callId, parsedRequest(script.invite).callId);
  final(script, again, 422, { headerFields: [["Min-SE", "3600"]] });
  assert.deepEqual(script.heard, ["next 422"]);
  expectNothingLeft(script);
  for (const headerFields of [[], [["Min-SE", "soon"]]] as const) {
    const bare = started();
    final(bare, bare.invite, 422, { headerFields });
    assert.deepEqual(bare.heard, ["next 422"]);
    expectNothingLeft(bare);
  }
});

test("without a body there is no Content-Type", () => {
  const script = started({ body: "" });
  assert.equal(parsedRequest(script.invite).has("Content-Type"), false);
  script.attempt.abandon();
  expectNothingLeft(script);
});

test("what one user agent asked for is not told to the one that its 302 leads to", () => {
  const script = started({ candidate: { redirect: () => candidate(1) } });
  final(script, script.invite, 422, { headerFields: [["Min-SE", "1800"]] });
  final(script, script.wire.expect("INVITE"), 302, { contact: "<sip:new@192.0.2.8>" });
  const followed = parsedRequest(script.wire.expect("INVITE"));
  assert.equal(followed.has("Min-SE"), false);
  assert.equal(followed.cseqNumber, 1);
  script.attempt.abandon();
  expectNothingLeft(script);
});

test("a new INVITE: a From tag, no To tag, a Contact, and what we take (RFC 3261 §8.1.1, §13.2.1)", () => {
  const scripts = [started(), started()] as const;
  const [one, two] = [parsedRequest(scripts[0].invite), parsedRequest(scripts[1].invite)];
  assert.match(one.fromTag, /^[0-9a-f]{16}$/);
  assert.equal(one.toTag, "");
  assert.equal(one.value("Contact"), "<sip:198.51.100.1:5060>");
  assert.equal(one.value("Supported"), "100rel, timer, norefersub");
  assert.equal(one.value("Allow"), allowedMethods);
  assert.equal(one.value("Max-Forwards"), "69");
  assert.notEqual(two.callId, one.callId);
  assert.notEqual(two.fromTag, one.fromTag);
  for (const script of scripts) {
    script.attempt.abandon();
    expectNothingLeft(script);
  }
});
