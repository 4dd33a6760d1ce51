import assert from "node:assert/strict";
import { test } from "node:test";
import { answerChallenge, parseChallenge } from "../digest/index.ts";
import {
  type AgentScript,
  agentScript,
  expectNothingLeft,
  outgoing,
  parsedRequest,
  response,
  responseTo,
  target,
} from "../testing/index.ts";
import { allowedMethods } from "./allowed-methods.ts";
import type { InDialogRequest } from "./in-dialog-request.ts";
import { InviteUac } from "./invite-uac.ts";
import type { InviteUsage } from "./invite-usage.ts";

const challenge = [["WWW-Authenticate", 'Digest realm="pbx", nonce="n1", qop="auth"']] as const;

interface RequestScript extends AgentScript {
  readonly usage: InviteUsage;
  readonly heard: string[];
  send(method: string, body?: string): InDialogRequest;
}

/** An answered call of ours. */
function requestScript(): RequestScript {
  const script = agentScript();
  const usages: InviteUsage[] = [];
  const heard: string[] = [];
  const uac = new InviteUac(
    script.agent,
    outgoing("INVITE"),
    target(),
    {
      onProvisional: () => {},
      onAnswer: (_response, one) => usages.push(one),
      onRejected: () => {},
      onFailed: () => {},
    },
    { onRequest: () => {}, onAck: () => {}, onNoAck: () => {} },
  );
  uac.send();
  script.wire.expect("INVITE");
  script.wire.inject(response(200));
  const usage = usages[0];
  assert.ok(usage !== undefined);
  usage.acknowledge(7);
  script.wire.expect("ACK");
  usage.credentials = { username: "tandem", password: "secret" };
  const send = (method: string, body = "") =>
    usage.request(
      method,
      { body, contentType: "application/sdp" },
      {
        onResponse: (one) => heard.push(String(one.statusCode)),
        onFailure: (kind) => heard.push(kind),
      },
    );
  return { ...script, usage, heard, send };
}

test("a 401 is answered once with the next CSeq, the second is the user's", () => {
  const script = requestScript();
  script.send("INFO", "x");
  assert.equal(parsedRequest(script.wire.expect("INFO")).value("CSeq"), "8 INFO");
  script.wire.inject(response(401, { headerFields: challenge }));
  const again = parsedRequest(script.wire.expect("INFO"));
  assert.equal(again.value("CSeq"), "9 INFO");
  assert.equal(again.body, "x");
  assert.match(again.value("Authorization") ?? "", /realm="pbx",nonce="n1".*qop=auth,nc=00000001/);
  assert.equal(again.has("Proxy-Authorization"), false);
  script.wire.inject(response(401, { headerFields: challenge }));
  script.wire.expectNothing();
  assert.deepEqual(script.heard, ["401"]);
  script.usage.close();
  expectNothingLeft(script);
});

test("a challenge is the user's without credentials, and when it can't be answered", () => {
  for (const [hasCredentials, headerFields] of [
    [false, challenge],
    [true, [["WWW-Authenticate", "Bearer realm=x"]]],
    [true, []],
  ] as const) {
    const script = requestScript();
    if (!hasCredentials) script.usage.credentials = undefined;
    script.send("INFO");
    script.wire.expect("INFO");
    script.wire.inject(response(401, { headerFields }));
    script.wire.expectNothing();
    assert.deepEqual(script.heard, ["401"]);
    script.usage.close();
    expectNothingLeft(script);
  }
});

test("a request that may change the session says what we take and support (RFC 3261 table 2, RFC 3311 §5.1)", () => {
  for (const method of ["INVITE", "UPDATE", "INFO"]) {
    const script = requestScript();
    script.send(method);
    const sent = parsedRequest(script.wire.expect(method));
    const isChange = method !== "INFO";
    assert.deepEqual(sent.values("Allow"), isChange ? [allowedMethods] : []);
    assert.deepEqual(sent.values("Supported"), isChange ? ["timer, norefersub"] : []);
    script.usage.close();
  }
});

test("auth-int covers the body", () => {
  const script = requestScript();
  script.send("INFO", "Signal=1");
  script.wire.expect("INFO");
  const value = 'Digest realm="pbx", nonce="n1", qop="auth-int"';
  script.wire.inject(response(407, { headerFields: [["Proxy-Authenticate", value]] }));
  const written = parsedRequest(script.wire.expect("INFO")).value("Proxy-Authorization") ?? "";
  const parsed = parseChallenge(value);
  assert.ok(parsed.ok);
  const wanted = answerChallenge(
    parsed.value,
    { username: "tandem", password: "secret" },
    "INFO",
    "sip:bob@192.0.2.1:5060",
    { nonceCount: 1, cnonce: /cnonce="([^"]*)"/.exec(written)?.[1] ?? "", body: "Signal=1" },
  );
  assert.equal(written, wanted);
  script.usage.close();
  expectNothingLeft(script);
});

test("cancel of a re-INVITE: at once after a 1xx, else with the first one, once; other methods never", () => {
  const script = requestScript();
  const early = script.send("INVITE");
  script.wire.expect("INVITE");
  early.cancel();
  script.wire.expectNothing();
  script.wire.inject(response(100));
  assert.equal(parsedRequest(script.wire.expect("CANCEL")).value("CSeq"), "8 CANCEL");
  early.cancel();
  script.wire.inject(response(180));
  script.wire.expectNothing();
  script.wire.inject(response(487));
  script.wire.expect("ACK");
  early.cancel();
  const ringing = script.send("INVITE");
  script.wire.expect("INVITE");
  script.wire.inject(response(180));
  ringing.cancel();
  script.wire.expect("CANCEL");
  script.wire.inject(response(487));
  script.wire.expect("ACK");
  const info = script.send("INFO");
  script.wire.expect("INFO");
  info.cancel();
  script.wire.expectNothing();
  assert.deepEqual(script.heard, ["100", "180", "487", "180", "487"]);
  script.usage.close();
  expectNothingLeft(script);
});

test("the 1xx of the challenged re-INVITE allows no CANCEL for the next one", () => {
  const script = requestScript();
  const invite = script.send("INVITE");
  script.wire.expect("INVITE");
  script.wire.inject(response(100));
  script.wire.inject(response(401, { headerFields: challenge }));
  script.wire.expect("ACK");
  script.wire.expect("INVITE");
  invite.cancel();
  script.wire.expectNothing();
  script.wire.inject(response(100));
  assert.equal(parsedRequest(script.wire.expect("CANCEL")).value("CSeq"), "9 CANCEL");
  script.wire.inject(response(487));
  script.usage.close();
  expectNothingLeft(script);
});

test("a re-INVITE that was cancelled is not sent again over a challenge", () => {
  const script = requestScript();
  const invite = script.send("INVITE");
  script.wire.expect("INVITE");
  invite.cancel();
  script.wire.inject(response(401, { headerFields: challenge }));
  script.wire.expect("ACK");
  script.wire.expectNothing();
  assert.deepEqual(script.heard, ["401"]);
  script.usage.close();
  expectNothingLeft(script);
});

test("a 2xx refreshes the target of re-INVITE and UPDATE only, and its repetition gets the ACK again", () => {
  for (const [method, refreshes] of [
    ["INVITE", true],
    ["UPDATE", true],
    ["INFO", false],
  ] as const) {
    const script = requestScript();
    script.send(method);
    const text = script.wire.expect(method);
    const ok = responseTo(text, 200, { contact: "<sip:new@192.0.2.90>" });
    script.wire.inject(ok);
    assert.equal(
      script.usage.dialog.remoteTarget,
      refreshes ? "sip:new@192.0.2.90" : "sip:bob@192.0.2.1:5060",
    );
    script.wire.expectNothing();
    if (method === "INVITE") {
      script.usage.acknowledge(8);
      const ack = script.wire.expect("ACK");
      script.wire.inject(ok);
      assert.equal(script.wire.expect("ACK"), ack);
    }
    assert.deepEqual(script.heard, ["200"]);
    script.usage.close();
    expectNothingLeft(script);
  }
});

test("a failure response refreshes nothing", () => {
  const script = requestScript();
  script.send("UPDATE");
  script.wire.expect("UPDATE");
  script.wire.inject(response(488, { contact: "<sip:new@192.0.2.90>" }));
  assert.equal(script.usage.dialog.remoteTarget, "sip:bob@192.0.2.1:5060");
  script.usage.close();
  expectNothingLeft(script);
});

test("a 2xx to a re-INVITE after the usage has ended is acknowledged all the same", () => {
  const script = requestScript();
  script.send("INVITE");
  const text = script.wire.expect("INVITE");
  script.usage.bye();
  script.wire.expect("BYE");
  script.wire.inject(responseTo(text, 200));
  assert.equal(parsedRequest(script.wire.expect("ACK")).value("CSeq"), "8 ACK");
  expectNothingLeft(script);
});

test("silence is told as a timeout after 64*T1, once", () => {
  const script = requestScript();
  script.send("INFO");
  script.clock.advance(31_999);
  assert.deepEqual(script.heard, []);
  script.clock.advance(1);
  assert.deepEqual(script.heard, ["timeout"]);
  script.usage.close();
  expectNothingLeft(script);
});

test("the ACK for a 2xx to a re-INVITE has the credentials of that one (RFC 3261 §13.2.2.4)", () => {
  const script = requestScript();
  script.send("INVITE", "v=0");
  script.wire.expect("INVITE");
  script.wire.inject(response(401, { headerFields: challenge }));
  script.wire.expect("ACK");
  const again = parsedRequest(script.wire.expect("INVITE"));
  script.wire.inject(response(200));
  script.usage.acknowledge(9);
  assert.equal(parsedRequest(script.wire.expect("ACK")).value("Authorization"), again.value("Authorization"));
  script.send("INVITE", "v=1");
  script.wire.expect("INVITE");
  script.wire.inject(response(200));
  script.usage.acknowledge(10);
  assert.equal(parsedRequest(script.wire.expect("ACK")).has("Authorization"), false);
  script.usage.close();
  expectNothingLeft(script);
});
