import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import type { ListenOptions } from "./listen-options.ts";
import { metricsLines, metricsOf, withFreeMetricsPorts } from "./metrics-ports.ts";

const metrics = { address: "127.0.0.1", firstPort: 9464 };

test("control, gateway and name server have one port each, one after the other", () => {
  const ports = (["control", "gateway", "dns"] as const).map(
    (program) => metricsOf({ metrics }, program)?.port,
  );
  assert.deepEqual(ports, [9464, 9465, 9466]);
  assert.equal(metricsOf({ metrics: undefined }, "gateway"), undefined);
});

test("what is printed names the programs that run", () => {
  assert.deepEqual(metricsLines({ metrics, nameServer: undefined }), [
    "  metrics       http://127.0.0.1:9464/metrics (control)",
    "  metrics       http://127.0.0.1:9465/metrics (gateway)",
  ]);
  const nameServer = { port: 5353, heartbeatPort: 5301 };
  assert.equal(
    metricsLines({ metrics: { ...metrics, address: "::1" }, nameServer })[2],
    "  metrics       http://[::1]:9466/metrics (dns)",
  );
  assert.deepEqual(metricsLines({ metrics: undefined, nameServer }), []);
});

test("a port that is taken costs the metrics and nothing else", async (context) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  const { port } = server.address() as { port: number };
  const notes: string[] = [];
  const options = { sipPort: 5060, metrics: { address: "127.0.0.1", firstPort: port } } as ListenOptions;
  const checked = await withFreeMetricsPorts(options, (text) => notes.push(text));
  assert.deepEqual([checked.sipPort, checked.metrics], [5060, undefined]);
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? "", /^no metrics are served: .*--metrics-port/);
});
