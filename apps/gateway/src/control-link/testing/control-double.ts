import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type ControlFrame, GatewayFrame, validator } from "@tandem/contracts";
import { type WebSocket, WebSocketServer } from "ws";

const validFrame = validator(GatewayFrame);

/** Control's end of the stream, by contracts. */
export class ControlDouble {
  readonly server: WebSocketServer;
  readonly frames: GatewayFrame[] = [];
  readonly requests: { readonly url: string; readonly authorization: string | undefined }[] = [];
  readonly sockets: WebSocket[] = [];
  closes = 0;

  constructor(context: TestContext) {
    this.server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    this.server.on("connection", (socket, request) => {
      this.requests.push({ url: request.url ?? "", authorization: request.headers.authorization });
      this.sockets.push(socket);
      socket.on("close", () => (this.closes += 1));
      socket.on("message", (data: Buffer) => {
        const frame = validFrame(JSON.parse(data.toString("utf8")));
        assert.ok(frame.ok, frame.ok ? "" : frame.error);
        this.frames.push(frame.value);
      });
    });
    context.after(() => {
      for (const socket of this.sockets) socket.terminate();
      this.server.close();
    });
  }

  async url(): Promise<string> {
    if (this.server.address() === null)
      await new Promise((resolve) => this.server.once("listening", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get socket(): WebSocket {
    const last = this.sockets.at(-1);
    assert.ok(last !== undefined);
    return last;
  }

  send(frame: ControlFrame | object): void {
    this.socket.send(JSON.stringify(frame));
  }

  async next(kind: GatewayFrame["kind"]): Promise<GatewayFrame> {
    await until(`a frame ${kind} comes`, () => this.frames.some((frame) => frame.kind === kind));
    const [found] = this.frames.splice(
      this.frames.findIndex((frame) => frame.kind === kind),
      1,
    );
    assert.ok(found !== undefined);
    return found;
  }
}
/** Generous: only a failing test waits this long. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 2) {
    assert.ok(waitedMs < 20_000, `still waiting until ${what}`);
    await delay(2);
  }
}
/** The ping is answered by the link's socket after it was heard. */
export async function pinged(control: ControlDouble): Promise<void> {
  const pong = new Promise((resolve) => control.socket.once("pong", resolve));
  control.socket.ping();
  await pong;
}
/** A URL on which nobody listens. */
export async function freePortUrl(context: TestContext): Promise<string> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  context.after(() => server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
  return url;
}
