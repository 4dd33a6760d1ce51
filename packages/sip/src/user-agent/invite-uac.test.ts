import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderFields } from "../message/index.ts";
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
import { InviteUac } from "./invite-uac.ts";
import type { InviteUsage } from "./invite-usage.ts";

interface UacScript extends AgentScript {
  readonly uac: InviteUac;
  readonly heard: string[];
  readonly usages: InviteUsage[];
  /** The INVITE as sent. */
  readonly text: string;
}

function uacScript(headerFields: Parameters<typeof outgoing>[1] = []): UacScript {
  const script = agentScript();
  const heard: string[] = [];
  const usages: InviteUsage[] = [];
  const uac = new InviteUac(
    script.agent,
    outgoing("INVITE", headerFields),
    target(),
    {
      onProvisional: (one) => heard.push(String(one.statusCode)),
      onAnswer: (one, usage) => {
        heard.push(`answer ${one.toTag}`);
        usages.push(usage);
      },
      onRejected: (one) => heard.push(`rejected ${one.statusCode}`),
      onFailed: (kind, text) => heard.push(`failed ${kind}: ${text}`),
    },
    { onRequest: () => {}, onAck: () => {}, onNoAck: () => {} },
  );
  uac.send();
  return { ...script, uac, heard, usages, text: script.wire.expect("INVITE") };
}

test("calling, proceeding, answered: the user hears 100 and 18x, and acknowledges the 2xx itself", () => {
  const script = uacScript();
  assert.equal(script.uac.state, "calling");
  script.wire.inject(response(100));
  assert.equal(script.uac.state, "proceeding");
  script.wire.inject(response(183));
  script.wire.inject(response(200, { contact: "<sip:bob@192.0.2.8:5090>" }));
  assert.deepEqual(script.heard, ["100", "183", "answer bob-tag"]);
  assert.equal(script.uac.state, "answered");
  script.wire.expectNothing();
  script.usages[0]?.acknowledge(7);
  const { text, target: to } = script.wire.expectSent("ACK");
  const ack = parsedRequest(text);
  assert.equal(ack.requestUri, "sip:bob@192.0.2.8:5090");
  assert.equal(ack.value("CSeq"), "7 ACK");
  assert.equal(ack.value("To"), "<sip:bob@example.com>;tag=bob-tag");
  assert.deepEqual([to?.address, to?.port], ["192.0.2.8", 5090]);
  script.usages[0]?.close();
  expectNothingLeft(script);
});

test("a 2xx that comes again gets the same ACK again, and the user hears nothing", () => {
  const script = uacScript();
  script.wire.inject(response(200));
  script.wire.inject(response(200));
  script.wire.expectNothing();
  script.usages[0]?.acknowledge(7);
  const ack = script.wire.expect("ACK");
  script.wire.inject(response(200));
  assert.equal(script.wire.expect("ACK"), ack);
  assert.deepEqual(script.heard, ["answer bob-tag"]);
  script.usages[0]?.close();
  expectNothingLeft(script);
});

test("a forked 2xx gets ACK and BYE along its own route set, and its repetition the same ACK", () => {
  const script = uacScript();
  script.wire.inject(response(200));
  script.usages[0]?.acknowledge(7);
  script.wire.expect("ACK");
  const fork = responseTo(script.text, 200, {
    toTag: "fork-tag",
    contact: "<sip:carol@192.0.2.20>",
    headerFields: [
      ["Record-Route", "<sip:192.0.2.31;lr>, <sip:192.0.2.32;lr>"],
      ["Record-Route", "<sip:192.0.2.33;lr>"],
    ],
  });
  script.wire.inject(fork);
  const sent = script.wire.expectSent("ACK");
  const ack = parsedRequest(sent.text);
  assert.equal(ack.requestUri, "sip:carol@192.0.2.20");
  assert.equal(ack.toTag, "fork-tag");
  assert.deepEqual(ack.values("Route"), [
    "<sip:192.0.2.33;lr>",
    "<sip:192.0.2.32;lr>",
    "<sip:192.0.2.31;lr>",
  ]);
  assert.equal(sent.target?.address, "192.0.2.33");
  const bye = parsedRequest(script.wire.expect("BYE"));
  assert.equal(bye.value("CSeq"), "8 BYE");
  assert.equal(bye.toTag, "fork-tag");
  assert.equal(bye.values("Route").length, 3);
  script.wire.inject(fork);
  assert.equal(script.wire.expect("ACK"), sent.text);
  script.wire.expectNothing();
  assert.deepEqual(script.heard, ["answer bob-tag"]);
  script.usages[0]?.close();
  expectNothingLeft(script);
});

test("a rejection is told once; its ACK is the transaction's", () => {
  const script = uacScript();
  script.wire.inject(response(486));
  script.wire.expect("ACK");
  script.wire.inject(response(486));
  script.wire.expect("ACK");
  assert.deepEqual(script.heard, ["rejected 486"]);
  assert.equal(script.uac.state, "failed");
  script.uac.abandon();
  script.wire.expectNothing();
  expectNothingLeft(script);
});

test("silence for 64*T1 and a transport error end the attempt", () => {
  const silent = uacScript();
  silent.clock.advance(31_999);
  assert.deepEqual(silent.heard, []);
  silent.clock.advance(1);
  assert.deepEqual(silent.heard, ["failed timeout: no response"]);
  expectNothingLeft(silent);
  const refused = uacScript();
  refused.wire.fail("ECONNREFUSED");
  assert.deepEqual(refused.heard, ["failed transport-error: ECONNREFUSED"]);
  assert.equal(refused.uac.state, "failed");
  expectNothingLeft(refused);
});

test("abandon after a 1xx: CANCEL at once, once, with the given header fields; the 487 is not told", () => {
  const script = uacScript();
  script.wire.inject(response(180));
  script.uac.abandon(new HeaderFields().append("Reason", "SIP;cause=487"));
  const cancel = parsedRequest(script.wire.expect("CANCEL"));
  assert.equal(cancel.value("Reason"), "SIP;cause=487");
  assert.equal(cancel.value("CSeq"), "7 CANCEL");
  script.uac.abandon();
  script.wire.inject(response(180));
  script.wire.expectNothing();
  script.wire.inject(response(487));
  script.wire.expect("ACK");
  assert.deepEqual(script.heard, ["180"]);
  assert.equal(script.uac.state, "abandoned");
  expectNothingLeft(script);
});

test("abandon before any response: no CANCEL until the late 1xx (RFC 3261 §9.1)", () => {
  const script = uacScript();
  script.uac.abandon(new HeaderFields().append("Reason", "SIP;cause=487"));
  script.wire.expectNothing();
  script.clock.advance(500);
  script.wire.expect("INVITE");
  script.wire.inject(response(100));
  assert.equal(parsedRequest(script.wire.expect("CANCEL")).value("Reason"), "SIP;cause=487");
  script.wire.inject(responseTo(script.text, 487));
  script.wire.expect("ACK");
  assert.deepEqual(script.heard, []);
  expectNothingLeft(script);
});

test("abandon, then a late 2xx: ACK, BYE, and the user hears nothing", () => {
  for (const before of [[], [180]]) {
    const script = uacScript();
    for (const statusCode of before) script.wire.inject(response(statusCode));
    script.uac.abandon();
    if (before.length > 0) script.wire.expect("CANCEL");
    script.wire.inject(responseTo(script.text, 200));
    const ack = script.wire.expect("ACK");
    const bye = script.wire.expect("BYE");
    assert.equal(parsedRequest(bye).value("CSeq"), "8 BYE");
    script.wire.inject(responseTo(script.text, 200));
    assert.equal(script.wire.expect("ACK"), ack);
    script.wire.expectNothing();
    assert.deepEqual(script.heard, before.map(String));
    script.wire.inject(responseTo(bye, 200));
    assert.equal(script.agent.counts.dialogs, 0);
    expectNothingLeft(script);
  }
});

test("an abandoned INVITE that is never answered ends in silence", () => {
  const script = uacScript();
  script.uac.abandon();
  expectNothingLeft(script);
  assert.deepEqual(script.heard, []);
});

test("a 2xx without Contact: ACK and BYE the way of the INVITE, and the attempt has failed", () => {
  const script = uacScript();
  script.wire.inject(response(200, { contact: "", headerFields: [["Record-Route", "<sip:192.0.2.31;lr>"]] }));
  const { text, target: to } = script.wire.expectSent("ACK");
  const ack = parsedRequest(text);
  assert.equal(ack.requestUri, "sip:bob@192.0.2.1");
  assert.equal(ack.toTag, "bob-tag");
  assert.equal(ack.value("CSeq"), "7 ACK");
  assert.equal(ack.value("Route"), "<sip:192.0.2.31;lr>");
  assert.equal(to?.address, "192.0.2.1");
  const bye = parsedRequest(script.wire.expect("BYE"));
  assert.equal(bye.value("CSeq"), "8 BYE");
  assert.equal(bye.fromTag, "our-tag");
  assert.deepEqual(script.heard, ["failed transport-error: unusable 2xx: Missing Contact header field"]);
  script.wire.inject(responseTo(script.text, 200, { contact: "" }));
  script.wire.expect("ACK");
  script.wire.expectNothing();
  assert.equal(script.heard.length, 1);
  expectNothingLeft(script);
});

test("a late 2xx without Contact after abandon: ACK and BYE too, nobody hears of it", () => {
  const script = uacScript();
  script.uac.abandon();
  script.wire.inject(response(200, { contact: "" }));
  script.wire.expect("ACK");
  script.wire.expect("BYE");
  assert.deepEqual(script.heard, []);
  expectNothingLeft(script);
});

test("a usage that ends before its user has acknowledged the 2xx acknowledges it itself", () => {
  for (const [end, sent] of [
    [(usage?: InviteUsage) => usage?.bye(), ["ACK", "BYE"]],
    [(usage?: InviteUsage) => usage?.close(), ["ACK"]],
  ] as const) {
    const script = uacScript();
    script.wire.inject(response(200));
    end(script.usages[0]);
    for (const method of sent) script.wire.expect(method);
    script.wire.expectNothing();
    expectNothingLeft(script);
  }
});

test("the ACK for a 2xx has the credentials of its INVITE, whatever becomes of the dialog (RFC 3261 §13.2.2.4)", () => {
  const credentials = [
    ["Authorization", 'Digest username="a"'],
    ["Proxy-Authorization", 'Digest username="b"'],
  ] as const;
  const script = uacScript(credentials);
  const expectCredentials = (ack: string): void => {
    for (const [name, value] of credentials) assert.deepEqual(parsedRequest(ack).values(name), [value]);
  };
  script.wire.inject(response(200));
  script.usages[0]?.acknowledge(7);
  expectCredentials(script.wire.expect("ACK"));
  script.wire.inject(response(200, { toTag: "fork" }));
  expectCredentials(script.wire.expect("ACK"));
  assert.equal(parsedRequest(script.wire.expect("BYE")).has("Authorization"), false);
  script.wire.inject(responseTo(script.text, 200, { toTag: "no-dialog", contact: "" }));
  expectCredentials(script.wire.expect("ACK"));
  script.wire.expect("BYE");
  script.usages[0]?.close();
  expectNothingLeft(script);
});
