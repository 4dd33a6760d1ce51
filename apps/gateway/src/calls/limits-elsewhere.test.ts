/** A whole gateway that shares limits, between doubles of wire, disk and store. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { exchangeTiming } from "@tandem/coordination";
import { SharedStore } from "@tandem/coordination/testing";
import { reasons } from "@tandem/reasons";
import { parsedResponse } from "@tandem/sip/testing";
import { gatewayMetrics } from "../metrics/gateway-metrics.ts";
import { answeredCall } from "../testing/answered-call.ts";
import { exampleTrunk } from "../testing/example-snapshot.ts";
import { gatewayScript } from "../testing/gateway-script.ts";

const { periodMs, expiryMs } = exchangeTiming;
const gateways = ["gateway-1", "gateway-2"].map((name) => ({ name, edge: "ashburn-ix", interfaces: [] }));

async function sharing() {
  const clock = new HandClock({ monotonicMs: 1_000_000 });
  const store = new SharedStore(clock);
  const script = await gatewayScript({
    clock,
    snapshot: { gateways, trunks: [exampleTrunk({ concurrentCalls: 2 })] },
    limitStore: () => store.wayOf("gateway-1"),
  });
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 50) {
      clock.advance(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { ...script, store, pass };
}

test("calls of another gateway count, and the calls of this one are told from the INVITE to the end", async () => {
  const script = await sharing();
  const { gateway, store, pass } = script;
  store.put("gateway-2", '{"version":1,"calls":["TK1",1],"begun":[]}', 60_000);
  gateway.recover();
  await pass(periodMs);
  answeredCall(script);
  script.invite({ callId: "call-2", branch: "z9hG4bK-2" });
  assert.equal(
    parsedResponse(script.wire.expect(503)).reasonPhrase,
    reasons.concurrencyExceeded.reasonPhrase,
  );
  await pass(periodMs);
  assert.equal(store.textOf("gateway-1"), '{"version":1,"calls":["TK1",1],"begun":[]}');
  gateway.endAllCalls();
  await pass(periodMs);
  assert.equal(store.textOf("gateway-1"), '{"version":1,"calls":[],"begun":[]}');
  await gateway.close();
  assert.equal(store.textOf("gateway-1"), undefined);
});

test("without the store an alert, and calls by what is counted here", async () => {
  const script = await sharing();
  const { gateway, store, pass, ledger } = script;
  store.put("gateway-2", '{"version":1,"calls":["TK1",2],"begun":[]}', 60_000);
  gateway.recover();
  await pass(periodMs);
  script.invite();
  script.wire.expect(503);
  store.refusal = "NOAUTH Authentication required.";
  await pass(expiryMs + periodMs);
  const alert = ledger.alerts.find(({ code }) => code === reasons.limitStoreUnavailable.code);
  assert.equal(alert?.text, "the store of shared limits: NOAUTH Authentication required.");
  script.wire.ignoreSent();
  script.invite({ callId: "call-2", branch: "z9hG4bK-2" });
  script.wire.expect("INVITE");
});

test("metrics say whether limits are shared, and nothing where there is no store", async () => {
  const textOf = ({ gateway, clock, ledger, relay }: Awaited<ReturnType<typeof gatewayScript>>): string =>
    gatewayMetrics({
      gateway,
      clock,
      relay,
      sdpRelay: undefined,
      ledger: {
        counts: () => ledger.counts(),
        disk: { failures: 0, lostOperations: 0, waitingSinceMs: undefined },
      },
      link: { isConnected: true },
      faults: { count: 0 },
      certificateEndMs: () => undefined,
      mediaInterfaces: new Set(),
      perCarrier: false,
    }).text();
  const script = await sharing();
  assert.match(textOf(script), /^tandem_limits_shared 0$/m);
  script.store.put("gateway-2", '{"version":1,"calls":[],"begun":[]}', 60_000);
  script.gateway.recover();
  await script.pass(periodMs);
  const text = textOf(script);
  assert.match(text, /^tandem_limits_shared 1$/m);
  assert.match(text, /^tandem_limit_gateways_heard 1$/m);
  assert.match(text, /^tandem_limit_exchanges_total\{result="done"\} 1$/m);
  assert.doesNotMatch(textOf(await gatewayScript()), /^tandem_limit/m);
});
