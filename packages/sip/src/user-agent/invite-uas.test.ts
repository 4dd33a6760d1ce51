import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderFields } from "../message/index.ts";
import {
  type AgentScript,
  agentScript,
  expectNothingLeft,
  type FlowOptions,
  flow,
  parsedRequest,
  parsedResponse,
  type RequestParts,
  request,
} from "../testing/index.ts";
import type { TransportProtocol } from "../transport/flow.ts";
import { allowedMethods } from "./allowed-methods.ts";
import type { InviteUas, InviteUasUser } from "./invite-uas.ts";
import type { InviteUsage, InviteUsageUser } from "./invite-usage.ts";
import { supportedOptions } from "./supported-options.ts";

interface UasScript extends AgentScript {
  readonly invite: InviteUas;
  /** What the user heard. */
  readonly heard: string[];
  readonly usageUser: InviteUsageUser;
}

function uasScript(
  parts: RequestParts = {},
  protocol: TransportProtocol = "UDP",
  from: FlowOptions = {},
): UasScript {
  const script = agentScript({ protocol });
  const invites: InviteUas[] = [];
  const heard: string[] = [];
  script.agent.setCore({
    onInvite: (invite) => invites.push(invite),
    onOutOfDialogRequest: (one) => heard.push(`out of dialog ${one.method}`),
  });
  script.wire.inject(request("INVITE", { transport: protocol, ...parts }), flow(protocol, from));
  const invite = invites[0];
  assert.ok(invite !== undefined);
  const user: InviteUasUser = {
    onCancelled: (how, one) => heard.push(`cancelled ${how} ${one?.method ?? ""}`.trim()),
    onNoPrack: () => heard.push("no PRACK"),
  };
  invite.setUser(user);
  const usageUser: InviteUsageUser = {
    onRequest: (one, transaction) => {
      heard.push(`request ${one.method}`);
      transaction.respond(script.agent.response(one, transaction.flow, 200));
    },
    onAck: (one) => heard.push(`ack ${one.cseqNumber}`),
    onNoAck: () => heard.push("no ack"),
  };
  return { ...script, invite, heard, usageUser };
}

function inDialog(method: string, toTag: string, sequenceNumber = 2, parts: RequestParts = {}): string {
  return request(method, { toTag, sequenceNumber, branch: `z9hG4bK-${method}-${sequenceNumber}`, ...parts });
}

function answered(script: UasScript, toTag = "our-tag"): InviteUsage {
  const usage = script.invite.accept(toTag, script.usageUser);
  assert.ok(usage !== undefined);
  assert.equal(script.invite.answer(usage, { body: "v=0\r\n" }), true);
  return usage;
}

test("100 goes out after 100 ms, not before, and has neither a To tag nor a Server", () => {
  const script = uasScript();
  script.clock.advance(99);
  script.wire.expectNothing();
  script.clock.advance(1);
  const trying = parsedResponse(script.wire.expect(100));
  assert.equal(trying.toTag, "");
  assert.equal(trying.has("Server"), false);
  script.clock.advance(10_000);
  script.wire.expectNothing();
  script.invite.reject(404);
  script.wire.expect(404);
  expectNothingLeft(script);
});

test("100 at once and again, also while it rings; none of its own beside, none after the final response", () => {
  const script = uasScript();
  script.invite.trying();
  script.wire.expect(100);
  script.clock.advance(1000);
  script.wire.expectNothing();
  script.invite.provisional(180, "t1");
  script.wire.expect(180);
  script.invite.trying();
  script.wire.expect(100);
  script.invite.reject(486);
  script.wire.expect(486);
  script.invite.trying();
  script.wire.expectNothing();
  script.agent.layer.close();
});

test("no 100 after a 18x, after a 200 or after a failure", () => {
  for (const respond of [
    (script: UasScript) => script.invite.provisional(180, "t1"),
    (script: UasScript) => answered(script),
    (script: UasScript) => script.invite.reject(486),
  ]) {
    const script = uasScript();
    respond(script);
    script.wire.expect(script.invite.finalStatusCode === 0 ? 180 : script.invite.finalStatusCode);
    script.clock.advance(499);
    script.wire.expectNothing();
    script.agent.layer.close();
  }
});

test("a 18x opens an early dialog: To tag, Contact, Allow, Record-Route, header fields and body", () => {
  const script = uasScript({ headerFields: [["Record-Route", "<sip:192.0.2.9;lr>"]] });
  script.invite.provisional(183, "t1", {
    reasonPhrase: "Progress",
    headerFields: new HeaderFields().append("P-Early-Media", "sendrecv"),
    body: "v=0\r\n",
  });
  assert.equal(
    script.wire.expect(183),
    [
      "SIP/2.0 183 Progress",
      "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-alice-1",
      "Record-Route: <sip:192.0.2.9;lr>",
      "From: <sip:alice@example.com>;tag=alice-tag",
      "To: <sip:bob@example.com>;tag=t1",
      "Call-ID: call-1",
      "CSeq: 1 INVITE",
      "Server: Tandem/test",
      "Contact: <sip:198.51.100.1:5060>",
      "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, REFER, NOTIFY, MESSAGE",
      "Supported: 100rel, timer, norefersub",
      "P-Early-Media: sendrecv",
      "Content-Type: application/sdp",
      "Content-Length: 5",
      "",
      "v=0\r\n",
    ].join("\r\n"),
  );
  script.invite.reject(486);
  const busy = parsedResponse(script.wire.expect(486));
  assert.equal(busy.toTag, "t1");
  assert.equal(busy.has("Contact"), false);
  assert.equal(busy.has("Record-Route"), false);
  expectNothingLeft(script);
});

test("each To tag is an early dialog of its own, and the failure ends them all", () => {
  const script = uasScript();
  script.invite.provisional(180, "t1");
  script.invite.provisional(183, "t2");
  script.invite.provisional(180, "t1");
  assert.equal(script.agent.counts.dialogs, 2);
  script.invite.reject(480);
  assert.deepEqual(script.agent.counts, { dialogs: 0, invites: 0 });
  expectNothingLeft(script);
});

test("CANCEL: 200 to it, 487 once with the tag of the 18x, and the user hears of it with the CANCEL", () => {
  const script = uasScript();
  script.invite.provisional(180, "t1");
  script.wire.expect(180);
  script.wire.inject(request("CANCEL"));
  script.wire.expect(200);
  assert.equal(parsedResponse(script.wire.expect(487)).toTag, "t1");
  assert.deepEqual(script.heard, ["cancelled cancel CANCEL"]);
  assert.equal(script.invite.state, "rejected");
  script.wire.inject(request("CANCEL"));
  script.wire.expect(200);
  script.invite.reject(404);
  script.invite.provisional(180, "t1");
  script.wire.expectNothing();
  assert.equal(script.heard.length, 1);
  expectNothingLeft(script);
});

test("BYE in an early dialog: 200 to it, then 487 to the INVITE", () => {
  const script = uasScript();
  script.invite.provisional(180, "t1");
  script.wire.expect(180);
  script.wire.inject(inDialog("BYE", "t2"));
  script.wire.expect(481);
  script.wire.inject(inDialog("BYE", "t1", 3));
  assert.equal(parsedResponse(script.wire.expect(200)).value("CSeq"), "3 BYE");
  assert.equal(parsedResponse(script.wire.expect(487)).value("CSeq"), "1 INVITE");
  assert.deepEqual(script.heard, ["cancelled bye BYE"]);
  expectNothingLeft(script);
});

test("an INFO with a package that nobody was willing to take gets 469 with what we take: none (RFC 6086 §4.2.2)", () => {
  const script = uasScript();
  script.invite.provisional(180, "t1");
  script.wire.expect(180);
  script.wire.inject(inDialog("INFO", "t1").replace("\r\nCSeq:", "\r\nInfo-Package: dtmf\r\nCSeq:"));
  assert.equal(parsedResponse(script.wire.expect(469)).value("Recv-Info"), "");
  assert.equal(script.invite.state, "proceeding");
  script.invite.reject(480);
  expectNothingLeft(script);
});

test("other requests in an early dialog have to wait; methods we do not know get 405", () => {
  for (const [method, statusCode] of [
    ["INVITE", 500],
    ["UPDATE", 500],
    ["INFO", 500],
    ["REFER", 500],
    ["SUBSCRIBE", 405],
    ["PUBLISH", 405],
  ] as const) {
    const script = uasScript();
    script.invite.provisional(180, "t1");
    script.wire.expect(180);
    script.wire.inject(inDialog(method, "t1"));
    const refused = parsedResponse(script.wire.expect(statusCode));
    assert.equal(refused.value("Retry-After"), statusCode === 500 ? "3" : undefined);
    assert.equal(refused.has("Allow"), statusCode === 405);
    assert.equal(script.invite.state, "proceeding");
    script.invite.reject(480);
    expectNothingLeft(script);
  }
});

test("accept and answer: the 200 has the accepted tag and is repeated until the ACK", () => {
  const script = uasScript();
  script.invite.provisional(180, "t1");
  script.invite.provisional(180, "t2");
  script.wire.expect(180);
  script.wire.expect(180);
  const usage = script.invite.accept("t2", script.usageUser);
  assert.ok(usage !== undefined);
  script.wire.expectNothing();
  assert.equal(usage.dialog.state, "early");
  assert.equal(script.agent.counts.dialogs, 1);
  assert.equal(script.invite.answer(usage, { body: "v=0\r\n" }), true);
  const ok = parsedResponse(script.wire.expect(200));
  assert.equal(ok.toTag, "t2");
  assert.equal(ok.value("Contact"), "<sip:198.51.100.1:5060>");
  assert.equal(usage.awaitsAck, true);
  script.clock.advance(500);
  script.wire.expect(200);
  script.wire.inject(inDialog("ACK", "t2", 1));
  assert.deepEqual(script.heard, ["ack 1"]);
  assert.equal(usage.awaitsAck, false);
  script.clock.advance(40_000);
  script.wire.expectNothing();
  usage.close();
  expectNothingLeft(script);
});

test("CANCEL between accept and answer: 487 with the accepted tag; answer closes the usage and sends nothing", () => {
  const script = uasScript();
  const usage = script.invite.accept("t1", script.usageUser);
  assert.ok(usage !== undefined);
  script.wire.inject(request("CANCEL"));
  script.wire.expect(200);
  assert.equal(parsedResponse(script.wire.expect(487)).toTag, "t1");
  assert.equal(script.invite.answer(usage, {}), false);
  assert.equal(usage.isClosed, true);
  assert.equal(script.invite.accept("t1", script.usageUser), undefined);
  script.wire.inject(request("ACK", { toTag: "t1" }));
  script.wire.expectNothing();
  expectNothingLeft(script);
});

test("CANCEL after the 200 changes nothing", () => {
  const script = uasScript();
  const usage = answered(script);
  script.wire.expect(200);
  script.wire.inject(request("CANCEL"));
  assert.equal(parsedResponse(script.wire.expect(200)).value("CSeq"), "1 CANCEL");
  assert.deepEqual(script.heard, []);
  assert.equal(script.invite.state, "answered");
  usage.close();
  expectNothingLeft(script);
});

test("an INVITE without a Contact can't be accepted", () => {
  const script = uasScript({ contact: "" });
  assert.equal(script.invite.accept("t1", script.usageUser), undefined);
  script.invite.reject(400);
  expectNothingLeft(script);
});

test("a dead transport of the caller ends the INVITE on TCP, and not on UDP", () => {
  for (const protocol of ["TCP", "UDP"] as const) {
    const script = uasScript({}, protocol);
    script.invite.provisional(180, "t1");
    script.wire.expect(180);
    script.wire.fail();
    assert.deepEqual(script.heard, protocol === "TCP" ? ["cancelled transport"] : []);
    script.invite.reject(404);
    assert.equal(script.invite.finalStatusCode, protocol === "TCP" ? 487 : 404);
    expectNothingLeft(script);
  }
});

const caller = { remoteAddress: "203.0.113.5", remotePort: 40_000 };
for (const [rule, parts, protocol, from, toAddress, toPort] of [
  ["no NAT: to the Contact", {}, "UDP", {}, "192.0.2.4", 5070],
  ["behind NAT: back where the INVITE came from", {}, "UDP", caller, "203.0.113.5", 40_000],
  ["sent-by is a name: to the Contact", { sentBy: "pbx.example.com" }, "UDP", caller, "192.0.2.4", 5070],
  ["over TCP: on the connection", {}, "TCP", caller, "203.0.113.5", 40_000],
  [
    "behind a proxy: to its Record-Route",
    { headerFields: [["Record-Route", "<sip:192.0.2.9:5080;lr>"]] },
    "UDP",
    caller,
    "192.0.2.9",
    5080,
  ],
] as const) {
  test(`requests to the caller, ${rule}`, () => {
    const contact = "<sip:alice@192.0.2.4:5070>";
    const script = uasScript({ contact, ...(parts as RequestParts) }, protocol, from);
    const usage = answered(script);
    script.wire.expect(200);
    script.wire.inject(inDialog("ACK", "our-tag", 1, { transport: protocol }));
    usage.bye();
    const { text, target } = script.wire.expectSent("BYE");
    assert.deepEqual([target?.address, target?.port], [toAddress, toPort]);
    assert.equal(parsedRequest(text).requestUri, "sip:alice@192.0.2.4:5070");
    expectNothingLeft(script);
  });
}

test("an IPv6 sent-by that is the source address is no NAT", () => {
  const script = uasScript({ sentBy: "[2001:db8::1]:5060", contact: "<sip:alice@192.0.2.4:5070>" }, "UDP", {
    remoteAddress: "2001:db8::1",
  });
  const usage = answered(script);
  script.wire.expect(200);
  script.wire.inject(inDialog("ACK", "our-tag", 1));
  usage.bye();
  assert.equal(script.wire.expectSent("BYE").target?.address, "192.0.2.4");
  expectNothingLeft(script);
});

test("a SIPS URI in the INVITE is answered with a SIPS Contact, in responses and in requests (RFC 3261 §12.1.1)", () => {
  const invite = { requestUri: "sips:bob@198.51.100.1", contact: "<sips:alice@192.0.2.1>" };
  const script = uasScript(invite, "TLS");
  script.invite.provisional(180, "our-tag");
  const contact = "<sips:198.51.100.1:5061>";
  assert.equal(parsedResponse(script.wire.expect(180)).value("Contact"), contact);
  const usage = answered(script);
  assert.equal(parsedResponse(script.wire.expect(200)).value("Contact"), contact);
  script.wire.inject(inDialog("ACK", "our-tag", 1), script.invite.flow);
  usage.request("INVITE", {}, { onResponse: () => {}, onFailure: () => {} });
  assert.equal(parsedRequest(script.wire.expect("INVITE")).value("Contact"), contact);
  usage.close();
  expectNothingLeft(script);
});

test("a SIPS URI that did not come by TLS gets the Contact at which we are reached", () => {
  const script = uasScript({ requestUri: "sips:bob@198.51.100.1" }, "TCP");
  script.invite.provisional(180, "our-tag");
  const ringing = parsedResponse(script.wire.expect(180));
  assert.equal(ringing.value("Contact"), "<sip:198.51.100.1:5060;transport=tcp>");
  script.invite.reject(480);
  expectNothingLeft(script);
});

test("the last provisional response goes out again every minute until the final one (RFC 3261 §13.3.1.1)", () => {
  const script = uasScript();
  script.invite.provisional(180, "t1");
  const ringing = script.wire.expect(180);
  script.clock.advance(59_999);
  script.wire.expectNothing();
  script.clock.advance(1);
  assert.equal(script.wire.expect(180), ringing);
  script.clock.advance(30_000);
  script.invite.provisional(183, "t1");
  const progress = script.wire.expect(183);
  script.clock.advance(59_999);
  script.wire.expectNothing();
  for (const waitMs of [1, 60_000]) {
    script.clock.advance(waitMs);
    assert.equal(script.wire.expect(183), progress);
  }
  script.invite.reject(486);
  script.wire.expect(486);
  script.wire.inject(request("ACK", { toTag: "t1" }));
  script.clock.advance(120_000);
  script.wire.expectNothing();
  expectNothingLeft(script);
});

test("a 200 says where we are reached and what we take: Contact, Allow, Supported (RFC 3261 §13.3.1.4)", () => {
  const script = uasScript();
  const usage = answered(script);
  const ok = parsedResponse(script.wire.expect(200));
  assert.equal(ok.value("Contact"), "<sip:198.51.100.1:5060>");
  assert.equal(ok.value("Allow"), allowedMethods);
  assert.equal(ok.value("Supported"), supportedOptions);
  usage.close();
  expectNothingLeft(script);
});
