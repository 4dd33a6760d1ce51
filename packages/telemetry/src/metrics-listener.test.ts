import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { SystemClock } from "@tandem/clock";
import { HandClock } from "@tandem/clock/testing";
import { Metrics } from "./metrics.ts";
import { MetricsListener, type MetricsListenerOptions, metricsListenerLimits } from "./metrics-listener.ts";

async function listening(context: TestContext, options: Partial<MetricsListenerOptions> = {}) {
  const clock = new SystemClock();
  const metrics = new Metrics();
  metrics.gauge("calls", "Calls.", () => 3);
  const faults: unknown[] = [];
  const listener = new MetricsListener({
    clock,
    address: "127.0.0.1",
    port: 0,
    metrics,
    notReady: () => [],
    onFault: (error) => faults.push(error),
    ...options,
  });
  const url = await listener.open();
  context.after(async () => {
    await listener.close();
    clock.close();
  });
  return { url, metrics, faults, listener };
}

test("GET and HEAD of /metrics, in the format that is asked for", async (context) => {
  const { url } = await listening(context);
  const plain = await fetch(`${url}/metrics`);
  assert.equal(plain.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(await plain.text(), "# HELP calls Calls.\n# TYPE calls gauge\ncalls 3\n");
  const accept = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
  const open = await fetch(`${url}/metrics?a=b`, { headers: { accept } });
  assert.match(open.headers.get("content-type") ?? "", /^application\/openmetrics-text; version=1\.0\.0/);
  assert.match(await open.text(), /# EOF\n$/);
  const head = await fetch(`${url}/metrics`, { method: "HEAD" });
  assert.deepEqual([head.status, head.headers.get("content-length"), await head.text()], [200, "47", ""]);
});

test("everything else is 404, and other methods 405", async (context) => {
  const { url } = await listening(context);
  for (const path of ["/", "/metrics/", "/metrics2", "/healthz/..%2fmetrics", "/favicon.ico"]) {
    assert.equal((await fetch(url + path)).status, 404, path);
  }
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    const response = await fetch(`${url}/metrics`, { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "GET, HEAD"], method);
  }
});

test("/healthz says that it lives, /readyz what is missing", async (context) => {
  let missing: readonly string[] = ["no snapshot", "draining"];
  const { url } = await listening(context, { notReady: async () => missing });
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  const unready = await fetch(`${url}/readyz`);
  assert.deepEqual([unready.status, await unready.text()], [503, "not ready: no snapshot, draining\n"]);
  missing = [];
  assert.equal((await fetch(`${url}/readyz`)).status, 200);
});

test("a fault of ours is a 500 and ends nothing", async (context) => {
  const { url, metrics, faults } = await listening(context);
  let isBroken = true;
  metrics.gauge("broken", "", () => {
    if (isBroken) throw new Error("gone");
    return 1;
  });
  assert.equal((await fetch(`${url}/metrics`)).status, 500);
  assert.equal(faults.length, 1);
  isBroken = false;
  assert.equal((await fetch(`${url}/metrics`)).status, 200);
});

test("one answer for a connection, however many requests are in it", async (context) => {
  const { url } = await listening(context);
  const text = await exchange(url, "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50));
  assert.equal(text.split("calls 3").length - 1, 1);
  assert.match(text, /Connection: close/);
});

test("16 connections at a time, and not one more", async (context) => {
  const { url } = await listening(context);
  const { maximumConnections } = metricsListenerLimits;
  assert.equal(maximumConnections, 16);
  const sockets = await Promise.all(Array.from({ length: maximumConnections }, () => opened(url)));
  context.after(() => sockets.forEach((socket) => void socket.destroy()));
  assert.equal(await exchange(url, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"), "");
  const [last] = sockets;
  last?.destroy();
  // The place is free as soon as the listener has seen the end.
  let text = "";
  for (let tries = 0; tries < 200 && text === ""; tries += 1) {
    text = await exchange(url, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
    if (text === "") await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match(text, /200 OK/);
});

test("who does not read is cut when its time is over", async (context) => {
  const clock = new HandClock();
  const { url, metrics } = await listening(context, { clock });
  metrics.gauge("large", "x".repeat(32 * 1024 * 1024), () => 1);
  const socket = await opened(url);
  socket.pause();
  socket.write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  while (clock.pendingTimers === 0) await new Promise((resolve) => setImmediate(resolve));
  // Others are served meanwhile.
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  clock.advance(metricsListenerLimits.responseTimeoutMs - 1);
  assert.equal(clock.pendingTimers, 1);
  clock.advance(1);
  const bytes = await new Promise<number>((resolve) => {
    let sum = 0;
    socket.on("data", (chunk: Buffer) => {
      sum += chunk.length;
    });
    socket.on("close", () => resolve(sum));
    socket.on("error", () => undefined);
    socket.resume();
  });
  assert.ok(bytes < 32 * 1024 * 1024, `${bytes}`);
});

test("a header that is too long, and what is no request, get nothing", async (context) => {
  const { url } = await listening(context);
  const { maximumHeaderBytes } = metricsListenerLimits;
  const long = await exchange(url, `GET /metrics HTTP/1.1\r\nA: ${"x".repeat(maximumHeaderBytes)}\r\n\r\n`);
  assert.equal(long, "");
  assert.equal(await exchange(url, "nonsense\r\n\r\n"), "");
});

function opened(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Everything that comes until the other side closes. */
async function exchange(url: string, text: string): Promise<string> {
  const socket = await opened(url);
  return new Promise((resolve) => {
    let received = "";
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(received));
    socket.write(text);
  });
}
