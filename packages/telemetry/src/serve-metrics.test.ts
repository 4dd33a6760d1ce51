import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { SystemClock } from "@tandem/clock";
import { Metrics } from "./metrics.ts";
import { serveMetrics } from "./serve-metrics.ts";

function logged() {
  const lines: { readonly event: string; readonly fields: Record<string, unknown> }[] = [];
  const add = (event: string, fields: Record<string, unknown> = {}): void =>
    void lines.push({ event, fields });
  return { lines, logger: { info: add, warn: add } };
}

test("says where it serves, and serves until it is ended", async (context) => {
  const clock = new SystemClock();
  context.after(() => clock.close());
  const { lines, logger } = logged();
  const place = { address: "127.0.0.1", port: 0 };
  const options = { program: "control", metrics: new Metrics(), clock, logger, notReady: () => [] };
  const stop = await serveMetrics({ ...options, ...place });
  const [line] = lines;
  assert.equal(line?.event, "serving-metrics");
  const url = String(line?.fields["url"]);
  assert.match(await (await fetch(url)).text(), /tandem_build_info\{program="control"/);
  await stop();
  await assert.rejects(fetch(url));
});

test("a port that is taken is told, and nothing else happens", async (context) => {
  const clock = new SystemClock();
  context.after(() => clock.close());
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  context.after(() => taken.close());
  const { port } = taken.address() as { port: number };
  const { lines, logger } = logged();
  const options = { program: "control", metrics: new Metrics(), clock, logger, notReady: () => [] };
  const stop = await serveMetrics({ ...options, address: "127.0.0.1", port });
  assert.deepEqual(
    lines.map(({ event }) => event),
    ["metrics-not-served"],
  );
  assert.match(String(lines[0]?.fields["error"]), /EADDRINUSE/);
  assert.equal(clock.pendingTimers, 0);
  await stop();
});
