import type { Clock, Timer } from "@tandem/clock";
import {
  gatewayStreamPath,
  type NameServerFrame,
  validator,
  ZoneFrame,
  type ZoneSnapshot,
  zoneStreamVersion,
} from "@tandem/contracts";
import WebSocket from "ws";

export interface ZoneLinkOptions {
  readonly clock: Clock;
  /** `http://host:port` of control. */
  readonly url: string;
  readonly token: string;
  readonly nameServer: string;
  readonly random: () => number;
  readonly zoneVersion: () => number;
  /** Takes a zone; an error is reported and the old one stays in force. */
  readonly applyZone: (zone: ZoneSnapshot) => void;
  readonly onEvent: (
    event: "connected" | "disconnected" | "bad-frame" | "zone-refused",
    text: string,
  ) => void;
}

const firstRetryMs = 250;
const longestRetryMs = 10_000;
/** Control pings more often than this; a silent stream is a dead one. */
const silenceMs = 45_000;
/** Labels of a million trunks fit. */
const maximumFrameBytes = 256 * 1024 * 1024;

const validate = validator(ZoneFrame);

/**
 * The name server's end of the stream from control. Answers never wait for it.
 *
 *   connecting ──open──▶ connected ──close, error, silence──▶ waiting ──back-off with jitter──▶ connecting
 *   any ──close()──▶ closed
 */
export class ZoneLink {
  readonly #options: ZoneLinkOptions;
  #socket: WebSocket | undefined;
  #retryMs = firstRetryMs;
  #retry: Timer | undefined;
  #silence: Timer | undefined;
  #isConnected = false;
  #isClosed = false;

  constructor(options: ZoneLinkOptions) {
    this.#options = options;
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
    this.#retry?.cancel();
    this.#silence?.cancel();
    this.#socket?.close(1000);
    this.#socket = undefined;
  }

  #connect(): void {
    if (this.#isClosed) return;
    const url = new URL(gatewayStreamPath, this.#options.url);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
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
    this.#retryMs = firstRetryMs;
    this.#heard();
    this.#options.onEvent("connected", this.#options.url);
    this.#send({
      kind: "hello",
      streamVersion: zoneStreamVersion,
      nameServer: this.#options.nameServer,
      zoneVersion: this.#options.zoneVersion(),
    });
  }

  /** The socket closes after it. */
  #onError(error: Error): void {
    if (!this.#isClosed) this.#options.onEvent("disconnected", error.message);
  }

  #onClose(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#silence?.cancel();
    if (this.#isConnected) this.#options.onEvent("disconnected", `closed with code ${code}`);
    this.#isConnected = false;
    const delayMs = this.#retryMs * (0.5 + this.#options.random() / 2);
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    this.#retry = this.#options.clock.schedule(delayMs, (link: ZoneLink) => link.#connect(), this);
  }

  #onFrame(data: Buffer): void {
    this.#heard();
    let content: unknown;
    try {
      content = JSON.parse(data.toString("utf8"));
    } catch {
      this.#options.onEvent("bad-frame", "not JSON");
      return;
    }
    const frame = validate(content);
    if (!frame.ok) this.#options.onEvent("bad-frame", frame.error);
    else if (frame.value.kind === "zone") this.#apply(frame.value.zone);
  }

  #apply(zone: ZoneSnapshot): void {
    try {
      this.#options.applyZone(zone);
      this.#send({ kind: "applied", zoneVersion: zone.version });
    } catch (error) {
      this.#options.onEvent("zone-refused", error instanceof Error ? error.message : String(error));
    }
  }

  #heard(): void {
    this.#silence?.cancel();
    this.#silence = this.#options.clock.schedule(
      silenceMs,
      (link: ZoneLink) => link.#socket?.terminate(),
      this,
    );
  }

  #send(frame: NameServerFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }
}
