import assert from "node:assert/strict";
import { test } from "node:test";
import { createResponse, UnserializableMessageError } from "../message/index.ts";
import { parsedResponse, request, serverScript, transactionScript } from "../testing/index.ts";

const overUdp = () => serverScript("OPTIONS");
const overTcp = () => serverScript("OPTIONS", { protocol: "TCP" });

test("the final response is repeated for each request that comes again, until J after 64*T1", () => {
  const { tu, wire, clock, layer, transaction, text } = overUdp();
  tu.respond(transaction, 200);
  const ok = wire.expect(200);
  assert.equal(transaction.state, "completed");
  clock.advance(31_999);
  wire.inject(text);
  assert.equal(wire.expect(200), ok);
  tu.expectNothing();
  assert.deepEqual(layer.counts, { client: 0, server: 1 });
  clock.advance(1);
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
  wire.inject(text);
  tu.expectRequest("OPTIONS");
});

test("over TCP J is zero", () => {
  const { tu, wire, clock, layer, transaction } = overTcp();
  tu.respond(transaction, 200);
  wire.expect(200);
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("a second final response is not sent", () => {
  const { tu, wire, transaction, text } = overUdp();
  tu.respond(transaction, 200);
  const ok = wire.expect(200);
  tu.respond(transaction, 500);
  wire.expectNothing();
  wire.inject(text);
  assert.equal(wire.expect(200), ok);
});

test("the request again before any response is absorbed in silence", () => {
  const { tu, wire, text } = overUdp();
  wire.inject(text);
  wire.expectNothing();
  tu.expectNothing();
});

test("RFC 4320 §4.1: over UDP 100 goes out by itself after 3.5 s, when the client's timer E is at T2, and not before", () => {
  const { tu, wire, clock, transaction, text } = overUdp();
  tu.respond(transaction, 100);
  clock.advance(3499);
  tu.respond(transaction, 100);
  tu.respond(transaction, 180);
  wire.expectNothing();
  clock.advance(1);
  const trying = wire.expect(100);
  assert.equal(parsedResponse(trying).value("To"), "<sip:bob@example.com>");
  wire.inject(text);
  assert.equal(wire.expect(100), trying);
  tu.respond(transaction, 180);
  wire.expectNothing();
  tu.respond(transaction, 100);
  wire.expect(100);
  tu.respond(transaction, 200);
  wire.expect(200);
});

test("the time until that 100 follows T1 and T2", () => {
  const timers = { t1Ms: 100, t2Ms: 400, t4Ms: 1000, timerDMs: 7000 };
  const { wire, clock } = serverScript("INFO", { timers });
  clock.advance(299);
  wire.expectNothing();
  clock.advance(1);
  wire.expect(100);
});

test("over TCP a 100 may go out at any time, other provisionals never", () => {
  const { tu, wire, transaction } = overTcp();
  tu.respond(transaction, 180);
  wire.expectNothing();
  tu.respond(transaction, 100);
  wire.expect(100);
  assert.equal(transaction.state, "proceeding");
});

test("RFC 4320 §4.2: a 408 is not sent; the request that comes again is still absorbed", () => {
  const { tu, wire, clock, transaction, text } = overUdp();
  clock.advance(3500);
  wire.expect(100);
  tu.respond(transaction, 408);
  wire.expectNothing();
  assert.equal(transaction.state, "completed");
  wire.inject(text);
  wire.expectNothing();
  tu.expectNothing();
  clock.advance(32_000);
  tu.expectTerminated();
});

test("a TU that never answers: over after 64*T1, when the client has given up", () => {
  for (const { tu, wire, clock, layer, transaction } of [overUdp(), overTcp()]) {
    clock.advance(31_999);
    wire.expect(100);
    tu.expectNothing();
    assert.deepEqual(layer.counts, { client: 0, server: 1 });
    clock.advance(1);
    tu.expectTerminated();
    tu.respond(transaction, 200);
    wire.expectNothing();
    assert.deepEqual(layer.counts, { client: 0, server: 0 });
    assert.equal(clock.pendingTimers, 0);
  }
});

test("a TU that answers at once leaves one timer, J", () => {
  const { tu, wire, clock } = transactionScript();
  tu.react = ({ server }) => server !== undefined && tu.respond(server, 200);
  wire.inject(request("BYE", { toTag: "our-tag" }));
  wire.expect(200);
  assert.equal(clock.pendingTimers, 1);
});

test("a TU that throws does not keep the transaction for ever", () => {
  const { tu, wire, clock, layer } = transactionScript();
  tu.react = ({ what }) => {
    if (what === "request INFO") throw new Error("bug in the TU");
  };
  assert.throws(() => wire.inject(request("INFO")), /bug in the TU/);
  clock.advance(32_000);
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
});

test("a transport error is told, and the transaction lives on (RFC 6026 §8.8)", () => {
  const { tu, wire, transaction, text } = overUdp();
  tu.respond(transaction, 200);
  wire.expect(200);
  wire.fail("no route");
  assert.equal(tu.expect("transport-error").text, "no route");
  wire.inject(text);
  wire.expect(200);
});

test("a response that cannot be written leaves the transaction as it was", () => {
  const { tu, wire, transaction } = overUdp();
  const broken = createResponse(tu.requestOf(transaction), 200, { toTag: "our-tag" });
  broken.headerFields.append("X Broken", "");
  assert.throws(() => transaction.respond(broken), UnserializableMessageError);
  assert.equal(transaction.state, "trying");
  tu.respond(transaction, 500);
  wire.expect(500);
});

test("a 408 after the final response does not make it forgotten", () => {
  const { tu, wire, transaction, text } = overUdp();
  tu.respond(transaction, 200);
  const ok = wire.expect(200);
  tu.respond(transaction, 408);
  wire.inject(text);
  assert.equal(wire.expect(200), ok);
});

test("close while waiting for the TU, and while absorbing, leaves no timer", () => {
  for (const statusCode of [undefined, 200]) {
    const { tu, wire, clock, layer, transaction } = overUdp();
    if (statusCode !== undefined) tu.respond(transaction, statusCode);
    layer.close();
    assert.equal(clock.pendingTimers, 0);
    if (statusCode !== undefined) wire.expect(statusCode);
    transaction.retransmit();
    wire.expectNothing();
  }
});
