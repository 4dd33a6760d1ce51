import assert from "node:assert/strict";
import { test } from "node:test";
import {
  agentScript,
  expectNothingLeft,
  flow,
  outgoing,
  parsedRequest,
  parsedResponse,
  request,
  response,
  responseTo,
  target,
} from "../testing/index.ts";
import type { ServerTransaction } from "../transaction/index.ts";
import { isAllowedMethod } from "./allowed-methods.ts";
import { newCallId, newTag, randomHex } from "./identifiers.ts";
import { InviteUac } from "./invite-uac.ts";
import type { InviteUas } from "./invite-uas.ts";
import type { InviteUsage } from "./invite-usage.ts";

test("requests outside dialogs go to the core, INVITE as an invite", () => {
  const script = agentScript();
  const heard: string[] = [];
  const invites: InviteUas[] = [];
  script.agent.setCore({
    onInvite: (invite) => {
      heard.push("INVITE");
      invites.push(invite);
    },
    onOutOfDialogRequest: (one, transaction) => {
      heard.push(one.method);
      transaction.respond(script.agent.response(one, transaction.flow, 200));
    },
  });
  script.wire.inject(request("INVITE"));
  script.wire.inject(request("OPTIONS", { branch: "z9hG4bK-2", callId: "call-2" }));
  assert.deepEqual(heard, ["INVITE", "OPTIONS"]);
  script.wire.expect(200);
  assert.deepEqual(script.agent.counts, { dialogs: 0, invites: 1 });
  invites[0]?.reject(404);
  assert.deepEqual(script.agent.counts, { dialogs: 0, invites: 0 });
  expectNothingLeft(script);
});

test("who watches no more an INVITE whose key a later one has does not take that one's watcher", () => {
  const script = agentScript();
  const { agent } = script;
  const watched: ServerTransaction[] = [];
  const watch = agent.watchCancel.bind(agent);
  agent.watchCancel = (transaction, watcher) => {
    watched.push(transaction);
    watch(transaction, watcher);
  };
  agent.setCore({ onInvite: () => {}, onOutOfDialogRequest: () => assert.fail("it is an INVITE") });
  script.wire.inject(request("INVITE"));
  const [later] = watched;
  assert.ok(later !== undefined);
  const earlier = Object.create(later) as ServerTransaction;
  assert.equal(earlier.key, later.key);
  agent.unwatchCancel(earlier);
  agent.onCancel(earlier, parsedRequest(request("CANCEL")));
  script.wire.expectNothing();
  assert.deepEqual(agent.counts, { dialogs: 0, invites: 1 });
  script.wire.inject(request("CANCEL"));
  script.wire.expect(200);
  script.wire.expect(487);
  assert.deepEqual(agent.counts, { dialogs: 0, invites: 0 });
});

test("what requires an extension nobody knows gets 420 that names it, but ACK and CANCEL (RFC 3261 §8.2.2.3)", () => {
  const script = agentScript();
  const invites: InviteUas[] = [];
  script.agent.setCore({
    onInvite: (invite) => invites.push(invite),
    onOutOfDialogRequest: () => assert.fail("it requires what we do not know"),
  });
  const headerFields = [["Require", "X-Magic, x-more"]] as const;
  for (const method of ["INVITE", "OPTIONS"]) {
    const branch = `z9hG4bK-${method}`;
    script.wire.inject(request(method, { headerFields, branch, callId: method }));
    const refused = parsedResponse(script.wire.expect(420));
    assert.equal(refused.value("Unsupported"), "X-Magic, x-more");
    assert.notEqual(refused.toTag, "");
  }
  assert.deepEqual(invites, []);
  script.wire.inject(request("INVITE", { headerFields: [["Proxy-Require", "x-magic"]] }));
  assert.equal(invites.length, 1);
  script.wire.inject(request("CANCEL", { headerFields }));
  script.wire.expect(200);
  script.wire.expect(487);
  script.wire.inject(request("ACK", { headerFields }));
  expectNothingLeft(script);
});

test("a request of a dialog that nobody knows gets 481, an ACK nothing", () => {
  const script = agentScript();
  script.agent.setCore({
    onInvite: () => assert.fail("not a new INVITE"),
    onOutOfDialogRequest: () => assert.fail("not outside a dialog"),
  });
  for (const method of ["INVITE", "BYE", "OPTIONS", "INFO"]) {
    script.wire.inject(request(method, { toTag: "gone", branch: `z9hG4bK-${method}` }));
    const gone = parsedResponse(script.wire.expect(481));
    assert.equal(gone.value("To"), "<sip:bob@example.com>;tag=gone");
    assert.equal(gone.value("Server"), "Tandem/test");
  }
  script.wire.inject(request("ACK", { toTag: "gone", branch: "z9hG4bK-ack" }));
  script.wire.expectNothing();
  script.wire.inject(request("ACK", { toTag: "gone", branch: "z9hG4bK-INVITE" }));
  expectNothingLeft(script);
});

test("a parsed message goes the same way", () => {
  const script = agentScript();
  script.agent.receive(parsedRequest(request("BYE", { toTag: "gone" })), flow());
  script.wire.expect(481);
  expectNothingLeft(script);
});

test("a dialog is known by Call-ID and both tags", () => {
  const script = agentScript();
  const invites: InviteUas[] = [];
  script.agent.setCore({ onInvite: (one) => invites.push(one), onOutOfDialogRequest: () => {} });
  script.wire.inject(request("INVITE"));
  invites[0]?.provisional(180, "t1");
  const known = (parts: object) =>
    script.agent.knowsDialogOf(parsedRequest(request("BYE", { toTag: "t1", ...parts })));
  assert.equal(known({}), true);
  assert.equal(known({ toTag: "t2" }), false);
  assert.equal(known({ toTag: "" }), false);
  assert.equal(known({ fromTag: "other" }), false);
  assert.equal(known({ callId: "other" }), false);
  invites[0]?.reject(404);
  assert.equal(known({}), false);
  expectNothingLeft(script);
});

test("a 2xx after its transaction is gone gets the ACK of its dialog again, and nothing without one", () => {
  const script = agentScript();
  const usages: InviteUsage[] = [];
  const uac = new InviteUac(
    script.agent,
    outgoing("INVITE"),
    target(),
    {
      onProvisional: () => {},
      onAnswer: (_response, usage) => usages.push(usage),
      onRejected: () => {},
      onFailed: () => {},
    },
    { onRequest: () => {}, onAck: () => {}, onNoAck: () => {} },
  );
  uac.send();
  const text = script.wire.expect("INVITE");
  script.wire.inject(response(200));
  usages[0]?.acknowledge(7);
  const ack = script.wire.expect("ACK");
  script.clock.advance(32_000);
  assert.equal(script.agent.layer.counts.client, 0);
  script.wire.inject(responseTo(text, 180));
  script.wire.inject(responseTo(text, 486));
  script.wire.inject(responseTo(text, 200, { toTag: "other" }));
  script.wire.expectNothing();
  script.wire.inject(responseTo(text, 200));
  assert.equal(script.wire.expect("ACK"), ack);
  usages[0]?.close();
  script.wire.inject(responseTo(text, 200));
  script.wire.expectNothing();
  expectNothingLeft(script);
});

test("Contact names the interface's address and port, and the transport unless it is UDP", () => {
  const { agent } = agentScript();
  assert.equal(agent.contact("public", "UDP"), "<sip:198.51.100.1:5060>");
  assert.equal(agent.contact("public", "TCP"), "<sip:198.51.100.1:5060;transport=tcp>");
  assert.equal(agent.contact("public", "TLS"), "<sip:198.51.100.1:5061;transport=tls>");
});

test("a response says where the request came from, and who we are unless it is a 100", () => {
  const { agent } = agentScript();
  const asked = parsedRequest(request("OPTIONS", { vias: ["SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bK-x"] }));
  const ok = agent.response(asked, flow("UDP", { remoteAddress: "203.0.113.5", remotePort: 4000 }), 200);
  assert.equal(
    ok.headerFields.value("Via"),
    "SIP/2.0/UDP 10.0.0.1;rport=4000;branch=z9hG4bK-x;received=203.0.113.5",
  );
  assert.equal(ok.headerFields.value("Server"), "Tandem/test");
  assert.equal(agent.response(asked, flow(), 100).headerFields.has("Server"), false);
});

test("identifiers are hex of their length, and new each time", () => {
  assert.match(newTag(), /^[0-9a-f]{16}$/);
  assert.match(newCallId(), /^[0-9a-f]{32}$/);
  assert.match(randomHex(64), /^[0-9a-f]{128}$/);
  const tags = new Set(Array.from({ length: 2000 }, newTag));
  assert.equal(tags.size, 2000);
});

test("allowed methods are those of Allow", () => {
  for (const method of [
    "INVITE",
    "ACK",
    "CANCEL",
    "BYE",
    "OPTIONS",
    "INFO",
    "PRACK",
    "UPDATE",
    "REFER",
    "NOTIFY",
    "MESSAGE",
  ]) {
    assert.equal(isAllowedMethod(method), true);
  }
  for (const method of ["PUBLISH", "SUBSCRIBE", "invite"]) assert.equal(isAllowedMethod(method), false);
});

test("what a request requires and we do not know is refused with 420 and named (RFC 3261 §8.2.2.3)", () => {
  const script = agentScript();
  const heard: string[] = [];
  script.agent.setCore({
    onInvite: (invite) => heard.push(invite.request.callId),
    onOutOfDialogRequest: (one) => heard.push(one.method),
  });
  const requiring = (method: string, tags: string, callId: string): string =>
    request(method, { headerFields: [["Require", tags]], callId, branch: `z9hG4bK-${callId}` });
  script.wire.inject(requiring("INVITE", "100rel, Gruu, outbound, timer", "a"));
  const refused = parsedResponse(script.wire.expect(420));
  assert.equal(refused.value("Unsupported"), "Gruu, outbound");
  assert.notEqual(refused.toTag, "");
  script.wire.inject(requiring("OPTIONS", "pref", "b"));
  assert.equal(parsedResponse(script.wire.expect(420)).value("Unsupported"), "pref");
  assert.deepEqual(heard, []);
  script.wire.inject(requiring("INVITE", "100REL, timer", "c"));
  script.wire.inject(requiring("OPTIONS", "norefersub", "d"));
  assert.deepEqual(heard, ["c", "OPTIONS"]);
});
