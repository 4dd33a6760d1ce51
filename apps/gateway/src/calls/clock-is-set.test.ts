import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsedRequest, parsedResponse, request, response, responseTo } from "@tandem/sip/testing";
import { answeredCall } from "../testing/answered-call.ts";
import { answer, type GatewayScript, gatewayScript } from "../testing/gateway-script.ts";

const jumps = [
  ["forward", 3_600_000],
  ["back", -3_600_000],
] as const;

/** A call whose set-up takes its time: 250 ms to the 180, 1000 ms to the answer; the clock is set before each of them. */
function slowCall(script: GatewayScript, jumpMs: number): void {
  const { wire, clock } = script;
  script.invite();
  const egress = wire.expect("INVITE");
  clock.setWall(jumpMs);
  clock.advance(250);
  wire.expect(100);
  wire.inject(responseTo(egress, 180), script.carrier);
  wire.expect(180);
  clock.setWall(jumpMs);
  clock.advance(1000);
  const headerFields = [["Content-Type", "application/sdp"]] as const;
  wire.inject(response(200, { headerFields, body: answer }), script.carrier);
  wire.expect("ACK");
  const { toTag } = parsedResponse(wire.expect(200));
  const fields = {
    requestUri: "sip:198.51.100.1:5060",
    from: "<sip:+15550001111@acme.example>",
    to: "<sip:bob@example.com>",
    toTag,
  };
  wire.inject(request("ACK", { ...fields, branch: "z9hG4bK-ack", sequenceNumber: 1 }), script.customer);
  clock.setWall(jumpMs);
  clock.advance(10_000);
  wire.inject(request("BYE", { ...fields, branch: "z9hG4bK-bye", sequenceNumber: 2 }), script.customer);
  wire.expect(200);
  parsedRequest(wire.expect("BYE"));
}

describe("the machine's clock is set during a call", () => {
  for (const [what, jumpMs] of jumps) {
    it(`an hour ${what}: the record has the durations that the call had`, async () => {
      const script = await gatewayScript();
      const setupAtMs = script.clock.wallMs();
      slowCall(script, jumpMs);
      const [record] = script.ledger.records;
      assert.ok(record !== undefined);
      assert.deepEqual(
        [record.setupAtMs, record.answeredAtMs, record.releasedAtMs, record.postDialDelayMs],
        [setupAtMs, setupAtMs + 1250, setupAtMs + 11_250, 250],
      );
      const [attempt] = record.attempts;
      assert.deepEqual(
        [attempt?.startedAtMs, attempt?.postDialDelayMs, attempt?.endedAtMs],
        [setupAtMs, 250, setupAtMs + 1250],
      );
    });

    it(`an hour ${what}: the next call begins at the new time`, async () => {
      const script = await gatewayScript();
      script.clock.setWall(jumpMs);
      answeredCall(script);
      assert.equal(script.gateway.calls.list()[0]?.setupAtMs, script.clock.wallMs());
    });
  }
});
