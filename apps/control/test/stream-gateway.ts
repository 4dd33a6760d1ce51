/** The gateway's end of the stream, as a test drives it. */
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { type ControlFrame, type GatewayFrame, gatewayStreamPath } from "@tandem/contracts";
import { WebSocket } from "ws";

const patienceMs = 10_000;

export class StreamGateway {
  readonly socket: WebSocket;
  readonly frames: ControlFrame[] = [];
  pings = 0;
  closed: { code: number; reason: string } | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => this.frames.push(JSON.parse((data as Buffer).toString()) as ControlFrame));
    socket.on("ping", () => {
      this.pings += 1;
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    socket.on("error", () => undefined);
  }

  static async connect(
    port: number,
    token: string,
    options: { autoPong?: boolean } = {},
  ): Promise<StreamGateway> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${gatewayStreamPath}`, {
      headers: { authorization: `Bearer ${token}` },
      ...options,
    });
    const gateway = new StreamGateway(socket);
    await once(socket, "open");
    return gateway;
  }

  send(frame: GatewayFrame | { kind: "entries"; entries: readonly object[] }): void {
    this.socket.send(JSON.stringify(frame));
  }

  hello(fields: Partial<Extract<GatewayFrame, { kind: "hello" }>> = {}): void {
    this.send({
      kind: "hello",
      streamVersion: 1,
      gateway: "gw-1",
      edge: "ashburn",
      snapshotVersion: 0,
      startedAtMs: 1,
      ...fields,
    });
  }

  /** Takes the next frame of that kind out of those that came. */
  async next<Kind extends ControlFrame["kind"]>(kind: Kind): Promise<Extract<ControlFrame, { kind: Kind }>> {
    let found: ControlFrame | undefined;
    await until(() => {
      found = this.frames.find((frame) => frame.kind === kind);
      return found !== undefined;
    }, `a ${kind} frame`);
    this.frames.splice(this.frames.indexOf(found as ControlFrame), 1);
    return found as Extract<ControlFrame, { kind: Kind }>;
  }

  async ended(): Promise<{ code: number; reason: string }> {
    await until(() => this.closed !== undefined, "the end of the connection");
    return this.closed as { code: number; reason: string };
  }

  close(): void {
    this.socket.terminate();
  }
}

/** Polls until it is true; fails after a generous time. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await wait(5);
  }
}
