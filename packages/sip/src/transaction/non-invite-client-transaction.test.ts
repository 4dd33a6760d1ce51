import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { SipResponse } from "../message/index.ts";
import { target } from "../testing/flow-double.ts";
import { clientOverTcp, clientOverUdp, outgoing, response, transactionScript } from "../testing/index.ts";

test("BYE over UDP: timer E doubles up to T2, timer F gives up after 64*T1: eleven BYEs in all", () => {
  const { tu, wire, clock, layer } = clientOverUdp();
  tu.send(outgoing("BYE"));
  const first = wire.expect("BYE");
  for (const interval of [500, 1000, 2000, 4000, 4000, 4000, 4000, 4000, 4000, 4000]) {
    clock.advance(interval - 1);
    wire.expectNothing();
    clock.advance(1);
    assert.equal(wire.expect("BYE"), first);
  }
  clock.advance(499);
  tu.expectNothing();
  clock.advance(1);
  wire.expectNothing();
  tu.expect("failure timeout");
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("after 1xx the request is retransmitted every T2, and F still gives up", () => {
  const { tu, wire, clock } = clientOverUdp();
  tu.send(outgoing("OPTIONS"));
  wire.expect("OPTIONS");
  wire.inject(response(100));
  tu.expect(100);
  // The timer that runs already is not touched (RFC 3261 §17.1.2.2).
  clock.advance(499);
  wire.expectNothing();
  clock.advance(1);
  wire.expect("OPTIONS");
  clock.advance(3999);
  wire.expectNothing();
  clock.advance(1);
  wire.expect("OPTIONS");
  clock.advance(27_499);
  for (let i = 0; i < 6; i++) wire.expect("OPTIONS");
  tu.expectNothing();
  clock.advance(1);
  tu.expect("failure timeout");
  tu.expectTerminated();
});

test("the final response is passed on once, K absorbs the others for T4", () => {
  const { tu, wire, clock, layer } = clientOverUdp();
  const transaction = tu.send(outgoing("BYE"));
  wire.expect("BYE");
  wire.inject(response(200));
  tu.expect(200);
  wire.inject(response(200));
  wire.inject(response(481));
  tu.expectNothing();
  assert.equal(transaction.state, "completed");
  clock.advance(4999);
  wire.expectNothing();
  assert.deepEqual(layer.counts, { client: 1, server: 0 });
  clock.advance(1);
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("once it has its final response it lets go of a user that does not ask for its end", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const { wire, layer } = clientOverUdp();
  const statusCodes: number[] = [];
  const send = (): WeakRef<object> => {
    const user = {
      onResponse: ({ statusCode }: SipResponse) => statusCodes.push(statusCode),
      onFailure: () => assert.fail("it was answered"),
    };
    layer.send(outgoing("BYE"), target("UDP"), user);
    return new WeakRef(user);
  };
  const user = send();
  wire.expect("BYE");
  wire.inject(response(100));
  await setImmediate();
  collect();
  assert.notEqual(user.deref(), undefined, "a final response is still to come");
  await setImmediate();
  wire.inject(response(200));
  wire.inject(response(200));
  await setImmediate();
  collect();
  assert.equal(user.deref(), undefined);
  assert.deepEqual(statusCodes, [100, 200]);
  assert.deepEqual(layer.counts, { client: 1, server: 0 });
});

test("over TCP nothing is retransmitted and K is zero", () => {
  const { tu, wire, clock, layer } = clientOverTcp();
  tu.send(outgoing("BYE"));
  wire.expect("BYE");
  clock.advance(31_999);
  wire.expectNothing();
  tu.expectNothing();
  clock.advance(1);
  tu.expect("failure timeout");
  tu.expectTerminated();
  tu.send(outgoing("BYE"));
  wire.expect("BYE");
  wire.inject(response(200));
  tu.expect(200);
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });
  assert.equal(clock.pendingTimers, 0);
});

test("the timers are those of the instance", () => {
  const timers = { t1Ms: 100, t2Ms: 300, t4Ms: 1000, timerDMs: 7000 };
  const { tu, wire, clock } = transactionScript({ timers });
  tu.send(outgoing("INFO"));
  wire.expect("INFO");
  for (const interval of [100, 200, 300, 300]) {
    clock.advance(interval - 1);
    wire.expectNothing();
    clock.advance(1);
    wire.expect("INFO");
  }
  wire.inject(response(200));
  tu.expect(200);
  clock.advance(999);
  tu.expectNothing();
  clock.advance(1);
  tu.expectTerminated();
});

test("a transport error ends it while trying; over UDP it means nothing after the first response", () => {
  const { tu, wire, layer } = clientOverUdp();
  tu.send(outgoing("BYE"));
  wire.expect("BYE");
  wire.fail("port unreachable");
  assert.equal(tu.expect("failure transport-error").text, "port unreachable");
  tu.expectTerminated();
  assert.deepEqual(layer.counts, { client: 0, server: 0 });

  const transaction = tu.send(outgoing("BYE"));
  wire.expect("BYE");
  wire.inject(response(100));
  tu.expect(100);
  wire.fail();
  tu.expectNothing();
  assert.equal(transaction.state, "proceeding");
});

test("over TCP a transport error counts in proceeding too", () => {
  const { tu, wire, clock } = clientOverTcp();
  tu.send(outgoing("BYE"));
  wire.expect("BYE");
  wire.inject(response(100));
  tu.expect(100);
  wire.fail();
  tu.expect("failure transport-error");
  tu.expectTerminated();
  assert.equal(clock.pendingTimers, 0);
});

test("a TU that throws leaves no transaction and no timer behind", () => {
  for (const { tu, wire, clock, layer } of [clientOverTcp(), clientOverUdp()]) {
    tu.send(outgoing("BYE"));
    wire.expect("BYE");
    tu.react = (event) => {
      if (event.what === "response 200") throw new Error("bug in the TU");
    };
    assert.throws(() => wire.inject(response(200)), /bug in the TU/);
    clock.advance(5000);
    assert.deepEqual(layer.counts, { client: 0, server: 0 });
    assert.equal(clock.pendingTimers, 0);
  }
});

test("forget in any state leaves no timer, and the text is let go after the final response", () => {
  for (const statusCode of [200, 100, undefined]) {
    const { tu, wire, clock, layer } = clientOverUdp();
    const transaction = tu.send(outgoing("BYE"));
    const text = wire.expect("BYE");
    if (statusCode !== undefined) wire.inject(response(statusCode));
    assert.equal(Reflect.get(transaction, "text"), statusCode === 200 ? "" : text);
    layer.forget(transaction);
    assert.equal(clock.pendingTimers, 0);
  }
});

test("once completed it holds nothing of its request but the start line, since it lives on for seconds", () => {
  const { tu, wire } = clientOverUdp();
  const request = outgoing("BYE");
  tu.send(request);
  wire.expect("BYE");
  wire.inject(response(100));
  tu.expect(100);
  assert.notEqual(request.headerFields.count, 0);
  wire.inject(response(200));
  tu.expect(200);
  assert.equal(request.headerFields.count, 0);
  assert.equal(request.requestUri !== "", true);
});
