import assert from "node:assert/strict";
import { test } from "node:test";
import { Dialog } from "../dialog/index.ts";
import { HeaderFields } from "../message/index.ts";
import {
  type AgentScript,
  agentScript,
  expectNothingLeft,
  flow,
  parsedRequest,
  parsedResponse,
  type RequestParts,
  request,
  response,
  responseTo,
  settled,
} from "../testing/index.ts";
import type { ServerTransaction } from "../transaction/index.ts";
import type { InviteUas } from "./invite-uas.ts";
import type { InviteUsage } from "./invite-usage.ts";

interface UsageScript extends AgentScript {
  readonly usage: InviteUsage;
  readonly heard: string[];
  readonly transactions: ServerTransaction[];
}

/** A call of the peer that was answered; its ACK has come unless `isAcknowledged` is false. */
function usageScript(options: { isAcknowledged?: boolean; invite?: RequestParts } = {}): UsageScript {
  const script = agentScript({ addresses: { "pbx.example.com": ["192.0.2.50"] } });
  const heard: string[] = [];
  const transactions: ServerTransaction[] = [];
  const invites: InviteUas[] = [];
  script.agent.setCore({ onInvite: (one) => invites.push(one), onOutOfDialogRequest: () => {} });
  script.wire.inject(request("INVITE", options.invite ?? {}));
  const usage = invites[0]?.accept("our-tag", {
    onRequest: (one, transaction) => {
      heard.push(`${one.method} ${one.cseqNumber}`);
      transactions.push(transaction);
    },
    onAck: (one) => heard.push(`ack ${one.cseqNumber}`),
    onNoAck: () => heard.push("no ack"),
  });
  assert.ok(usage !== undefined);
  invites[0]?.answer(usage, {});
  script.wire.expect(200);
  if (options.isAcknowledged !== false) {
    script.wire.inject(inDialog("ACK", 1));
    heard.length = 0;
  }
  return { ...script, usage, heard, transactions };
}

function inDialog(method: string, sequenceNumber: number, parts: RequestParts = {}): string {
  const branch = `z9hG4bK-${method}-${sequenceNumber}`;
  return request(method, { toTag: "our-tag", sequenceNumber, branch, ...parts });
}

test("the ACK must have the CSeq of the INVITE; the second is not told", () => {
  const script = usageScript({ isAcknowledged: false });
  script.wire.inject(inDialog("ACK", 2));
  assert.equal(script.usage.awaitsAck, true);
  script.wire.inject(inDialog("ACK", 1));
  script.wire.inject(inDialog("ACK", 1));
  assert.deepEqual(script.heard, ["ack 1"]);
  assert.equal(script.usage.awaitsAck, false);
  script.usage.close();
  expectNothingLeft(script);
});

test("64*T1 without an ACK: the 2xx was repeated, the user is told once and may say BYE", () => {
  const script = usageScript({ isAcknowledged: false });
  script.clock.advance(31_999);
  for (let i = 0; i < 10; i++) script.wire.expect(200);
  assert.deepEqual(script.heard, []);
  script.clock.advance(1);
  assert.deepEqual(script.heard, ["no ack"]);
  assert.equal(script.usage.awaitsAck, false);
  script.usage.bye();
  script.wire.expect("BYE");
  expectNothingLeft(script);
});

test("a CSeq below the last one gets 500, the same and higher ones pass (RFC 3261 §12.2.2)", () => {
  const script = usageScript();
  script.wire.inject(inDialog("INFO", 5));
  const info = script.transactions[0];
  assert.ok(info?.request !== undefined);
  info.respond(script.agent.response(info.request, flow(), 200));
  script.wire.expect(200);
  script.wire.inject(inDialog("INFO", 4));
  assert.ok(script.wire.expect(500).startsWith("SIP/2.0 500 CSeq is out of order\r\n"));
  assert.deepEqual(script.heard, ["INFO 5"]);
  script.usage.close();
  expectNothingLeft(script);
});

test("requests carry the dialog, the route set in order, and the refreshed target", () => {
  const script = usageScript({
    invite: { headerFields: [["Record-Route", "<sip:192.0.2.31;lr>, <sip:192.0.2.32;lr>"]] },
  });
  script.usage.dialog.refreshTarget(
    parsedRequest(inDialog("INVITE", 2, { contact: "<sip:new@192.0.2.77:5099>" })),
  );
  script.usage.request(
    "INFO",
    {
      headerFields: new HeaderFields().append("X-A", "1"),
      body: "Signal=1",
      contentType: "application/dtmf-relay",
    },
    { onResponse: () => {}, onFailure: () => {} },
  );
  const { text, target: to } = script.wire.expectSent("INFO");
  const info = parsedRequest(text);
  assert.equal(info.requestUri, "sip:new@192.0.2.77:5099");
  assert.deepEqual(info.values("Route"), ["<sip:192.0.2.31;lr>", "<sip:192.0.2.32;lr>"]);
  assert.equal(to?.address, "192.0.2.31");
  assert.equal(info.value("From"), "<sip:bob@example.com>;tag=our-tag");
  assert.equal(info.value("To"), "<sip:alice@example.com>;tag=alice-tag");
  assert.equal(info.value("Call-ID"), "call-1");
  assert.equal(info.value("CSeq"), "1 INFO");
  assert.equal(info.value("User-Agent"), "Tandem/test");
  assert.equal(info.value("X-A"), "1");
  assert.equal(info.value("Content-Type"), "application/dtmf-relay");
  assert.equal(info.body, "Signal=1");
  assert.equal(info.has("Contact"), false);
  script.usage.close();
  expectNothingLeft(script);
});

test("re-INVITE and UPDATE carry our Contact", () => {
  const script = usageScript();
  for (const method of ["INVITE", "UPDATE"]) {
    script.usage.request(method, {}, { onResponse: () => {}, onFailure: () => {} });
    assert.equal(parsedRequest(script.wire.expect(method)).value("Contact"), "<sip:198.51.100.1:5060>");
  }
  script.usage.close();
  expectNothingLeft(script);
});

test("repeatAck sends the same text again, only for that CSeq", () => {
  const script = usageScript();
  assert.equal(script.usage.repeatAck(7), false);
  script.usage.acknowledge(7, { body: "v=0\r\n", contentType: "application/sdp" });
  const ack = script.wire.expect("ACK");
  assert.equal(parsedRequest(ack).body, "v=0\r\n");
  assert.equal(script.usage.repeatAck(8), false);
  assert.equal(script.usage.repeatAck(7), true);
  assert.equal(script.wire.expect("ACK"), ack);
  script.wire.expectNothing();
  script.usage.close();
  expectNothingLeft(script);
});

test("close is idempotent and silent; later requests get 481", () => {
  const script = usageScript({ isAcknowledged: false });
  script.usage.close();
  script.usage.close();
  script.usage.bye();
  assert.equal(script.usage.isClosed, true);
  assert.equal(script.usage.dialog.state, "terminated");
  script.clock.advance(40_000);
  script.wire.expectNothing();
  script.wire.inject(inDialog("BYE", 2));
  script.wire.expect(481);
  assert.deepEqual(script.heard, []);
  expectNothingLeft(script);
});

test("a callee's BYE waits for the ACK (RFC 3261 §15); the 2xx is still repeated meanwhile", () => {
  const script = usageScript({ isAcknowledged: false });
  script.usage.bye(new HeaderFields().append("Reason", "Q.850;cause=16"));
  assert.equal(script.usage.isClosed, true);
  script.wire.expectNothing();
  script.clock.advance(500);
  script.wire.expect(200);
  script.wire.inject(inDialog("INFO", 2));
  script.wire.expect(481);
  script.wire.inject(inDialog("ACK", 1));
  assert.equal(parsedRequest(script.wire.expect("BYE")).value("Reason"), "Q.850;cause=16");
  script.clock.advance(400);
  script.wire.expectNothing();
  assert.deepEqual(script.heard, []);
  expectNothingLeft(script);
});

test("a BYE that crosses ours gets its 200, anything else 481, until ours is answered (RFC 5407 §3.1)", () => {
  const script = usageScript();
  script.usage.bye();
  const bye = script.wire.expect("BYE");
  assert.equal(script.agent.counts.dialogs, 1);
  script.wire.inject(inDialog("INFO", 2));
  script.wire.expect(481);
  script.wire.inject(responseTo(bye, 100));
  assert.equal(script.agent.counts.dialogs, 1);
  script.wire.inject(inDialog("BYE", 3));
  script.wire.expect(200);
  assert.equal(script.agent.counts.dialogs, 0);
  script.wire.inject(responseTo(bye, 481));
  script.wire.expectNothing();
  assert.deepEqual(script.heard, []);
  expectNothingLeft(script);
});

for (const [statusCode, what] of [
  [200, "has got 200"],
  [408, "has got 408"],
  [481, "has got 481"],
  [0, "could not be sent"],
] as const) {
  test(`the dialog is gone when our BYE ${what}`, () => {
    const script = usageScript();
    script.usage.bye();
    const bye = script.wire.expect("BYE");
    if (statusCode === 0) script.wire.fail();
    else script.wire.inject(responseTo(bye, statusCode));
    assert.equal(script.agent.counts.dialogs, 0);
    script.wire.inject(inDialog("BYE", 2));
    script.wire.expect(481);
    expectNothingLeft(script);
  });
}

test("a callee's BYE goes out without the ACK after 64*T1", () => {
  const script = usageScript({ isAcknowledged: false });
  script.usage.bye();
  script.clock.advance(31_999);
  for (let i = 0; i < 10; i++) script.wire.expect(200);
  script.wire.expectNothing();
  script.clock.advance(1);
  script.wire.expect("BYE");
  assert.deepEqual(script.heard, []);
  expectNothingLeft(script);
});

test("the caller's BYE meanwhile is answered and ends it", () => {
  const script = usageScript({ isAcknowledged: false });
  script.usage.bye();
  script.wire.inject(inDialog("BYE", 2));
  assert.equal(parsedResponse(script.wire.expect(200)).value("CSeq"), "2 BYE");
  script.clock.advance(40_000);
  script.wire.expectNothing();
  assert.deepEqual(script.heard, []);
  expectNothingLeft(script);
});

test("a re-INVITE answered before the ACK of the INVITE: only its own 2xx is repeated", () => {
  const script = usageScript({ isAcknowledged: false });
  script.wire.inject(inDialog("INVITE", 2));
  const transaction = script.transactions[0];
  assert.ok(transaction !== undefined);
  const { request: reInvite } = transaction;
  assert.ok(reInvite !== undefined);
  script.usage.answerInvite(transaction, script.agent.response(reInvite, flow(), 200), 2);
  script.wire.expect(200);
  script.clock.advance(500);
  assert.equal(parsedResponse(script.wire.expect(200)).value("CSeq"), "2 INVITE");
  script.wire.expectNothing();
  script.wire.inject(inDialog("ACK", 1));
  assert.equal(script.usage.awaitsAck, true);
  script.wire.inject(inDialog("ACK", 2));
  assert.deepEqual(script.heard, ["INVITE 2", "ack 2"]);
  script.clock.advance(40_000);
  script.wire.expectNothing();
  script.usage.close();
  expectNothingLeft(script);
});

test("a body without a type, or a type without a body, makes no Content-Type", () => {
  const script = usageScript();
  for (const content of [
    { body: "x" },
    { body: "", contentType: "text/plain" },
    { contentType: "text/plain" },
  ]) {
    script.usage.request("INFO", content, { onResponse: () => {}, onFailure: () => {} });
    assert.equal(parsedRequest(script.wire.expect("INFO")).has("Content-Type"), false);
  }
  script.usage.close();
  expectNothingLeft(script);
});

test("a BYE while the 2xx to a re-INVITE waits for its ACK goes at once", () => {
  const script = usageScript();
  script.wire.inject(inDialog("INVITE", 2));
  const transaction = script.transactions[0];
  assert.ok(transaction?.request !== undefined);
  script.usage.answerInvite(transaction, script.agent.response(transaction.request, flow(), 200), 2);
  script.wire.expect(200);
  script.usage.bye();
  script.wire.expect("BYE");
  script.clock.advance(400);
  script.wire.expectNothing();
  expectNothingLeft(script);
});

test("BYE is challenged: answered with the credentials of the usage, though it is closed", () => {
  const script = usageScript();
  script.usage.credentials = { username: "tandem", password: "secret" };
  script.usage.bye();
  script.wire.expect("BYE");
  script.wire.inject(
    response(407, { headerFields: [["Proxy-Authenticate", 'Digest realm="carrier", nonce="n1"']] }),
  );
  const again = parsedRequest(script.wire.expect("BYE"));
  assert.equal(again.value("CSeq"), "2 BYE");
  assert.match(
    again.value("Proxy-Authorization") ?? "",
    /^Digest username="tandem",realm="carrier",nonce="n1",uri="sip:alice@192.0.2.1:5060"/,
  );
  script.wire.inject(response(200));
  expectNothingLeft(script);
});

test("a host name as Contact is located before ACK and BYE, which keep their order", async () => {
  const script = usageScript({ invite: { contact: "<sip:alice@pbx.example.com:5062>" } });
  script.usage.acknowledge(9);
  script.usage.bye();
  script.wire.expectNothing();
  await settled();
  const ack = script.wire.expectSent("ACK");
  assert.deepEqual([ack.target?.address, ack.target?.port], ["192.0.2.50", 5062]);
  script.wire.expect("BYE");
  expectNothingLeft(script);
});

test("a Contact that can't be located: the remembered address is used, without one the request fails", async () => {
  const script = usageScript({ invite: { contact: "<sip:alice@nowhere.example.com>" } });
  const failures: string[] = [];
  const user = {
    onResponse: () => {},
    onFailure: (kind: string, text: string) => failures.push(`${kind}: ${text}`),
  };
  script.usage.request("INFO", {}, user);
  await settled();
  assert.deepEqual(failures, ["transport-error: no address for sip:alice@nowhere.example.com"]);
  script.usage.rememberTarget({ ...targetAt("192.0.2.60") });
  script.usage.rememberTarget({ ...targetAt("192.0.2.61") });
  script.usage.request("INFO", {}, user);
  await settled();
  assert.equal(script.wire.expectSent("INFO").target?.address, "192.0.2.60");
  script.usage.close();
  expectNothingLeft(script);
});

test("a usage from the journal sends above the old sequence numbers", () => {
  const script = usageScript();
  script.usage.request("INFO", {}, { onResponse: () => {}, onFailure: () => {} });
  assert.equal(parsedRequest(script.wire.expect("INFO")).value("CSeq"), "1 INFO");
  assert.equal(Dialog.fromJournal(script.usage.dialog.toJournal()).localSequenceNumber, 1001);
  script.usage.close();
  expectNothingLeft(script);
});

function targetAt(address: string) {
  return { interfaceName: "public", connection: undefined, protocol: "UDP" as const, address, port: 5060 };
}
