import type { AddressInfo } from "node:net";
import { type ControlFrame, GatewayFrame, type SnapshotChange, validator } from "@tandem/contracts";
import { type WebSocket, WebSocketServer } from "ws";
import { waitFor } from "../harness/wait.ts";

const validFrame = validator(GatewayFrame);

/** Control's end of the stream, without a database: says what it is told to and listens. */
export class ScriptedControl {
  readonly #server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  readonly #frames: GatewayFrame[] = [];
  #socket: WebSocket | undefined;

  constructor() {
    this.#server.on("connection", (socket) => {
      this.#socket = socket;
      socket.on("message", (data: Buffer) => this.#onFrame(data));
      this.send({ kind: "welcome", streamVersion: 1 });
    });
  }

  async url(): Promise<string> {
    await waitFor("the scripted control", () => this.#server.address() !== null);
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  send(frame: ControlFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  async connected(): Promise<void> {
    await this.#frame((frame) => frame.kind === "hello");
  }

  /** Sends a change; milliseconds from its frame until it was in force, as the gateway says. */
  async change(change: SnapshotChange): Promise<number> {
    this.send({ kind: "snapshot-change", change });
    return this.applied(change.toVersion);
  }

  async applied(version: number, limitMs = 15_000): Promise<number> {
    const frame = await this.#frame(
      (one) => one.kind === "snapshot-wanted" || (one.kind === "applied" && one.snapshotVersion === version),
      limitMs,
    );
    if (frame.kind !== "applied") throw new Error(`the gateway refused version ${version}`);
    return frame.tookMs ?? 0;
  }

  close(): void {
    this.#socket?.terminate();
    this.#server.close();
  }

  #frame(isIt: (frame: GatewayFrame) => boolean, limitMs?: number): Promise<GatewayFrame> {
    return waitFor("a frame of the gateway", () => this.#frames.find(isIt), limitMs);
  }

  #onFrame(data: Buffer): void {
    const frame = validFrame(JSON.parse(data.toString("utf8")));
    if (!frame.ok) throw new Error(`the gateway sent what is not of the contract: ${frame.error}`);
    this.#frames.push(frame.value);
    if (frame.value.kind === "entries") {
      this.send({ kind: "stored", sequence: frame.value.entries.at(-1)?.sequence ?? 0 });
    }
  }
}
