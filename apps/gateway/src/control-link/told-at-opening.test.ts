import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { type WebSocket, WebSocketServer } from "ws";
import { LedgerDouble } from "../testing/ledger-double.ts";
import { ControlLink } from "./control-link.ts";

const nothing = (): void => undefined;

test("what control may have missed is told as soon as it has the hello, on every stream", async (context) => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const clock = new HandClock();
  const link = new ControlLink({
    clock,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: "secret-token",
    gateway: "gateway-1",
    edge: "ashburn-ix",
    ledger: new LedgerDouble(),
    random: () => 0.5,
    snapshots: {
      version: 0,
      whole: nothing,
      begin: nothing,
      add: nothing,
      end: nothing,
      change: nothing,
      abandon: nothing,
    },
    perform: () => ({ ok: false, error: "nothing" }),
    state: () => ({ liveCalls: 0, draining: false, targets: [], connections: [], sisters: [] }),
    interfaces: () => [],
    onEvent: nothing,
  });
  context.after(() => {
    link.close();
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  link.tellAlert('{"sid":"before there is a stream"}');
  link.onOpened = () => link.tellAlert('{"sid":"NO1"}');
  link.start();
  assert.deepEqual(await firstFrames(server), ["hello", "NO1"]);
  for (const socket of server.clients) socket.terminate();
  while (link.isConnected) await new Promise((resolve) => setImmediate(resolve));
  const again = firstFrames(server);
  clock.advance(10_000);
  assert.deepEqual(await again, ["hello", "NO1"]);
});

/** Until the alert: kinds of frames and SIDs of alerts, without the state. */
async function firstFrames(server: WebSocketServer): Promise<string[]> {
  const [socket] = (await once(server, "connection")) as [WebSocket];
  const seen: string[] = [];
  return new Promise((resolve) => {
    socket.on("message", (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as {
        kind: string;
        entries?: { alert: { sid: string } }[];
      };
      if (frame.kind === "state") return;
      seen.push(frame.entries?.[0]?.alert.sid ?? frame.kind);
      if (frame.kind === "entries") resolve(seen);
    });
  });
}
