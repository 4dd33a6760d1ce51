import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AttemptFacts, newFacts } from "@tandem/b2bua";
import { HandClock } from "@tandem/clock/testing";
import { flow, target } from "@tandem/sip/testing";
import { configurationOf } from "../testing/gateway-script.ts";
import { TransportDouble } from "../testing/transport-double.ts";
import { correlationOf } from "./testing/read-hep-packet.ts";
import { traced } from "./traced.ts";

const collector = "127.0.0.1:9060";
const setOnEnded = (): void => {};
const noCalls = { bySipCallId: () => assert.fail(), setOnEnded: () => assert.fail() };

describe("what is traced", () => {
  test("without a configured collector the transport is its own", () => {
    const configuration = configurationOf();
    const transport = new TransportDouble();
    const options = { clock: new HandClock(), configuration, collect: () => true };
    assert.equal(traced(transport, options, noCalls), transport);
    const unheard = {
      ...options,
      configuration: { ...configuration, trace: { collector } },
      collect: undefined,
    };
    assert.equal(traced(transport, unheard, noCalls), transport);
  });

  for (const [what, callSid, shown] of [
    ["a call", "CA1", "CA1"],
    ["a leg that was placed for a sister", "CA1/2-0a1b2c3d", "CA1"],
    ["nothing", undefined, undefined],
  ] as const) {
    test(`messages of ${what} are told with ${shown}`, () => {
      const packets: Buffer[] = [];
      const clock = new HandClock();
      const transport = traced(
        new TransportDouble(),
        {
          clock,
          configuration: configurationOf({ trace: { collector } }),
          collect: (packet) => packets.push(packet) > 0,
        },
        {
          bySipCallId: (sipCallId) => (sipCallId === "leg" && callSid ? { callSid } : undefined),
          setOnEnded,
        },
      );
      transport.sendTo(target(), "BYE sip:x SIP/2.0\r\nCall-ID: leg\r\nCSeq: 1 BYE\r\n\r\n", () => {});
      transport.sendOn(flow(), "SIP/2.0 200 OK\r\nCall-ID: leg\r\nCSeq: 1 BYE\r\n\r\n", () => {});
      clock.advance(20);
      assert.deepEqual(packets.map(correlationOf), [shown, shown]);
    });
  }

  test("messages of a call that is over before they are told: of both legs, and of an attempt that failed", () => {
    const packets: Buffer[] = [];
    const clock = new HandClock();
    let end: Parameters<Parameters<typeof traced>[2]["setOnEnded"]>[0] = () => assert.fail();
    const transport = traced(
      new TransportDouble(),
      {
        clock,
        configuration: configurationOf({ trace: { collector } }),
        collect: (packet) => packets.push(packet) > 0,
      },
      {
        bySipCallId: () => undefined,
        setOnEnded: (listener) => {
          end = listener;
        },
      },
    );
    const callIds = ["in", "failed", "out", "other"];
    for (const callId of callIds) {
      transport.sendTo(target(), `BYE sip:x SIP/2.0\r\nCall-ID: ${callId}\r\nCSeq: 1 BYE\r\n\r\n`, () => {});
    }
    const attempts = [{ sipCallId: "failed" }, { sipCallId: undefined }] as AttemptFacts[];
    end({ ...newFacts("CA1", 0, "in"), egressSipCallId: "out", attempts });
    clock.advance(20);
    assert.deepEqual(packets.map(correlationOf), ["CA1", "CA1", "CA1", undefined]);
  });
});
