import assert from "node:assert/strict";
import { test } from "node:test";
import {
  flow,
  inviteServerOverUdp,
  parsedRequest,
  parsedResponse,
  request,
  serverScript,
  transactionScript,
} from "../testing/index.ts";

test("a request is matched by branch, sent-by and method (RFC 3261 §17.2.3)", () => {
  const { tu, wire, layer } = inviteServerOverUdp();
  wire.inject(request("INVITE"));
  tu.expectNothing();
  // Another call each, so that none is a merged request.
  wire.inject(request("INVITE", { branch: "z9hG4bK-alice-2", callId: "call-2" }));
  tu.expectRequest("INVITE");
  wire.inject(request("INVITE", { sentBy: "192.0.2.2:5060", callId: "call-3" }));
  tu.expectRequest("INVITE");
  wire.inject(request("INVITE", { sentBy: "192.0.2.1:5062", callId: "call-4" }));
  tu.expectRequest("INVITE");
  wire.inject(request("OPTIONS"));
  tu.expectRequest("OPTIONS");
  // The host of sent-by is compared without case.
  wire.inject(request("INVITE", { sentBy: "pbx.example.com", callId: "call-5" }));
  tu.expectRequest("INVITE");
  wire.inject(request("INVITE", { sentBy: "PBX.example.com", callId: "call-5" }));
  tu.expectNothing();
  wire.expectNothing();
  assert.deepEqual(layer.counts, { client: 0, server: 6 });
});

test("a malformed request is answered without a transaction, with the fault as its reason phrase", () => {
  const { tu, wire, layer, clock } = transactionScript();
  wire.inject(request("INVITE").replace("Max-Forwards: 70", "Max-Forwards: seventy"));
  const refused = parsedResponse(wire.expect(400));
  assert.equal(refused.reasonPhrase, "Malformed Max-Forwards header field");
  assert.notEqual(refused.toTag, "");
  wire.inject(
    request("INVITE").replace("INVITE sip:bob@198.51.100.1 SIP/2.0", "INVITE sip:bob@198.51.100.1 SIP/3.0"),
  );
  wire.expect(505);
  tu.expectNothing();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("a malformed request that cannot be answered, and a malformed ACK, is dropped and reported", () => {
  const { tu, wire } = transactionScript();
  wire.inject("INVITE sip:bob@198.51.100.1 SIP/2.0\r\nTo: <sip:bob@example.com>\r\n\r\n");
  assert.match(tu.expect("unanswerable").text ?? "", /^Missing /);
  wire.inject(request("ACK").replace("Max-Forwards: 70", "Max-Forwards: seventy"));
  assert.equal(tu.expect("unanswerable").text, "Malformed Max-Forwards header field");
  wire.expectNothing();
});

test("a stateless response has the same To tag for a retransmission, and its ACK is absorbed (RFC 3261 §8.2.7)", () => {
  const { tu, wire } = transactionScript();
  const malformed = request("INVITE").replace("Max-Forwards: 70", "Max-Forwards: seventy");
  wire.inject(malformed);
  const first = parsedResponse(wire.expect(400));
  wire.inject(malformed);
  assert.equal(parsedResponse(wire.expect(400)).toTag, first.toTag);
  wire.inject(request("ACK", { toTag: first.toTag }));
  tu.expectNothing();
  wire.inject(request("ACK", { toTag: "other" }));
  tu.expect("ack");
  const other = transactionScript();
  other.wire.inject(malformed);
  assert.notEqual(parsedResponse(other.wire.expect(400)).toTag, first.toTag);
});

test("respondStatelessly: source noted in the Via, on the flow of the request, never to an ACK", () => {
  const { wire, layer } = transactionScript();
  const on = flow("UDP", { remoteAddress: "203.0.113.9", remotePort: 3456 });
  layer.respondStatelessly(parsedRequest(request("OPTIONS")), 503, on, { reasonPhrase: "Draining" });
  const sent = wire.expectSent(503);
  assert.equal(sent.flow, on);
  const answer = parsedResponse(sent.text);
  assert.equal(answer.reasonPhrase, "Draining");
  assert.equal(
    answer.via().ok && answer.value("Via"),
    "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-alice-1;received=203.0.113.9",
  );
  layer.respondStatelessly(parsedRequest(request("ACK")), 503, on);
  wire.expectNothing();
});

test("CANCEL of an INVITE: 200 with the tag of our responses, and the TU hears of it once (RFC 3261 §9.2)", () => {
  const { tu, wire, layer, transaction } = inviteServerOverUdp();
  tu.respond(transaction, 180, "early");
  wire.expect(180);
  wire.inject(request("CANCEL"));
  const ok = parsedResponse(wire.expect(200));
  assert.equal(ok.value("CSeq"), "1 CANCEL");
  assert.equal(ok.toTag, "early");
  const cancelled = tu.expect("cancel");
  assert.equal(cancelled.server, transaction);
  assert.equal(cancelled.request?.method, "CANCEL");
  wire.inject(request("CANCEL"));
  assert.equal(parsedResponse(wire.expect(200)).toTag, "early");
  tu.expectNothing();
  tu.respond(transaction, 487, "early");
  wire.expect(487);
  wire.inject(request("ACK", { toTag: "early" }));
  assert.equal(transaction.state, "confirmed");
  assert.deepEqual(layer.counts, { client: 0, server: 1 });
});

test("CANCEL before any response has a tag of its own, the same for each", () => {
  const { tu, wire } = inviteServerOverUdp();
  wire.inject(request("CANCEL"));
  const first = parsedResponse(wire.expect(200));
  assert.notEqual(first.toTag, "");
  tu.expect("cancel");
  wire.inject(request("CANCEL"));
  assert.equal(parsedResponse(wire.expect(200)).toTag, first.toTag);
});

test("CANCEL after the final response: 200, and it changes nothing", () => {
  for (const statusCode of [200, 486]) {
    const { tu, wire, transaction } = inviteServerOverUdp();
    tu.respond(transaction, statusCode);
    wire.expect(statusCode);
    wire.inject(request("CANCEL"));
    wire.expect(200);
    tu.expectNothing();
  }
});

test("CANCEL that matches no INVITE: 481, by branch and by sent-by", () => {
  const { tu, wire, layer } = inviteServerOverUdp();
  wire.inject(request("CANCEL", { branch: "z9hG4bK-other" }));
  wire.expect(481);
  wire.inject(request("CANCEL", { sentBy: "192.0.2.7" }));
  wire.expect(481);
  const options = serverScript("OPTIONS");
  options.wire.inject(request("CANCEL"));
  options.wire.expect(481);
  tu.expectNothing();
  options.tu.expectNothing();
  assert.deepEqual(layer.counts, { client: 0, server: 1 });
});

test("a merged request: 482 while the first is being worked on (RFC 3261 §8.2.2.2)", () => {
  for (const method of ["INVITE", "OPTIONS"]) {
    const { tu, wire, layer, transaction } = serverScript(method);
    const copy = { branch: "z9hG4bK-other-path" };
    wire.inject(request(method, copy));
    const refused = parsedResponse(wire.expect(482));
    assert.equal(refused.branch, copy.branch);
    wire.inject(request("ACK", { ...copy, toTag: refused.toTag }));
    tu.expectNothing();
    assert.deepEqual(layer.counts, { client: 0, server: 1 });
    // Another Call-ID, number, From tag or a To tag: not merged.
    const others = [{ callId: "call-2" }, { sequenceNumber: 2 }, { fromTag: "carol" }, { toTag: "our-tag" }];
    for (const [i, other] of others.entries()) {
      wire.inject(request(method, { ...other, branch: `z9hG4bK-new-${i}` }));
      tu.expectRequest(method);
    }
    wire.expectNothing();
    assert.equal(transaction.isFinal, false);
  }
});

test("Call-IDs are compared byte by byte: a copy in other letters is another request (RFC 3261 §20.8)", () => {
  const { tu, wire } = serverScript("INVITE", {});
  wire.inject(request("INVITE", { callId: "CALL-1", branch: "z9hG4bK-other-path" }));
  tu.expectRequest("INVITE");
  wire.inject(request("INVITE", { callId: "call-1", branch: "z9hG4bK-third-path" }));
  wire.expect(482);
});

test("an answered call still refuses the copy; after a failure the client may try another path (RFC 3263 §4.3)", () => {
  const copy = request("INVITE", { branch: "z9hG4bK-other-path" });
  const answered = inviteServerOverUdp();
  answered.tu.respond(answered.transaction, 200);
  answered.wire.expect(200);
  answered.wire.inject(copy);
  answered.wire.expect(482);

  const failed = inviteServerOverUdp();
  failed.tu.respond(failed.transaction, 503);
  failed.wire.expect(503);
  failed.wire.inject(copy);
  const { transaction } = failed.tu.expectRequest("INVITE");
  // The first one's end does not open the door for copies of the second.
  failed.wire.inject(request("ACK", { toTag: "our-tag" }));
  failed.clock.advance(5000);
  failed.tu.expectTerminated();
  failed.wire.inject(request("INVITE", { branch: "z9hG4bK-third-path" }));
  failed.wire.expect(482);
  failed.tu.respond(transaction, 486);
  failed.wire.expect(486);

  const options = serverScript("OPTIONS");
  options.tu.respond(options.transaction, 200);
  options.wire.expect(200);
  options.wire.inject(request("OPTIONS", { branch: "z9hG4bK-other-path" }));
  options.tu.expectRequest("OPTIONS");
});

test("once the call is over nothing is remembered of it", () => {
  const { tu, wire, clock, transaction } = inviteServerOverUdp();
  tu.respond(transaction, 200);
  wire.expect(200);
  clock.advance(32_000);
  tu.expectTerminated();
  wire.inject(request("INVITE", { branch: "z9hG4bK-other-path" }));
  tu.expectRequest("INVITE");
});

test("limit of server transactions: at the limit it works, one past it gets 503, the reserve is for dialogs", () => {
  const limits = { maximumServerTransactions: 2, reservedTransactions: 1 };
  const { tu, wire, layer } = transactionScript({ limits });
  const numbered = (method: string, n: number, toTag = "") =>
    request(method, { branch: `z9hG4bK-${n}`, callId: `call-${n}`, toTag });
  wire.inject(numbered("INVITE", 1));
  const first = tu.expectRequest("INVITE");
  wire.inject(numbered("INVITE", 2));
  tu.expectRequest("INVITE");
  wire.inject(numbered("INVITE", 3));
  const refused = parsedResponse(wire.expect(503));
  assert.equal(refused.has("Retry-After"), false);
  tu.expectNothing();
  // Retransmissions and ACKs still find their transactions.
  wire.inject(numbered("INVITE", 1));
  wire.inject(numbered("CANCEL", 1));
  wire.expect(200);
  tu.expect("cancel");
  wire.inject(numbered("BYE", 4, "our-tag"));
  tu.expectRequest("BYE");
  wire.inject(numbered("BYE", 5, "our-tag"));
  wire.expect(503);
  wire.inject(numbered("OPTIONS", 6));
  wire.expect(503);
  tu.expectNothing();
  assert.deepEqual(layer.counts, { client: 0, server: 3 });
  tu.respond(first.transaction, 486);
  wire.expect(486);
});

test("an ACK that matches no transaction goes to the TU with its flow", () => {
  const { tu, wire } = transactionScript();
  wire.inject(request("ACK", { toTag: "our-tag" }));
  assert.equal(tu.expect("ack").request?.toTag, "our-tag");
});

test("with the magic cookie nothing but branch, sent-by and method counts", () => {
  const { tu, wire, transaction } = inviteServerOverUdp();
  tu.respond(transaction, 486);
  const busy = wire.expect(486);
  const vias = ["SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK-alice-1;x=y"];
  wire.inject(request("INVITE", { vias, requestUri: "sip:carol@198.51.100.1" }));
  assert.equal(wire.expect(486), busy);
  wire.inject(request("ACK", { vias, toTag: "changed-on-the-way" }));
  assert.equal(transaction.state, "confirmed");
});

test("stateless responses to different requests differ in their To tags, by branch and by Call-ID", () => {
  const { wire, layer } = transactionScript();
  const tags = [{}, { branch: "z9hG4bK-alice-2" }, { callId: "call-2" }, { branch: "z9hG4bK-alice-3" }].map(
    (parts) => {
      layer.respondStatelessly(parsedRequest(request("INVITE", parts)), 403, flow());
      return parsedResponse(wire.expect(403)).toTag;
    },
  );
  assert.equal(new Set(tags).size, tags.length);
});
