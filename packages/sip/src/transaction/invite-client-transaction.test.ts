import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clientOverTcp,
  clientOverUdp,
  outgoing,
  parsedRequest,
  response,
  responseTo,
  transactionScript,
} from "../testing/index.ts";

test("INVITE over UDP: timer A doubles until 1xx, 486 is ACKed and re-ACKed (RFC 3261 §17.1.1.2)", () => {
  const { tu, wire, clock, layer } = clientOverUdp();
  tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  clock.advance(500);
  wire.expect("INVITE");
  clock.advance(1000);
  wire.expect("INVITE");
  wire.inject(response(180));
  tu.expect(180);
  clock.advance(60_000);
  wire.expectNothing();
  wire.inject(response(486));
  tu.expect(486);
  wire.expect("ACK");
  wire.inject(response(486));
  tu.expectNothing();
  wire.expect("ACK");
  clock.advance(32_000);
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("timer D: a failure that comes again over UDP is acknowledged again for 32 s, and not a millisecond longer", () => {
  const { tu, wire, clock } = clientOverUdp();
  tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  wire.inject(response(486));
  tu.expect(486);
  wire.expect("ACK");
  clock.advance(31_999);
  wire.inject(response(486));
  wire.expect("ACK");
  clock.advance(1);
  tu.expectTerminated();
  wire.expectNothing();
});

test("timer A doubles without a cap, timer B ends it after 64*T1: seven INVITEs in all", () => {
  const { tu, wire, clock, layer } = clientOverUdp();
  tu.send(outgoing("INVITE"));
  const first = wire.expect("INVITE");
  for (const interval of [500, 1000, 2000, 4000, 8000, 16_000]) {
    clock.advance(interval - 1);
    wire.expectNothing();
    clock.advance(1);
    assert.equal(wire.expect("INVITE"), first);
  }
  clock.advance(499);
  tu.expectNothing();
  clock.advance(1);
  wire.expectNothing();
  assert.equal(tu.expect("failure timeout").text, "no response");
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("the timers are those of the instance", () => {
  const timers = { t1Ms: 100, t2Ms: 800, t4Ms: 1000, timerDMs: 7000 };
  const { tu, wire, clock } = transactionScript({ timers });
  tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  clock.advance(100);
  wire.expect("INVITE");
  wire.inject(response(404));
  wire.expect("ACK");
  tu.expect(404);
  clock.advance(6999);
  tu.expectNothing();
  clock.advance(1);
  tu.expectTerminated();
  tu.send(outgoing("INVITE"));
  clock.advance(6399);
  tu.expectNothing();
  clock.advance(1);
  tu.expect("failure timeout");
});

test("over TCP nothing is retransmitted, B still gives up, and a failure ends the transaction at once", () => {
  const { tu, wire, clock, layer } = clientOverTcp();
  tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  clock.advance(31_999);
  wire.expectNothing();
  tu.expectNothing();
  clock.advance(1);
  tu.expect("failure timeout");
  tu.expectTerminated();

  tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  wire.inject(response(486));
  wire.expect("ACK");
  tu.expect(486);
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("accepted (RFC 6026): every 2xx reaches the TU, nothing is acknowledged, M ends it after 64*T1", () => {
  for (const { tu, wire, clock, layer } of [clientOverUdp(), clientOverTcp()]) {
    const transaction = tu.send(outgoing("INVITE"));
    wire.expect("INVITE");
    wire.inject(response(200));
    tu.expect(200);
    wire.inject(response(200));
    tu.expect(200);
    wire.inject(response(200, { toTag: "other-branch" }));
    assert.equal(tu.expect(200).response?.toTag, "other-branch");
    wire.inject(response(486));
    wire.inject(response(180));
    tu.expectNothing();
    wire.expectNothing();
    assert.equal(transaction.state, "accepted");
    clock.advance(31_999);
    assert.deepEqual(layer.counts, { client: 1, server: 0 });
    clock.advance(1);
    tu.expectTerminated();
    assert.deepEqual(layer.counts, { client: 0, server: 0 });
    assert.equal(clock.pendingTimers, 0);
  }
});

test("a ringing phone is not limited: B and A are off in proceeding", () => {
  const { tu, wire, clock } = clientOverUdp();
  const transaction = tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  wire.inject(response(100));
  tu.expect(100);
  clock.advance(600_000);
  tu.expectNothing();
  wire.expectNothing();
  assert.equal(transaction.state, "proceeding");
  assert.equal(clock.pendingTimers, 0);
});

test("the ACK for a failure: Request-URI, Route, Via, From, Call-ID and number of the INVITE, To of the response (RFC 3261 §17.1.1.3)", () => {
  const { tu, wire } = clientOverUdp();
  tu.send(
    outgoing("INVITE", [
      ["Route", "<sip:proxy1.example.com;lr>"],
      ["Route", "<sip:proxy2.example.com;lr>"],
      ["Contact", "<sip:gateway@198.51.100.1>"],
      ["P-Asserted-Identity", "<sip:+15551234567@example.com>"],
    ]),
  );
  const invite = parsedRequest(wire.expect("INVITE"));
  wire.inject(response(503, { toTag: "peer" }));
  assert.equal(
    wire.expect("ACK"),
    [
      "ACK sip:bob@192.0.2.1 SIP/2.0",
      `Via: ${invite.value("Via")}`,
      "Max-Forwards: 70",
      "Route: <sip:proxy1.example.com;lr>",
      "Route: <sip:proxy2.example.com;lr>",
      "From: <sip:gateway@example.com>;tag=our-tag",
      "To: <sip:bob@example.com>;tag=peer",
      "Call-ID: our-call",
      "CSeq: 7 ACK",
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n"),
  );
});

test("the ACK goes where the INVITE went, and the same ACK goes again", () => {
  const { tu, wire } = clientOverUdp();
  const transaction = tu.send(outgoing("INVITE"));
  const sent = wire.expectSent("INVITE");
  wire.inject(response(486));
  const ack = wire.expectSent("ACK");
  assert.deepEqual(ack.target, sent.target);
  wire.inject(response(486, { toTag: "changed-on-the-way" }));
  assert.equal(wire.expectSent("ACK").text, ack.text);
  assert.equal(transaction.flow, sent.flow);
});

test("an INVITE that the transport sent by TCP because of its length: ACK and CANCEL follow it there", () => {
  const { tu, wire, layer } = clientOverUdp();
  wire.upgradesToTcp = true;
  wire.sentByPorts.TCP = 5070;
  const transaction = tu.send(outgoing("INVITE"));
  const invite = parsedRequest(wire.expect("INVITE"));
  const viaOnTcp = `SIP/2.0/TCP 198.51.100.1:5070;branch=${invite.branch}`;
  // The transport has rewritten the Via; the peer answers to that one.
  wire.inject(response(180, { vias: [viaOnTcp] }));
  tu.expectNothing();
  wire.incomingFlow = { ...wire.incomingFlow, protocol: "TCP", isReliable: true };
  wire.inject(response(180, { vias: [viaOnTcp] }));
  tu.expect(180);
  layer.cancel(transaction);
  const cancel = wire.expectSent("CANCEL");
  assert.equal(cancel.target?.protocol, "TCP");
  assert.equal(parsedRequest(cancel.text).value("Via"), viaOnTcp);
  wire.inject(responseTo(cancel.text, 200));
  assert.deepEqual(layer.counts, { client: 1, server: 0 });
  wire.inject(response(487, { vias: [viaOnTcp] }));
  const ack = wire.expectSent("ACK");
  assert.equal(ack.target?.protocol, "TCP");
  assert.equal(parsedRequest(ack.text).value("Via"), viaOnTcp);
});

test("a transport error ends the transaction while calling", () => {
  const { tu, wire, clock, layer } = clientOverUdp();
  tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  wire.fail("port unreachable");
  assert.equal(tu.expect("failure transport-error").text, "port unreachable");
  tu.expectTerminated();
  wire.fail("once more");
  tu.expectNothing();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("over UDP an ICMP message after the first response means nothing", () => {
  const { tu, wire } = clientOverUdp();
  const transaction = tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  wire.inject(response(180));
  tu.expect(180);
  wire.fail();
  tu.expectNothing();
  assert.equal(transaction.state, "proceeding");
  wire.inject(response(486));
  tu.expect(486);
  wire.expect("ACK");
  wire.fail();
  tu.expectNothing();
  assert.equal(transaction.state, "completed");
});

test("over TCP a transport error counts in proceeding too", () => {
  const { tu, wire, layer } = clientOverTcp();
  tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  wire.inject(response(180));
  tu.expect(180);
  wire.fail("reset");
  assert.equal(tu.expect("failure transport-error").text, "reset");
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
});

test("a TU that throws leaves no transaction and no timer behind", () => {
  for (const script of [clientOverTcp(), clientOverUdp()]) {
    const { tu, wire, clock, layer } = script;
    tu.send(outgoing("INVITE"));
    wire.expect("INVITE");
    tu.react = (event) => {
      if (event.what === "response 486") throw new Error("bug in the TU");
    };
    assert.throws(() => wire.inject(response(486)), /bug in the TU/);
    wire.expect("ACK");
    clock.advance(32_000);
    assert.deepEqual(layer.counts, { client: 0, server: 0 });
    assert.equal(clock.pendingTimers, 0);
  }
});

test("a TU that forgets the transaction inside its callback hears nothing more", () => {
  const { tu, wire, clock, layer } = clientOverTcp();
  tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  tu.react = ({ client }) => client !== undefined && layer.forget(client);
  wire.inject(response(486));
  tu.expect(486);
  tu.expectNothing();
  assert.equal(clock.pendingTimers, 0);
});

test("a CANCEL before the first response: its timer goes on through 1xx and ends with the final response", () => {
  const silent = clientOverTcp();
  silent.layer.cancel(silent.tu.send(outgoing("INVITE")));
  silent.clock.advance(1000);
  silent.wire.inject(response(180));
  silent.tu.expect(180);
  silent.clock.advance(30_999);
  silent.tu.expectNothing();
  silent.clock.advance(1);
  silent.tu.expect("failure timeout");

  const { tu, wire, clock, layer } = clientOverTcp();
  layer.cancel(tu.send(outgoing("INVITE")));
  wire.expect("INVITE");
  wire.inject(responseTo(wire.expect("CANCEL"), 200));
  wire.inject(response(200));
  tu.expect(200);
  // Only timer M is left.
  assert.equal(clock.pendingTimers, 1);
});

test("forget in accepted, in completed and while calling leaves no timer", () => {
  for (const statusCode of [200, 486, 180, undefined]) {
    const { tu, wire, clock, layer } = clientOverUdp();
    const transaction = tu.send(outgoing("INVITE"));
    if (statusCode !== undefined) wire.inject(response(statusCode));
    layer.forget(transaction);
    assert.equal(clock.pendingTimers, 0);
    assert.equal(transaction.state, "terminated");
  }
});

test("the text of the INVITE is let go as soon as it cannot be sent again", () => {
  const { tu, wire } = clientOverUdp();
  const transaction = tu.send(outgoing("INVITE"));
  assert.equal(Reflect.get(transaction, "text"), wire.expect("INVITE"));
  wire.inject(response(100));
  assert.equal(Reflect.get(transaction, "text"), "");
});

test("the id is the branch; that of a CANCEL tells it from its INVITE", () => {
  const { tu, layer } = clientOverUdp();
  const invite = tu.send(outgoing("INVITE"));
  assert.equal(invite.id, invite.branch);
  const cancel = layer.cancel(invite);
  assert.equal(cancel?.branch, invite.branch);
  assert.equal(cancel?.id, `${invite.branch} CANCEL`);
});
