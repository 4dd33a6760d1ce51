import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { SuccessRetransmission } from "./success-retransmission.ts";

function script() {
  const clock = new HandClock();
  const heard: string[] = [];
  const retransmission = new SuccessRetransmission(
    clock,
    { t1Ms: 500, t2Ms: 4000 },
    {
      retransmitSuccess: () => heard.push(`2xx ${clock.monotonicMs()}`),
      onNoAck: () => heard.push(`no ACK ${clock.monotonicMs()}`),
    },
  );
  return { clock, heard, retransmission };
}

test("a 2xx goes out after T1, doubling to T2, for 64*T1 (RFC 3261 §13.3.1.4)", () => {
  const { clock, heard } = script();
  clock.advance(499);
  assert.deepEqual(heard, []);
  clock.advance(200_000);
  assert.deepEqual(heard, [
    "2xx 500",
    "2xx 1500",
    "2xx 3500",
    "2xx 7500",
    "2xx 11500",
    "2xx 15500",
    "2xx 19500",
    "2xx 23500",
    "2xx 27500",
    "2xx 31500",
    "no ACK 32000",
  ]);
  assert.equal(clock.pendingTimers, 0);
});

test("stop ends it at once, twice does no harm", () => {
  const { clock, heard, retransmission } = script();
  clock.advance(1000);
  retransmission.stop();
  retransmission.stop();
  assert.equal(clock.pendingTimers, 0);
  clock.advance(200_000);
  assert.deepEqual(heard, ["2xx 500"]);
});
