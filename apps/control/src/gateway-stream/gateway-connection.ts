import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "@tandem/clock";
import {
  type CommandResult,
  type ConnectionHealth,
  type ControlFrame,
  type GatewayCommand,
  gatewayStreamVersion,
  type SnapshotGatewayInterface,
  type TargetHealth,
} from "@tandem/contracts";
import type { RawData, WebSocket } from "ws";
import type { ReceivedEntry } from "../records/store-entries.ts";
import type { PublishedSnapshot } from "../snapshot/index.ts";
import { EntryQueue } from "./entry-queue.ts";
import { LatestSnapshot } from "./latest-snapshot.ts";
import { gatewayStreamLimits as limits } from "./limits.ts";
import { failed, PendingCommands } from "./pending-commands.ts";
import { type ReceivedFrame, readFrame } from "./received-frame.ts";

/** What a gateway last said about itself. */
export interface GatewayState {
  readonly name: string;
  /** Of this stream: a gateway that connects again has another one. */
  readonly streamId: string;
  readonly edge: string;
  /** Where it is reached; a gateway one version back does not say. */
  readonly interfaces: readonly SnapshotGatewayInterface[];
  readonly snapshotVersion: number;
  readonly startedAtMs: number;
  readonly liveCalls: number;
  readonly isDraining: boolean;
  readonly targets: readonly TargetHealth[];
  /** Lines of its edge, and the snapshot that it had applied when it said so. */
  readonly connections: readonly ConnectionHealth[];
  readonly healthSnapshotVersion: number;
}

export interface GatewayConnectionOptions {
  readonly socket: WebSocket;
  /** Whose token was shown. */
  readonly name: string;
  readonly clock: Clock;
  readonly store: (gateway: string, entries: readonly ReceivedEntry[]) => Promise<unknown>;
  /** `hello` was right: from now on `state` is set. */
  readonly onOpen: (connection: GatewayConnection) => void;
  /** `hello`, `applied` or `state` came. */
  readonly onState: (state: GatewayState) => void;
  readonly onClose: (connection: GatewayConnection, why: string) => void;
  readonly onStoreFailure: (gateway: string, error: unknown) => void;
}

const policyViolation = 1008;

/**
 * One stream of one gateway. Greeting (only `hello` is allowed, and soon) → open → closed. Whatever breaks the contract
 * closes it with 1008 and a text that says what.
 */
export class GatewayConnection {
  readonly name: string;
  readonly #options: GatewayConnectionOptions;
  readonly #socket: WebSocket;
  readonly #commands: PendingCommands;
  readonly #entries: EntryQueue;
  #timer: Timer;
  #missedPings = 0;
  #state: GatewayState | undefined;
  #snapshots: LatestSnapshot | undefined;
  #isClosed = false;

  constructor(options: GatewayConnectionOptions) {
    this.name = options.name;
    this.#options = options;
    this.#socket = options.socket;
    this.#commands = new PendingCommands(options.clock, limits.maximumPendingCommands);
    this.#entries = this.#entryQueue();
    this.#timer = options.clock.schedule(
      limits.helloTimeoutMs,
      (connection: GatewayConnection) => connection.refuse("hello did not come in time"),
      this,
    );
    this.#socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    this.#socket.on("pong", () => this.#onSign());
    this.#socket.on("close", (code, reason) => this.#onClosed(`${code} ${reason.toString()}`.trimEnd()));
    // A "close" event always follows.
    this.#socket.on("error", () => undefined);
  }

  /** Undefined before `hello`. */
  get state(): GatewayState | undefined {
    return this.#state;
  }

  offerSnapshot(snapshot: PublishedSnapshot): void {
    this.#snapshots?.offer(snapshot);
  }

  /** Never rejects: a failure is a result too. */
  async command(
    command: GatewayCommand,
    timeoutMs: number = limits.commandTimeoutMs,
  ): Promise<CommandResult> {
    if (this.#isClosed || this.#state === undefined) return failed("the gateway is not connected");
    if (this.#socket.bufferedAmount > limits.maximumUnsentBytes) return failed("the gateway does not read");
    const pending = this.#commands.add(timeoutMs);
    if (pending === undefined) return failed("too many commands wait for the gateway");
    this.#send({ kind: "command", id: pending.id, command });
    const result = await pending.result;
    if (result.ok && result.name !== command.name)
      return failed(`the gateway answered ${result.name} instead`);
    return result;
  }

  /** Closes because the gateway broke the contract. */
  refuse(why: string): void {
    this.close(policyViolation, why);
  }

  /** Idempotent. `code`: RFC 6455 §7.4.1. */
  close(code: number, why: string): void {
    if (this.#isClosed) return;
    const socket = this.#socket;
    socket.close(code, closeText(why));
    // The other end may be gone or deaf, and a socket that we stopped reading cannot hear its answer.
    const cut = this.#options.clock.schedule(
      limits.closeTimeoutMs,
      (open: WebSocket) => open.terminate(),
      socket,
    );
    socket.once("close", () => cut.cancel());
    this.#onClosed(why);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#isClosed) return;
    this.#onSign();
    if (isBinary) {
      this.refuse("binary frame");
      return;
    }
    const read = readFrame(textOf(data));
    if (!read.ok) this.refuse(`bad frame: ${read.error}`);
    else if (this.#state === undefined) this.#onGreeting(read.frame);
    else this.#onFrame(read.frame, this.#state);
  }

  #onGreeting(frame: ReceivedFrame): void {
    if (frame.kind !== "hello") {
      this.refuse("hello must come first");
      return;
    }
    if (frame.gateway !== this.name) {
      this.refuse(`the token is not that of gateway ${frame.gateway}`);
      return;
    }
    // Readable one version back and forth.
    if (Math.abs(frame.streamVersion - gatewayStreamVersion) > 1) {
      this.refuse(`stream version ${frame.streamVersion} is not spoken here, ${gatewayStreamVersion} is`);
      return;
    }
    const { edge, snapshotVersion, startedAtMs } = frame;
    this.#state = {
      name: this.name,
      streamId: randomUUID(),
      edge,
      interfaces: frame.interfaces ?? [],
      snapshotVersion,
      startedAtMs,
      liveCalls: 0,
      isDraining: false,
      targets: [],
      connections: [],
      healthSnapshotVersion: 0,
    };
    this.#snapshots = new LatestSnapshot({
      heldVersion: snapshotVersion,
      takesChanges: frame.takesChanges ?? false,
      // To a socket that has closed nothing more is sent.
      send: (text, onSent) => this.#socket.send(text, (error) => error ?? onSent()),
    });
    this.#timer.cancel();
    this.#armPing();
    this.#send({ kind: "welcome", streamVersion: gatewayStreamVersion });
    this.#options.onOpen(this);
    this.#options.onState(this.#state);
  }

  #onFrame(frame: ReceivedFrame, state: GatewayState): void {
    switch (frame.kind) {
      case "hello":
        this.refuse("hello came twice");
        return;
      case "applied":
        this.#update({ ...state, snapshotVersion: frame.snapshotVersion });
        return;
      case "snapshot-wanted":
        this.#snapshots?.wholeWanted();
        return;
      case "state":
        this.#update({
          ...state,
          liveCalls: frame.liveCalls,
          isDraining: frame.draining,
          targets: frame.targets,
          connections: frame.connections ?? [],
          healthSnapshotVersion: state.snapshotVersion,
        });
        return;
      case "entries":
        this.#entries.push(frame.entries);
        return;
      case "result":
        this.#commands.settle(frame.id, frame.result);
        return;
    }
  }

  #update(state: GatewayState): void {
    this.#state = state;
    this.#options.onState(state);
  }

  #send(frame: ControlFrame): void {
    if (!this.#isClosed) this.#socket.send(JSON.stringify(frame));
  }

  #entryQueue(): EntryQueue {
    const { clock, store, name, onStoreFailure } = this.#options;
    return new EntryQueue({
      clock,
      store: (entries) => store(name, entries),
      onStored: (sequence) => {
        if (sequence >= 0) this.#send({ kind: "stored", sequence });
      },
      onFull: () => this.#socket.pause(),
      onRoom: () => this.#socket.resume(),
      onFailure: (error) => onStoreFailure(name, error),
    });
  }

  #armPing(): void {
    this.#timer = this.#options.clock.schedule(
      limits.pingIntervalMs,
      (connection: GatewayConnection) => connection.#ping(),
      this,
    );
  }

  #ping(): void {
    // Nothing can be heard from a socket that we do not read.
    if (!this.#socket.isPaused && this.#missedPings >= limits.maximumMissedPings) {
      this.#socket.terminate();
      this.#onClosed("no sign of life");
      return;
    }
    this.#missedPings += 1;
    this.#socket.ping();
    this.#armPing();
  }

  #onSign(): void {
    this.#missedPings = 0;
  }

  #onClosed(why: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer.cancel();
    this.#entries.close();
    this.#commands.failAll("the connection to the gateway was lost");
    this.#options.onClose(this, why);
  }
}

/** The bytes as UTF-8; ws has checked them, and hands out one Buffer by default. */
export function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString();
}

/** At most 123 bytes, whole characters. */
export function closeText(text: string): string {
  if (Buffer.byteLength(text) <= limits.maximumCloseTextBytes) return text;
  const bytes = Buffer.from(text).subarray(0, limits.maximumCloseTextBytes);
  // `stream`: leaves out a character that was cut in the middle.
  return new TextDecoder().decode(bytes, { stream: true });
}
