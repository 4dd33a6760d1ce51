import type { Clock, Timer } from "@tandem/clock";
import {
  type CommandResult,
  ControlFrame,
  type GatewayCommand,
  type GatewayFrame,
  gatewayStreamPath,
  gatewayStreamVersion,
  type SnapshotChange,
  type SnapshotGatewayInterface,
  upgradeControlFrame,
  validator,
} from "@tandem/contracts";
import WebSocket from "ws";
import type { Ledger } from "../ledger/ledger.ts";
import type { SnapshotIntake } from "../snapshot/snapshot-intake.ts";
import { OutboxPump } from "./outbox-pump.ts";
import { type GatewayState, StateFrame } from "./state-frame.ts";

/** What `SnapshotIntake` is. */
export type SnapshotSink = Pick<
  SnapshotIntake,
  "version" | "whole" | "begin" | "add" | "end" | "change" | "abandon"
>;

export interface ControlLinkOptions {
  readonly clock: Clock;
  /** `http://host:port` of control. */
  readonly url: string;
  readonly token: string;
  readonly gateway: string;
  readonly edge: string;
  readonly ledger: Ledger;
  readonly random: () => number;
  /** Takes what comes of snapshots; an error is reported and the old one stays in force. */
  readonly snapshots: SnapshotSink;
  perform(command: GatewayCommand): CommandResult;
  state(): GatewayState;
  /** Where this gateway is reached; asked when the stream opens. */
  interfaces(): SnapshotGatewayInterface[];
  onEvent(event: "connected" | "disconnected" | "bad-frame" | "snapshot-refused", text: string): void;
}

const firstRetryMs = 250;
const longestRetryMs = 10_000;
const stateIntervalMs = 5_000;
/** A thousand lines that change at once make one frame: each is a write to control's database. */
const changeGatherMs = 50;
/** Calls go on in between. */
const betweenSlicesMs = 1;
/** Control pings more often than this; a silent stream is a dead one. */
const silenceMs = 45_000;
/** A snapshot of a million numbers fits. */
const maximumFrameBytes = 1024 * 1024 * 1024;

const validate = validator(ControlFrame);

/**
 * The gateway's end of the stream to control. Calls never wait for it.
 *
 *   connecting ──open──▶ connected ──close, error, silence──▶ waiting ──back-off with jitter──▶ connecting
 *   any ──close()──▶ closed
 */
export class ControlLink {
  /** Control has our hello, and can be told what it may have missed. */
  onOpened: (() => void) | undefined;
  readonly #options: ControlLinkOptions;
  readonly #pump: OutboxPump;
  readonly #startedAtMs: number;
  #socket: WebSocket | undefined;
  #retryMs = firstRetryMs;
  #timer: Timer | undefined;
  /** The next state is that of a change, and not far away. */
  #isChangeTold = false;
  /** The state that is being written. */
  #frame: StateFrame | undefined;
  #silence: Timer | undefined;
  #isConnected = false;
  #isClosed = false;

  constructor(options: ControlLinkOptions) {
    this.#options = options;
    this.#startedAtMs = options.clock.wallMs();
    this.#pump = new OutboxPump(options.clock, options.ledger, (text) => this.#socket?.send(text));
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  start(): void {
    this.#connect();
  }

  /** Ends the stream. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#isConnected = false;
    this.#timer?.cancel();
    this.#silence?.cancel();
    this.#pump.stop();
    this.#socket?.close(1000);
    this.#socket = undefined;
  }

  /** @internal */
  reconnect(): void {
    if (!this.#isClosed) this.#connect();
  }

  /** @internal */
  onSilence(): void {
    this.#socket?.terminate();
  }

  /**
   * Something changed that control waits for: the state follows at once, and then every few seconds again. Any number of
   * changes within `changeGatherMs` are told together. Without a stream nothing happens: an opened one begins with it.
   */
  onStateChange(): void {
    if (!this.#isConnected || this.#isChangeTold) return;
    this.#isChangeTold = true;
    // One that is being written goes out first.
    if (this.#frame === undefined) this.#scheduleState(changeGatherMs);
  }

  /** An alert that the outbox may not take now. Without a stream nothing happens: it comes with the outbox. */
  tellAlert(alertText: string): void {
    if (this.#isConnected) this.#pump.sendAlert(alertText);
  }

  /** @internal */
  sendState(): void {
    if (!this.#isConnected) return;
    this.#isChangeTold = false;
    this.#frame = new StateFrame(this.#options.state());
    this.writeState();
  }

  /** @internal */
  writeState(): void {
    const text = this.#frame?.write();
    if (text === undefined) {
      this.#timer = this.#options.clock.schedule(betweenSlicesMs, writeState, this);
      return;
    }
    this.#frame = undefined;
    this.#socket?.send(text);
    this.#scheduleState(this.#isChangeTold ? changeGatherMs : stateIntervalMs);
  }

  #scheduleState(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.schedule(delayMs, sendState, this);
  }

  #connect(): void {
    const url = new URL(gatewayStreamPath, this.#options.url);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("gateway", this.#options.gateway);
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${this.#options.token}` },
      maxPayload: maximumFrameBytes,
      handshakeTimeout: 10_000,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    // A socket that was given up may still have something to say: nobody listens any more.
    socket.on("open", () => socket === this.#socket && this.#onOpen());
    socket.on("message", (data: Buffer) => socket === this.#socket && this.#onFrame(data));
    socket.on("ping", () => socket === this.#socket && this.#heard());
    socket.on("error", (error) => this.#onError(error));
    socket.on("close", (code) => this.#onClose(socket, code));
  }

  #onOpen(): void {
    this.#isConnected = true;
    this.#isChangeTold = false;
    this.#retryMs = firstRetryMs;
    this.#heard();
    this.#options.onEvent("connected", this.#options.url);
    this.#send({
      kind: "hello",
      streamVersion: gatewayStreamVersion,
      gateway: this.#options.gateway,
      edge: this.#options.edge,
      snapshotVersion: this.#options.snapshots.version,
      takesChanges: true,
      startedAtMs: this.#startedAtMs,
      interfaces: this.#options.interfaces(),
    });
    this.#pump.start();
    this.sendState();
    this.onOpened?.();
  }

  /** The socket closes after it. */
  #onError(error: Error): void {
    if (!this.#isClosed) this.#options.onEvent("disconnected", error.message);
  }

  #onClose(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#silence?.cancel();
    this.#timer?.cancel();
    this.#frame = undefined;
    this.#pump.stop();
    this.#options.snapshots.abandon();
    if (this.#isConnected) this.#options.onEvent("disconnected", `closed with code ${code}`);
    this.#isConnected = false;
    if (this.#isClosed) return;
    const delayMs = this.#retryMs * (0.5 + this.#options.random() / 2);
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    this.#timer = this.#options.clock.schedule(delayMs, reconnect, this);
  }

  #onFrame(data: Buffer): void {
    this.#heard();
    const cameAtMs = this.#options.clock.monotonicMs();
    let content: unknown;
    try {
      content = JSON.parse(data.toString("utf8"));
    } catch {
      this.#options.onEvent("bad-frame", "not JSON");
      return;
    }
    const frame = validate(upgradeControlFrame(content));
    if (!frame.ok) {
      this.#options.onEvent("bad-frame", frame.error);
      return;
    }
    this.#handle(frame.value, cameAtMs);
  }

  #handle(frame: ControlFrame, cameAtMs: number): void {
    const { snapshots } = this.#options;
    switch (frame.kind) {
      case "welcome":
        return;
      case "snapshot":
        this.#apply(frame.snapshot.version, cameAtMs, () => snapshots.whole(frame.snapshot));
        return;
      case "snapshot-begin":
        this.#try(() => snapshots.begin(frame.settings, frame.counts));
        return;
      case "snapshot-objects":
        this.#try(() => snapshots.add(frame.objects));
        return;
      case "snapshot-end":
        this.#apply(frame.version, cameAtMs, () => snapshots.end(frame.version));
        return;
      case "snapshot-change":
        this.#change(frame.change, cameAtMs);
        return;
      case "stored":
        this.#pump.onStored(frame.sequence);
        return;
      case "command":
        this.#send({ kind: "result", id: frame.id, result: this.#perform(frame.command) });
        return;
    }
  }

  #apply(version: number, cameAtMs: number, apply: () => void): void {
    if (this.#try(apply) !== undefined) return;
    this.#tellApplied(version, cameAtMs);
    // It may have brought lines, and control waits to hear that they are there.
    this.onStateChange();
  }

  /** One that does not fit what is in force, because another was missed or refused, is answered by the whole. */
  #change(change: SnapshotChange, cameAtMs: number): void {
    const { snapshots } = this.#options;
    const why = this.#try(() => snapshots.change(change));
    if (why !== undefined) {
      this.#send({ kind: "snapshot-wanted", snapshotVersion: snapshots.version, why });
      return;
    }
    this.#tellApplied(change.toVersion, cameAtMs);
    if (change.put.connections ?? change.removed.connections) this.onStateChange();
  }

  #tellApplied(snapshotVersion: number, cameAtMs: number): void {
    const tookMs = this.#options.clock.monotonicMs() - cameAtMs;
    this.#send({ kind: "applied", snapshotVersion, tookMs });
  }

  /** Undefined: it went well. */
  #try(apply: () => void): string | undefined {
    try {
      apply();
      return undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#options.onEvent("snapshot-refused", why);
      return why;
    }
  }

  #perform(command: GatewayCommand): CommandResult {
    try {
      return this.#options.perform(command);
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    }
  }

  #heard(): void {
    this.#silence?.cancel();
    this.#silence = this.#options.clock.schedule(silenceMs, onSilence, this);
  }

  #send(frame: GatewayFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }
}

function reconnect(link: ControlLink): void {
  link.reconnect();
}

function onSilence(link: ControlLink): void {
  link.onSilence();
}

function sendState(link: ControlLink): void {
  link.sendState();
}

function writeState(link: ControlLink): void {
  link.writeState();
}
