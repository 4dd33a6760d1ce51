import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { metricsTable } from "@tandem/telemetry";
import { answeredCall } from "../testing/answered-call.ts";
import { type GatewayScript, gatewayScript } from "../testing/gateway-script.ts";
import { gatewayMetrics, gatewayNotReady } from "./gateway-metrics.ts";

function metricsOf({ gateway, clock, ledger, relay }: GatewayScript) {
  const disk = { failures: 0, lostOperations: 0, waitingSinceMs: clock.monotonicMs() - 5_000 };
  return gatewayMetrics({
    gateway,
    clock,
    relay,
    sdpRelay: undefined,
    ledger: { counts: () => ledger.counts(), disk },
    link: { isConnected: true },
    faults: { count: 0 },
    certificateEndMs: () => undefined,
    mediaInterfaces: new Set(["customers"]),
    perCarrier: false,
  });
}

function valueOf(text: string, series: string): number | undefined {
  const row = text.split("\n").find((line) => line.startsWith(`${series} `));
  return row === undefined ? undefined : Number(row.slice(series.length + 1));
}

test("calls from the INVITE to their end, as Prometheus sees them", async () => {
  const script = await gatewayScript();
  const metrics = metricsOf(script);
  const setUp = 'tandem_calls_active{direction="termination",state="set-up"}';
  const up = 'tandem_calls_active{direction="termination",state="answered"}';
  assert.equal(valueOf(metrics.text(), setUp), 0);
  const call = answeredCall(script);
  assert.deepEqual([valueOf(metrics.text(), setUp), valueOf(metrics.text(), up)], [0, 1]);
  assert.equal(
    valueOf(metrics.text(), 'tandem_media_ports{engine="userspace",interface="lines",state="used"}'),
    2,
  );
  assert.ok(call);
  script.gateway.endAllCalls();
  const text = metrics.text();
  assert.equal(valueOf(text, up), 0);
  assert.match(
    text,
    /^tandem_calls_total\{direction="termination",status="2xx",reason="gateway-closing",code="\d+"\} 1$/m,
  );
  assert.equal(valueOf(text, 'tandem_attempts_total{result="answered",reason="none",code="0"}'), 1);
  assert.equal(
    valueOf(text, 'tandem_sip_requests_total{direction="received",method="INVITE",transport="UDP"}'),
    1,
  );
  assert.equal(
    valueOf(text, 'tandem_sip_requests_total{direction="sent",method="INVITE",transport="UDP"}'),
    1,
  );
  assert.equal(valueOf(text, "tandem_outbox_oldest_age_seconds"), 5);
  assert.equal(valueOf(text, "tandem_snapshot_version"), script.gateway.snapshots.version);
});

test("a refused call, a stranger and what is no SIP are counted, and nobody's number or address is in the text", async () => {
  const script = await gatewayScript();
  const metrics = metricsOf(script);
  script.invite({ requestUri: "sip:12@nobody.example" });
  script.wire.inject("nonsense", script.customer);
  const text = metrics.text();
  assert.equal(valueOf(text, "tandem_sip_unreadable_total"), 1);
  assert.ok((valueOf(text, "tandem_strangers_ignored_total") ?? 0) >= 1);
  assert.doesNotMatch(text, /1555|192\.0\.2|acme/);
});

test("not ready without a snapshot, before the interfaces are bound, and while draining", async () => {
  const closed = await gatewayScript({ hasSnapshot: false, isOpen: false });
  assert.deepEqual(gatewayNotReady(closed.gateway), ["no snapshot", "interfaces not bound"]);
  const { gateway } = await gatewayScript();
  assert.deepEqual(gatewayNotReady(gateway), []);
  gateway.core.drain();
  assert.deepEqual(gatewayNotReady(gateway), ["draining"]);
});

test("docs/metrics.md has every metric of the gateway, as it is", async () => {
  const page = readFileSync(new URL("../../../../docs/metrics.md", import.meta.url), "utf8");
  const { families } = metricsOf(await gatewayScript());
  const table = /<!-- gateway:begin -->\n([\s\S]*?)<!-- gateway:end -->/.exec(page)?.[1];
  assert.equal(table, metricsTable(families), `put this between the marks:\n${metricsTable(families)}`);
});

test("what is told of a trace, when there is one", async () => {
  const script = await gatewayScript();
  const metrics = metricsOf(script);
  const told = () =>
    ["exported", "dropped"].map((result) =>
      valueOf(metrics.text(), `tandem_trace_messages_total{result="${result}"}`),
    );
  assert.deepEqual(told(), [undefined, undefined]);
  script.wire.told = { trace: { exported: 7, dropped: 2 } };
  assert.deepEqual(told(), [7, 2]);
});

test("connections and what was refused, by kind", async () => {
  const script = await gatewayScript();
  script.wire.told = { connections: 5, secureConnections: 2, refusedDatagrams: 3, refusedConnections: 4 };
  const text = metricsOf(script).text();
  assert.equal(valueOf(text, 'tandem_sip_connections{transport="TCP"}'), 3);
  assert.equal(valueOf(text, 'tandem_sip_connections{transport="TLS"}'), 2);
  assert.equal(valueOf(text, 'tandem_sip_refused_total{kind="datagram"}'), 3);
  assert.equal(valueOf(text, 'tandem_sip_refused_total{kind="connection"}'), 4);
});
