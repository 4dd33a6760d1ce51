import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AttemptFacts, newFacts } from "@tandem/b2bua";
import { HandClock } from "@tandem/clock/testing";
import type { LiveCall } from "@tandem/contracts";
import { flow, target } from "@tandem/sip/testing";
import type { CallIdentity } from "../calls/call-record.ts";
import type { GatewayTransport } from "../gateway-options.ts";
import { configurationOf } from "../testing/gateway-script.ts";
import { TransportDouble } from "../testing/transport-double.ts";
import { CallCapture } from "./call-capture.ts";
import { correlationOf } from "./testing/read-hep-packet.ts";
import { traced } from "./traced.ts";

const collector = "127.0.0.1:9060";

function tracing(calls: Partial<Parameters<typeof traced>[2]> = {}): {
  readonly clock: HandClock;
  readonly transport: GatewayTransport;
  readonly packets: Buffer[];
} {
  const packets: Buffer[] = [];
  const clock = new HandClock();
  const transport = traced(
    new TransportDouble(),
    {
      clock,
      configuration: configurationOf({ trace: { collector } }),
      collect: (packet) => packets.push(packet) > 0,
    },
    { bySipCallId: () => undefined, setOnEnded: () => {}, ...calls },
    new CallCapture(clock),
  );
  return { clock, transport, packets };
}

const liveCall = { sid: "CA1", trunkSid: "TK1", callingNumber: "+1", calledNumber: "+2" } as LiveCall;

describe("what is traced", () => {
  test("nothing is counted of a collector that is not configured", () => {
    const clock = new HandClock();
    const calls = { bySipCallId: () => undefined, setOnEnded: () => {} };
    const options = { clock, configuration: configurationOf(), collect: () => true };
    const transport = traced(new TransportDouble(), options, calls, new CallCapture(clock));
    assert.equal(transport.counts().trace, undefined);
    assert.deepEqual(tracing().transport.counts().trace, { exported: 0, dropped: 0 });
  });

  test("messages of a call are told with its SID, and those of none without", () => {
    const { clock, transport, packets } = tracing({
      bySipCallId: (sipCallId) => (sipCallId === "leg" ? { describe: () => liveCall } : undefined),
    });
    transport.sendTo(target(), "BYE sip:x SIP/2.0\r\nCall-ID: leg\r\nCSeq: 1 BYE\r\n\r\n", () => {});
    transport.sendOn(flow(), "SIP/2.0 200 OK\r\nCall-ID: other\r\nCSeq: 1 BYE\r\n\r\n", () => {});
    clock.advance(20);
    assert.deepEqual(packets.map(correlationOf), ["CA1", undefined]);
    assert.deepEqual(transport.counts().trace, { exported: 2, dropped: 0 });
  });

  test("a capture sees them without a collector", () => {
    const clock = new HandClock();
    const capture = new CallCapture(clock);
    const transport = traced(
      new TransportDouble(),
      { clock, configuration: configurationOf() },
      { bySipCallId: () => ({ describe: () => liveCall }), setOnEnded: () => {} },
      capture,
    );
    const send = (): void => transport.sendOn(flow(), "SIP/2.0 200 OK\r\nCall-ID: leg\r\n\r\n", () => {});
    send();
    clock.advance(20);
    capture.start({ trunkSid: null, number: null, calls: 1, seconds: 60 });
    send();
    clock.advance(20);
    assert.equal(capture.messagesOf("CA1").length, 1);
  });

  test("messages of a call that is over before they are told: of both legs, and of an attempt that failed", () => {
    let end: Parameters<Parameters<typeof traced>[2]["setOnEnded"]>[0] = () => assert.fail();
    const { clock, transport, packets } = tracing({
      setOnEnded: (listener) => {
        end = listener;
      },
    });
    for (const callId of ["in", "failed", "out", "other"]) {
      transport.sendTo(target(), `BYE sip:x SIP/2.0\r\nCall-ID: ${callId}\r\nCSeq: 1 BYE\r\n\r\n`, () => {});
    }
    const attempts = [{ sipCallId: "failed" }, { sipCallId: undefined }] as AttemptFacts[];
    end(liveCall as unknown as CallIdentity, {
      ...newFacts("CA1", 0, "in"),
      egressSipCallId: "out",
      attempts,
    });
    clock.advance(20);
    assert.deepEqual(packets.map(correlationOf), ["CA1", "CA1", "CA1", undefined]);
  });
});
