import type { Clock, Timer } from "@tandem/clock";
import { NameServerFrame, validator, type ZoneFrame, zoneStreamVersion } from "@tandem/contracts";
import type { RawData, WebSocket } from "ws";
import { closeText, LatestSnapshot, gatewayStreamLimits as limits, textOf } from "../gateway-stream/index.ts";
import type { PublishedFrame } from "../snapshot/index.ts";

export interface ZoneSubscriptionOptions {
  readonly socket: WebSocket;
  /** Whose token was shown. */
  readonly name: string;
  readonly clock: Clock;
  /** `hello` was right. */
  readonly onOpen: (subscription: ZoneSubscription) => void;
  /** The name server answers by this version now. */
  readonly onApplied: (name: string, version: number) => void;
  readonly onClose: (subscription: ZoneSubscription, why: string) => void;
}

const policyViolation = 1008;
const validate = validator(NameServerFrame);

/**
 * One stream to one name server. Greeting (only `hello` is allowed, and soon) → open → closed. Whatever breaks the
 * contract closes it with 1008 and a text that says what.
 */
export class ZoneSubscription {
  readonly name: string;
  readonly #options: ZoneSubscriptionOptions;
  readonly #socket: WebSocket;
  #timer: Timer;
  #missedPings = 0;
  #zones: LatestSnapshot | undefined;
  #isClosed = false;

  constructor(options: ZoneSubscriptionOptions) {
    this.name = options.name;
    this.#options = options;
    this.#socket = options.socket;
    this.#timer = options.clock.schedule(
      limits.helloTimeoutMs,
      (subscription: ZoneSubscription) => subscription.#refuse("hello did not come in time"),
      this,
    );
    this.#socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    this.#socket.on("pong", () => {
      this.#missedPings = 0;
    });
    this.#socket.on("close", (code, reason) => this.#onClosed(`${code} ${reason.toString()}`.trimEnd()));
    // A "close" event always follows.
    this.#socket.on("error", () => undefined);
  }

  /** Sends it if it is newer than what the name server has; nothing before `hello`. */
  offer(zone: PublishedFrame): void {
    this.#zones?.offer(zone);
  }

  /** Idempotent. `code`: RFC 6455 §7.4.1. */
  close(code: number, why: string): void {
    if (this.#isClosed) return;
    const socket = this.#socket;
    socket.close(code, closeText(why));
    const cut = this.#options.clock.schedule(
      limits.closeTimeoutMs,
      (open: WebSocket) => open.terminate(),
      socket,
    );
    socket.once("close", () => cut.cancel());
    this.#onClosed(why);
  }

  #refuse(why: string): void {
    this.close(policyViolation, why);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#isClosed) return;
    this.#missedPings = 0;
    const frame = isBinary ? undefined : parseFrame(data);
    const checked = validate(frame);
    if (!checked.ok) this.#refuse(`bad frame: ${checked.error}`);
    else this.#onFrame(checked.value);
  }

  #onFrame(frame: NameServerFrame): void {
    if ((frame.kind === "hello") !== (this.#zones === undefined)) {
      this.#refuse(frame.kind === "hello" ? "hello came twice" : "hello must come first");
    } else if (frame.kind === "hello") {
      this.#onHello(frame);
    } else {
      this.#options.onApplied(this.name, frame.zoneVersion);
    }
  }

  #onHello({ nameServer, streamVersion, zoneVersion }: Extract<NameServerFrame, { kind: "hello" }>): void {
    if (nameServer !== this.name) {
      this.#refuse(`the token is not that of name server ${nameServer}`);
      return;
    }
    // Readable one version back and forth.
    if (Math.abs(streamVersion - zoneStreamVersion) > 1) {
      this.#refuse(`stream version ${streamVersion} is not spoken here, ${zoneStreamVersion} is`);
      return;
    }
    this.#zones = new LatestSnapshot({
      heldVersion: zoneVersion,
      takesChanges: false,
      send: (text, onSent) => this.#socket.send(text, onSent),
    });
    this.#timer.cancel();
    this.#armPing();
    const welcome: ZoneFrame = { kind: "welcome", streamVersion: zoneStreamVersion };
    this.#socket.send(JSON.stringify(welcome));
    this.#options.onOpen(this);
  }

  #armPing(): void {
    this.#timer = this.#options.clock.schedule(
      limits.pingIntervalMs,
      (subscription: ZoneSubscription) => subscription.#ping(),
      this,
    );
  }

  #ping(): void {
    if (this.#missedPings >= limits.maximumMissedPings) {
      this.#socket.terminate();
      this.#onClosed("no sign of life");
      return;
    }
    this.#missedPings += 1;
    this.#socket.ping();
    this.#armPing();
  }

  #onClosed(why: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer.cancel();
    this.#options.onClose(this, why);
  }
}

/** Undefined: no JSON. */
function parseFrame(data: RawData): unknown {
  try {
    return JSON.parse(textOf(data));
  } catch {
    return undefined;
  }
}
