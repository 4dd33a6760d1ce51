import assert from "node:assert/strict";
import { test } from "node:test";
import { createResponse, UnserializableMessageError } from "../message/index.ts";
import {
  flow,
  inviteServerOverTcp,
  inviteServerOverUdp,
  parsedRequest,
  request,
  serverScript,
} from "../testing/index.ts";

const ack = request("ACK", { toTag: "our-tag" });

test("a lost ACK over UDP: timer G doubles up to T2, H gives up after 64*T1 (RFC 3261 §17.2.1)", () => {
  const { tu, wire, clock, layer, transaction } = inviteServerOverUdp();
  tu.respond(transaction, 486);
  const first = wire.expect(486);
  for (const interval of [500, 1000, 2000, 4000, 4000, 4000, 4000, 4000, 4000, 4000]) {
    clock.advance(interval - 1);
    wire.expectNothing();
    clock.advance(1);
    assert.equal(wire.expect(486), first);
  }
  clock.advance(499);
  tu.expectNothing();
  assert.deepEqual(layer.counts, { client: 0, server: 1 });
  clock.advance(1);
  wire.expectNothing();
  tu.expect("no ack");
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("the ACK ends retransmission, I absorbs further ACKs for T4", () => {
  const { tu, wire, clock, layer, transaction } = inviteServerOverUdp();
  tu.respond(transaction, 486);
  wire.expect(486);
  wire.inject(ack);
  assert.equal(transaction.state, "confirmed");
  wire.inject(ack);
  wire.inject(request("INVITE"));
  clock.advance(4999);
  wire.expectNothing();
  tu.expectNothing();
  assert.deepEqual(layer.counts, { client: 0, server: 1 });
  clock.advance(1);
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("over TCP there is no G, H still runs, and the ACK ends it at once", () => {
  const { tu, wire, clock, layer, transaction } = inviteServerOverTcp();
  tu.respond(transaction, 486);
  wire.expect(486);
  clock.advance(31_999);
  wire.expectNothing();
  tu.expectNothing();
  clock.advance(1);
  tu.expect("no ack");
  tu.expectTerminated();

  const second = inviteServerOverTcp();
  second.tu.respond(second.transaction, 486);
  second.wire.expect(486);
  second.wire.inject(request("ACK", { transport: "TCP", toTag: "our-tag" }));
  second.tu.expectTerminated();
  assert.deepEqual(second.layer.counts, { client: 0, server: 0 });
  assert.equal(second.clock.pendingTimers, 0);
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
});

test("the INVITE again: nothing before a response, then the last provisional, then the failure", () => {
  const { tu, wire, transaction } = inviteServerOverUdp();
  const invite = request("INVITE");
  wire.inject(invite);
  wire.expectNothing();
  tu.respond(transaction, 100);
  tu.respond(transaction, 180);
  wire.expect(100);
  const ringing = wire.expect(180);
  wire.inject(invite);
  assert.equal(wire.expect(180), ringing);
  tu.respond(transaction, 603);
  const decline = wire.expect(603);
  wire.inject(invite);
  assert.equal(wire.expect(603), decline);
  wire.expectNothing();
  tu.expectNothing();
});

test("accepted (RFC 6026): the INVITE again is absorbed, the TU repeats its 2xx, L ends it after 64*T1", () => {
  for (const script of [inviteServerOverUdp(), inviteServerOverTcp()]) {
    const { tu, wire, clock, layer, transaction, text } = script;
    tu.respond(transaction, 200);
    const ok = wire.expect(200);
    assert.equal(transaction.isFinal, true);
    wire.inject(text);
    wire.expectNothing();
    tu.expectNothing();
    clock.advance(10_000);
    wire.expectNothing();
    assert.deepEqual(layer.repetitions, { requests: 0, responses: 0, absorbed: 1 });
    transaction.retransmit();
    assert.equal(layer.repetitions.responses, 1);
    assert.equal(wire.expect(200), ok);
    tu.respond(transaction, 200);
    assert.equal(wire.expect(200), ok);
    tu.respond(transaction, 486);
    tu.respond(transaction, 180);
    wire.expectNothing();
    clock.advance(21_999);
    assert.deepEqual(layer.counts, { client: 0, server: 1 });
    clock.advance(1);
    tu.expectTerminated();
    assert.deepEqual(layer.counts, { client: 0, server: 0 });
    assert.equal(clock.pendingTimers, 0);
  }
});

test("an ACK for the 2xx goes to the TU, with the INVITE's branch or with its own, and the 2xx is dropped", () => {
  for (const branch of ["z9hG4bK-alice-1", "z9hG4bK-of-the-ack"]) {
    const { tu, wire, layer, transaction } = inviteServerOverUdp();
    tu.respond(transaction, 200);
    wire.expect(200);
    wire.inject(request("ACK", { toTag: "our-tag", branch }));
    assert.equal(tu.expect("ack").request?.branch, branch);
    transaction.retransmit();
    wire.expectNothing();
    assert.equal(transaction.state, "accepted");
    assert.deepEqual(layer.counts, { client: 0, server: 1 });
  }
});

test("an ACK of another INVITE leaves the 2xx alone", () => {
  const { tu, wire, transaction } = inviteServerOverUdp();
  tu.respond(transaction, 200);
  wire.expect(200);
  wire.inject(request("ACK", { toTag: "our-tag", branch: "z9hG4bK-2", sequenceNumber: 2 }));
  tu.expect("ack");
  transaction.retransmit();
  wire.expect(200);
});

test("an ACK before a final response is nothing", () => {
  const { tu, wire, transaction } = inviteServerOverUdp();
  wire.inject(ack);
  tu.expectNothing();
  assert.equal(transaction.state, "proceeding");
  assert.equal(transaction.isFinal, false);
});

test("responses go back on the flow of the request, after it closed on that of the INVITE that came again", () => {
  const { tu, wire, transaction, text } = inviteServerOverTcp();
  const first = wire.incomingFlow;
  const second = flow("TCP", { id: "second connection" });
  wire.inject(text, second);
  tu.respond(transaction, 180);
  assert.equal(wire.expectSent(180).flow, first);
  first.isOpen = false;
  wire.inject(text, second);
  assert.equal(wire.expectSent(180).flow, second);
  assert.equal(transaction.flow, second);
});

test("a transport error is told, and the transaction lives on (RFC 6026 §8.8)", () => {
  const { tu, wire, clock, transaction } = inviteServerOverUdp();
  tu.respond(transaction, 180);
  wire.expect(180);
  wire.fail("no route");
  assert.equal(tu.expect("transport-error").text, "no route");
  tu.respond(transaction, 486);
  wire.expect(486);
  wire.fail();
  tu.expect("transport-error");
  clock.advance(500);
  wire.expect(486);
  wire.inject(ack);
  wire.fail();
  tu.expectNothing();
});

test("a response that cannot be written leaves the transaction as it was", () => {
  const { tu, wire, clock, transaction } = inviteServerOverUdp();
  const broken = createResponse(tu.requestOf(transaction), 486, { toTag: "our-tag" });
  broken.headerFields.append("X-Broken", "a\r\nb");
  assert.throws(() => transaction.respond(broken), UnserializableMessageError);
  assert.equal(transaction.state, "proceeding");
  assert.equal(clock.pendingTimers, 0);
  tu.respond(transaction, 500);
  wire.expect(500);
});

test("the To tag of the last response", () => {
  const { tu, transaction } = inviteServerOverUdp();
  assert.equal(transaction.toTag, "");
  tu.respond(transaction, 100);
  assert.equal(transaction.toTag, "");
  tu.respond(transaction, 180, "first");
  assert.equal(transaction.toTag, "first");
  tu.respond(transaction, 183, "second");
  assert.equal(transaction.toTag, "second");
});

test("an RFC 2543 element without branches: retransmission and ACK are recognised by their header fields (§17.2.3)", () => {
  const script = serverScript("INVITE", { branch: "" });
  const { tu, wire, transaction } = script;
  tu.respond(transaction, 486);
  const busy = wire.expect(486);
  wire.inject(request("INVITE", { branch: "" }));
  assert.equal(wire.expect(486), busy);
  const others = [
    { toTag: "another" },
    { toTag: "our-tag", requestUri: "sip:carol@198.51.100.1" },
    { toTag: "our-tag", fromTag: "mallory" },
    { toTag: "our-tag", callId: "call-2" },
    { toTag: "our-tag", sequenceNumber: 2 },
    { toTag: "our-tag", sentBy: "192.0.2.9:5060" },
  ];
  for (const parts of others) {
    wire.inject(request("ACK", { branch: "", ...parts }));
    tu.expect("ack");
    assert.equal(transaction.state, "completed");
  }
  wire.inject(request("ACK", { branch: "", toTag: "our-tag" }));
  tu.expectNothing();
  assert.equal(transaction.state, "confirmed");
});

test("a branch without the magic cookie does not identify a transaction either", () => {
  const { tu, wire, transaction } = serverScript("INVITE", { branch: "1" });
  wire.inject(request("INVITE", { branch: "1", callId: "call-2" }));
  tu.expectRequest("INVITE");
  tu.respond(transaction, 486);
  wire.expect(486);
  wire.inject(request("ACK", { branch: "1", toTag: "not-ours" }));
  tu.expect("ack");
  assert.equal(transaction.state, "completed");
});

test("a TU that throws leaves no timer behind", () => {
  const { tu, wire, clock, layer, transaction } = inviteServerOverUdp();
  tu.react = () => {
    throw new Error("bug in the TU");
  };
  tu.respond(transaction, 200);
  wire.expect(200);
  assert.throws(() => wire.inject(request("ACK", { toTag: "our-tag" })), /bug in the TU/);
  assert.throws(() => clock.advance(32_000), /bug in the TU/);
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("the request of the transaction is what came", () => {
  const { transaction, text } = inviteServerOverUdp();
  assert.equal(transaction.request?.text, text);
  assert.equal(transaction.method, "INVITE");
  assert.equal(parsedRequest(text).branch, "z9hG4bK-alice-1");
});

test("after the ACK of a failure nothing is left to send again", () => {
  const { tu, wire, transaction } = inviteServerOverUdp();
  tu.respond(transaction, 486);
  wire.expect(486);
  transaction.retransmit();
  wire.expect(486);
  wire.inject(ack);
  transaction.retransmit();
  wire.expectNothing();
});

test("close in accepted, completed and confirmed leaves no timer", () => {
  for (const statusCode of [200, 486]) {
    for (const message of [undefined, ack]) {
      const { tu, wire, clock, layer, transaction } = inviteServerOverUdp();
      tu.respond(transaction, statusCode);
      if (message !== undefined) wire.inject(message);
      layer.close();
      assert.equal(transaction.state, "terminated");
      assert.equal(clock.pendingTimers, 0);
    }
  }
});

test("an ACK reaches the TU with the flow that it came on", () => {
  for (const branch of ["z9hG4bK-alice-1", "z9hG4bK-of-the-ack"]) {
    const { tu, wire, transaction } = inviteServerOverUdp();
    tu.respond(transaction, 200);
    const other = flow("UDP", { remotePort: 9999 });
    wire.inject(request("ACK", { toTag: "our-tag", branch }), other);
    assert.equal(tu.expect("ack").flow, other);
  }
});

test("the request goes with the ACK for a 2xx: the transaction lives on for 32 s without it", () => {
  const { tu, wire, transaction, text } = inviteServerOverUdp();
  tu.respond(transaction, 200);
  wire.expect(200);
  assert.equal(transaction.request?.text, text, "still needed until the ACK");
  const invite = tu.requestOf(transaction);
  wire.inject(
    `ACK sip:gateway SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK-ack\r\nFrom: ${invite.value("From")}\r\n` +
      `To: ${invite.value("To")};tag=our-tag\r\nCall-ID: ${invite.callId}\r\nCSeq: ${invite.cseqNumber} ACK\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`,
  );
  assert.equal(transaction.request, undefined);
  assert.equal(transaction.method, "INVITE");
  assert.equal(transaction.isInDialog, false);
});
