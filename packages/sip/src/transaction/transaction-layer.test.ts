import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderFields } from "../message/index.ts";
import {
  clientOverTcp,
  clientOverUdp,
  flow,
  outgoing,
  parsedRequest,
  parsedResponse,
  request,
  response,
  responseTo,
  target,
  transactionScript,
} from "../testing/index.ts";

test("send puts our Via on top, with a new branch each time, and Max-Forwards below", () => {
  const { tu, wire } = clientOverUdp();
  const transaction = tu.send(
    outgoing("OPTIONS", [["Via", "SIP/2.0/UDP below.example.com;branch=z9hG4bK1"]]),
  );
  const first = parsedRequest(wire.expect("OPTIONS"));
  assert.match(first.branch, /^z9hG4bKtdm[0-9a-z]+\.[0-9a-f]{12}$/);
  assert.deepEqual(first.values("Via"), [
    `SIP/2.0/UDP 198.51.100.1:5060;branch=${first.branch};rport`,
    "SIP/2.0/UDP below.example.com;branch=z9hG4bK1",
  ]);
  assert.deepEqual(
    first
      .rows()
      .slice(0, 3)
      .map((row) => row.name),
    ["Via", "Max-Forwards", "From"],
  );
  assert.equal(first.maxForwards(), 70);
  assert.equal(transaction.branch, first.branch);
  assert.equal(transaction.method, "OPTIONS");
  tu.send(outgoing("OPTIONS", [["Max-Forwards", "12"]]));
  const second = parsedRequest(wire.expect("OPTIONS"));
  assert.notEqual(second.branch, first.branch);
  assert.deepEqual(second.values("Max-Forwards"), ["12"]);
});

test("the Via names the transport; only UDP asks for rport (RFC 3581)", () => {
  const { wire, layer, tu } = transactionScript();
  layer.send(outgoing("OPTIONS"), target("TCP"), tu);
  assert.match(
    parsedRequest(wire.expect("OPTIONS")).value("Via") ?? "",
    /^SIP\/2.0\/TCP 198.51.100.1:5060;branch=[^;]+$/,
  );
  layer.send(outgoing("OPTIONS"), target("TLS"), tu);
  assert.match(
    parsedRequest(wire.expect("OPTIONS")).value("Via") ?? "",
    /^SIP\/2.0\/TLS 198.51.100.1:5061;branch=[^;]+$/,
  );
});

test("a response is matched by branch and method of CSeq (RFC 3261 §17.1.3)", () => {
  const { tu, wire } = clientOverUdp();
  const transaction = tu.send(outgoing("INVITE"));
  const other = tu.send(outgoing("INVITE"));
  const invite = wire.expect("INVITE");
  const otherInvite = wire.expect("INVITE");
  wire.inject(responseTo(invite, 180).replace("CSeq: 7 INVITE", "CSeq: 7 UPDATE"));
  tu.expectNothing();
  wire.inject(responseTo(invite, 180));
  assert.equal(tu.expect(180).client, transaction);
  assert.equal(other.state, "calling");
  wire.inject(responseTo(otherInvite, 180));
  assert.equal(tu.expect(180).client, other);
});

test("a response whose topmost Via does not name us is dropped (RFC 3261 §18.1.2), port and host alike", () => {
  const { tu, wire } = clientOverUdp();
  tu.send(outgoing("INVITE"));
  const invite = wire.expect("INVITE");
  const { branch } = parsedRequest(invite);
  for (const sentBy of ["198.51.100.2:5060", "198.51.100.1:5061", "gateway.example.com"]) {
    wire.inject(responseTo(invite, 200, { vias: [`SIP/2.0/UDP ${sentBy};branch=${branch}`] }));
    wire.inject(responseTo(invite, 200, { vias: [`SIP/2.0/UDP ${sentBy};branch=z9hG4bK-late`] }));
  }
  tu.expectNothing();
  // The default port may be left out.
  wire.inject(responseTo(invite, 200, { vias: [`SIP/2.0/UDP 198.51.100.1;branch=${branch}`] }));
  tu.expect(200);
});

test("a response with two Vias was meant for somebody else (RFC 3261 §8.1.3.3)", () => {
  const { tu, wire } = clientOverUdp();
  tu.send(outgoing("INVITE"));
  const invite = wire.expect("INVITE");
  const via = parsedRequest(invite).value("Via") ?? "";
  wire.inject(responseTo(invite, 200, { vias: [via, "SIP/2.0/UDP other.example.com;branch=z9hG4bK1"] }));
  tu.expect("unanswerable");
  tu.expectNothing();
});

test("stray responses: to INVITE they go to the TU, to others they are dropped (RFC 4320 §4.2)", () => {
  const { tu, wire, layer } = clientOverUdp();
  const transaction = tu.send(outgoing("INVITE"));
  const invite = wire.expect("INVITE");
  layer.forget(transaction);
  layer.forget(transaction);
  tu.expectNothing();
  wire.inject(responseTo(invite, 180));
  tu.expect("stray 180");
  wire.inject(responseTo(invite, 200));
  assert.equal(tu.expect("stray 200").response?.toTag, "bob-tag");
  layer.forget(tu.send(outgoing("BYE")));
  wire.inject(responseTo(wire.expect("BYE"), 200));
  tu.expectNothing();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
});

test("CANCEL: everything of the INVITE that RFC 3261 §9.1 names, once, and its 200 is nobody's business", () => {
  const { tu, wire, layer } = clientOverUdp();
  const transaction = tu.send(outgoing("INVITE", [["Route", "<sip:proxy.example.com;lr>"]], "v=0"));
  const invite = parsedRequest(wire.expect("INVITE"));
  wire.inject(response(180));
  tu.expect(180);
  const reason = new HeaderFields().append("Reason", "SIP;cause=487");
  const cancelling = layer.cancel(transaction, reason);
  const sent = wire.expectSent("CANCEL");
  assert.equal(
    sent.text,
    [
      "CANCEL sip:bob@192.0.2.1 SIP/2.0",
      `Via: ${invite.value("Via")}`,
      "Max-Forwards: 70",
      "Route: <sip:proxy.example.com;lr>",
      "From: <sip:gateway@example.com>;tag=our-tag",
      "To: <sip:bob@example.com>",
      "Call-ID: our-call",
      "CSeq: 7 CANCEL",
      "Reason: SIP;cause=487",
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n"),
  );
  assert.deepEqual(sent.target, transaction.target);
  assert.equal(cancelling?.state, "trying");
  assert.equal(layer.cancel(transaction), undefined);
  wire.inject(responseTo(sent.text, 200));
  assert.equal(cancelling?.state, "completed");
  tu.expectNothing();
  wire.inject(response(487));
  tu.expect(487);
  wire.expect("ACK");
  wire.expectNothing();
});

test("a CANCEL is retransmitted like any request", () => {
  const { tu, wire, clock, layer } = clientOverUdp();
  const transaction = tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  wire.inject(response(180));
  tu.expect(180);
  layer.cancel(transaction);
  const cancel = wire.expect("CANCEL");
  clock.advance(500);
  assert.equal(wire.expect("CANCEL"), cancel);
});

test("cancelled, and no final response within 64*T1: the INVITE is over (RFC 3261 §9.1)", () => {
  const { tu, wire, clock, layer } = clientOverTcp();
  const transaction = tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  wire.inject(response(180));
  tu.expect(180);
  clock.advance(5000);
  layer.cancel(transaction);
  const cancel = wire.expect("CANCEL");
  wire.inject(responseTo(cancel, 200));
  wire.inject(response(180));
  tu.expect(180);
  clock.advance(31_999);
  tu.expectNothing();
  clock.advance(1);
  tu.expect("failure timeout");
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("a final response in time stops that timer", () => {
  const { tu, wire, clock, layer } = clientOverTcp();
  const transaction = tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  wire.inject(response(180));
  tu.expect(180);
  layer.cancel(transaction);
  wire.expect("CANCEL");
  wire.inject(response(200));
  tu.expect(200);
  clock.advance(31_999);
  tu.expectNothing();
});

test("there is nothing to cancel after a final response, nor in another transaction than INVITE", () => {
  const { tu, wire, layer } = clientOverUdp();
  const invite = tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  wire.inject(response(200));
  assert.equal(layer.cancel(invite), undefined);
  const bye = tu.send(outgoing("BYE"));
  wire.expect("BYE");
  assert.equal(layer.cancel(bye), undefined);
  wire.expectNothing();
});

test("sendStatelessly: a Via with a branch of its own, no transaction, no retransmission; the text can be sent again", () => {
  const { wire, clock, layer } = clientOverUdp();
  const text = layer.sendStatelessly(outgoing("ACK"), target());
  const sent = wire.expectSent("ACK");
  assert.equal(sent.text, text);
  assert.match(parsedRequest(text).branch, /^z9hG4bKtdm/);
  assert.equal(parsedRequest(text).maxForwards(), 70);
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
  wire.fail();
  layer.repeatStatelessly(text, target());
  assert.equal(wire.expect("ACK"), text);
});

test("limit of client transactions: at the limit it works, one past it fails, later and with a reason", () => {
  const limits = { maximumClientTransactions: 2, reservedTransactions: 1 };
  const { tu, wire, clock, layer } = transactionScript({ limits });
  const inDialog = () => {
    const bye = outgoing("BYE");
    bye.headerFields.set("To", "<sip:bob@example.com>;tag=peer");
    return bye;
  };
  tu.send(outgoing("OPTIONS"));
  const invite = tu.send(outgoing("INVITE"));
  wire.expect("OPTIONS");
  wire.expect("INVITE");
  const refused = tu.send(outgoing("INVITE"));
  wire.expectNothing();
  tu.expectNothing();
  assert.equal(refused.state, "terminated");
  clock.advance(0);
  assert.equal(tu.expect("failure transport-error").text, "too many client transactions");
  tu.expectTerminated();
  // The reserve is for requests inside dialogs and CANCEL.
  tu.send(inDialog());
  wire.expect("BYE");
  tu.send(inDialog());
  layer.cancel(invite);
  wire.expectNothing();
  clock.advance(0);
  tu.expect("failure transport-error");
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 3, server: 0 });
  clock.advance(400);
  wire.inject(response(200));
});

test("CANCEL may use the reserve", () => {
  const limits = { maximumClientTransactions: 1, reservedTransactions: 1 };
  const { tu, wire, layer } = transactionScript({ limits });
  const invite = tu.send(outgoing("INVITE"));
  wire.expect("INVITE");
  layer.cancel(invite);
  wire.expect("CANCEL");
});

test("close ends everything in silence", () => {
  const { tu, wire, clock, layer } = transactionScript();
  tu.send(outgoing("INVITE"));
  tu.send(outgoing("BYE"));
  wire.inject(request("INVITE"));
  wire.inject(request("OPTIONS", { branch: "z9hG4bK-2", callId: "call-2" }));
  tu.expectRequest("INVITE");
  tu.expectRequest("OPTIONS");
  assert.deepEqual(layer.counts, { client: 2, server: 2 });
  layer.close();
  layer.close();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
  tu.expectNothing();
});

test("what is no SIP message, and a response that is malformed, is dropped and reported", () => {
  const { tu, wire } = transactionScript();
  wire.inject("hello\r\n\r\n");
  tu.expect("unanswerable");
  wire.inject("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK1\r\n\r\n");
  assert.equal(tu.expect("unanswerable").text, "Missing From header field");
  wire.expectNothing();
});

test("an IPv6 sent-by is recognised", () => {
  const { tu, wire } = clientOverUdp();
  Object.defineProperty(wire, "sentByHost", { value: "[2001:DB8::1]" });
  tu.send(outgoing("INVITE"));
  const invite = wire.expect("INVITE");
  wire.inject(responseTo(invite, 180));
  tu.expect(180);
});

test("a message that is parsed already is taken as it is", () => {
  const { tu, layer, wire } = transactionScript();
  layer.receiveMessage(parsedRequest(request("OPTIONS")), flow());
  tu.respond(tu.expectRequest("OPTIONS").transaction, 200);
  assert.equal(parsedResponse(wire.expect(200)).toTag, "our-tag");
});

test("a request is known while its server transaction lives, under its own branch and method", () => {
  const { tu, wire, layer, clock } = transactionScript();
  const options = parsedRequest(request("OPTIONS"));
  assert.equal(layer.knows(options), false);
  wire.inject(request("OPTIONS"));
  assert.equal(layer.knows(options), true);
  assert.equal(layer.knows(parsedRequest(request("OPTIONS", { branch: "z9hG4bK-other" }))), false);
  assert.equal(layer.knows(parsedRequest(request("MESSAGE"))), false);
  assert.equal(layer.knows(options, flow()), true);
  assert.equal(layer.knows(options, flow("UDP", { remotePort: 40_000 })), true);
  assert.equal(layer.knows(options, flow("UDP", { remoteAddress: "192.0.2.66" })), false);
  assert.equal(layer.knows(options, flow("UDP", { interfaceName: "carriers" })), false);
  tu.respond(tu.expectRequest("OPTIONS").transaction, 200);
  clock.advance(32_000);
  assert.equal(layer.knows(options), false);
});

test("ACK and CANCEL are known by their INVITE, those of another branch or sent-by are not", () => {
  const { tu, wire, layer } = transactionScript();
  assert.equal(layer.knows(parsedRequest(request("CANCEL"))), false);
  wire.inject(request("INVITE"));
  const cancel = parsedRequest(request("CANCEL"));
  assert.equal(layer.knows(cancel, flow()), true);
  assert.equal(layer.knows(cancel, flow("UDP", { remoteAddress: "192.0.2.66" })), false);
  assert.equal(layer.knows(parsedRequest(request("CANCEL", { branch: "z9hG4bK-other" }))), false);
  assert.equal(layer.knows(parsedRequest(request("CANCEL", { sentBy: "192.0.2.1:5070" }))), false);
  tu.respond(tu.expectRequest("INVITE").transaction, 486);
  assert.equal(layer.knows(parsedRequest(request("ACK"))), true);
  assert.equal(layer.knows(parsedRequest(request("ACK", { branch: "z9hG4bK-other" }))), false);
});

test("CANCEL and the ACK for a failure require nothing, whatever their INVITE did (RFC 3261 §8.2.2.3, §9.1)", () => {
  const { tu, wire, layer } = clientOverUdp();
  const requiring = [
    ["Require", "replaces"],
    ["Proxy-Require", "x"],
  ] as const;
  const transaction = tu.send(outgoing("INVITE", requiring));
  wire.expect("INVITE");
  wire.inject(response(180));
  layer.cancel(transaction);
  const cancel = parsedRequest(wire.expect("CANCEL"));
  wire.inject(response(487));
  const ack = parsedRequest(wire.expect("ACK"));
  for (const sent of [cancel, ack]) {
    assert.equal(sent.has("Require"), false, sent.method);
    assert.equal(sent.has("Proxy-Require"), false, sent.method);
  }
});

test("what is sent again, and what comes again, is counted", () => {
  const { layer, tu, clock } = clientOverUdp();
  assert.deepEqual(layer.repetitions, { requests: 0, responses: 0, absorbed: 0 });
  tu.send(outgoing("INVITE"));
  tu.send(outgoing("OPTIONS"));
  clock.advance(499);
  assert.equal(layer.repetitions.requests, 0);
  clock.advance(1);
  assert.equal(layer.repetitions.requests, 2);
  const invite = request("INVITE");
  layer.receive(invite, flow("UDP"), "datagram");
  layer.receive(invite, flow("UDP"), "datagram");
  assert.deepEqual([layer.repetitions.absorbed, layer.repetitions.requests], [1, 2]);
});
