import type { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Clock, Timer } from "@tandem/clock";
import { type FramerEvent, messageLimits, StreamFramer } from "../message/index.ts";
import type { Flow } from "./flow.ts";
import { KeepAlive } from "./keep-alive.ts";
import type { MessageReceiver } from "./message-receiver.ts";
import { failLater, sendFailureFrom } from "./send-failure.ts";
import type { SendFailure } from "./target.ts";
import type { TransportLimits } from "./transport-limits.ts";

/** connecting: TCP is not there yet. handshaking: TLS is not there yet. open: messages flow. closed: final. */
export type StreamState = "connecting" | "handshaking" | "open" | "closed";

/** What a connection needs of the pool that keeps it. */
export interface StreamOwner {
  readonly clock: Clock;
  readonly limits: TransportLimits;
  receiver(): MessageReceiver;
  /** A message came; before the receiver has it. */
  onMessage(connection: StreamConnection, text: string): void;
  /** The connection is closed and may not be used again; its socket may live a moment longer. */
  onClosed(connection: StreamConnection): void;
  /** The socket is gone. */
  onSocketGone(connection: StreamConnection): void;
}

export interface StreamConnectionOptions {
  readonly owner: StreamOwner;
  readonly socket: Socket;
  readonly id: string;
  readonly interfaceName: string;
  readonly connection: string | undefined;
  readonly protocol: "TCP" | "TLS";
  readonly isOutgoing: boolean;
  /** An `alias` of its peer counts (RFC 5923). */
  readonly mayBeReused: boolean;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** How long TCP may take; outgoing connections only. */
  readonly connectTimeoutMs: number;
}

interface Waiting {
  readonly text: string;
  readonly onFailure: (failure: SendFailure) => void;
}

/**
 * One TCP or TLS connection, accepted or outgoing; a flow.
 *
 *   connecting ──▶ handshaking (TLS) ──▶ open ──▶ closed         an accepted TCP connection begins open
 *
 * connecting, handshaking: messages wait in `#waiting`, `#deadline` limits the state.
 * open: messages go to the socket; `#deadline` runs while the peer owes us the rest of a message (or its first one),
 * `#idleTimer` always, `#keepAlive` on outgoing connections. closed: nothing waits, no timer runs.
 */
export class StreamConnection implements Flow {
  readonly id: string;
  readonly interfaceName: string;
  readonly connection: string | undefined;
  readonly protocol: "TCP" | "TLS";
  readonly isReliable = true;
  readonly isOutgoing: boolean;
  readonly mayBeReused: boolean;
  readonly remoteAddress: string;
  readonly remotePort: number;
  localAddress: string;
  localPort = 0;
  state: StreamState;
  /** False: whatever was sent on it never left. */
  hasBeenOpen = false;
  /** Pool key under which requests find it; owned by the pool. */
  poolKey: string | undefined;
  readonly #owner: StreamOwner;
  readonly #socket: Socket;
  readonly #framer: StreamFramer;
  readonly #keepAlive: KeepAlive;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #deadline: Timer | undefined;
  /** The deadline is that of an unfinished message. */
  #isAwaitingRest = false;
  #idleTimer: Timer | undefined;
  #lastActivityMs = 0;
  #whyClosed = "closed";
  /** The socket closes by itself when what was written has left. */
  #hasLastWords = false;

  constructor(options: StreamConnectionOptions) {
    this.#owner = options.owner;
    this.#socket = options.socket;
    this.id = options.id;
    this.interfaceName = options.interfaceName;
    this.connection = options.connection;
    this.protocol = options.protocol;
    this.isOutgoing = options.isOutgoing;
    this.mayBeReused = options.mayBeReused;
    this.localAddress = options.localAddress;
    this.remoteAddress = options.remoteAddress;
    this.remotePort = options.remotePort;
    this.#framer = new StreamFramer({
      maximumHeaderBytes: messageLimits.maximumHeaderBytes,
      maximumBodyBytes: messageLimits.maximumBodyBytes,
    });
    this.#keepAlive = new KeepAlive({
      clock: this.#owner.clock,
      pingIntervalMs: this.#owner.limits.pingIntervalMs,
      pongTimeoutMs: this.#owner.limits.pongTimeoutMs,
      sendPing: () => this.#writeBare("\r\n\r\n"),
      onDead: () => this.close("no-pong"),
    });
    this.state = this.isOutgoing ? "connecting" : "handshaking";
    this.#listen();
    if (this.isOutgoing) this.#await(options.connectTimeoutMs, "connect-timeout");
    else this.#onConnected();
  }

  get isOpen(): boolean {
    return this.state !== "closed";
  }
  get isSecure(): boolean {
    return this.protocol === "TLS";
  }
  /** Parsed anew each time. */
  get peerCertificate(): X509Certificate | undefined {
    return this.#socket instanceof TLSSocket ? this.#socket.getPeerX509Certificate() : undefined;
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("end", () => this.close("closed-by-peer"));
    socket.on("close", () => {
      this.close("closed-by-peer");
      this.#owner.onSocketGone(this);
    });
    if (this.isOutgoing) socket.on("connect", () => this.#onConnected());
    if (this.isSecure) socket.on(this.isOutgoing ? "secureConnect" : "secure", () => this.#open());
  }

  #onConnected(): void {
    if (this.state === "closed") return;
    this.localAddress = this.#socket.localAddress ?? this.localAddress;
    this.localPort = this.#socket.localPort ?? 0;
    this.#socket.setNoDelay(true);
    if (!this.isSecure) return this.#open();
    this.state = "handshaking";
    this.#await(this.#owner.limits.handshakeTimeoutMs, "handshake-timeout");
  }

  #open(): void {
    if (this.state === "closed") return;
    this.state = "open";
    this.hasBeenOpen = true;
    this.#deadline?.cancel();
    this.#lastActivityMs = this.#owner.clock.monotonicMs();
    this.#idleTimer = this.#owner.clock.schedule(this.#owner.limits.idleTimeoutMs, checkIdle, this);
    if (this.isOutgoing) this.#keepAlive.start();
    else this.#await(this.#owner.limits.firstMessageTimeoutMs, "no-first-message");
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const message of waiting) this.send(message.text, message.onFailure);
  }

  /** Sends now or, before the connection is there, later. Returns false, and reports, when that cannot be. */
  send(text: string, onFailure: (failure: SendFailure) => void): boolean {
    if (this.state === "closed") {
      failLater(onFailure, "closed", "the connection is closed");
      return false;
    }
    if (this.state === "open") return this.#write(text, onFailure);
    if (this.#waitingBytes + text.length > this.#owner.limits.maximumBufferedBytes) {
      failLater(onFailure, "send-queue-full", "too much waits for the connection");
      return false;
    }
    this.#waitingBytes += text.length;
    this.#waiting.push({ text, onFailure });
    return true;
  }

  #write(text: string, onFailure: (failure: SendFailure) => void): boolean {
    if (this.#socket.writableLength + text.length > this.#owner.limits.maximumBufferedBytes) {
      failLater(onFailure, "slow-reader", "the peer reads too slowly");
      this.close("slow-reader");
      return false;
    }
    this.#lastActivityMs = this.#owner.clock.monotonicMs();
    this.#socket.write(text, "latin1", (error) => {
      if (error != null) onFailure(sendFailureFrom(error, this.#whyClosed));
    });
    return true;
  }

  /** Keep-alives: no life of their own, and nobody to tell when they fail. */
  #writeBare(text: string): void {
    if (this.#socket.writableLength + text.length > this.#owner.limits.maximumBufferedBytes) {
      return this.close("slow-reader");
    }
    this.#socket.write(text, "latin1");
  }

  #receive(chunk: Buffer): void {
    if (this.state !== "open") return;
    const events = this.#framer.push(chunk);
    for (const event of events) {
      this.#handle(event);
      if (this.state !== "open") return;
    }
    this.#watchUnfinished(events.length > 0);
  }

  #handle(event: FramerEvent): void {
    switch (event.kind) {
      case "message":
        this.#lastActivityMs = this.#owner.clock.monotonicMs();
        this.#owner.onMessage(this, event.text);
        return this.#owner.receiver().onMessage(event.text, this);
      case "ping":
        this.#lastActivityMs = this.#owner.clock.monotonicMs();
        return this.#writeBare("\r\n");
      case "pong":
        return this.#keepAlive.onPong();
      case "error":
        this.#owner.receiver().onGarbage?.(this, event.error, event.text);
        return this.#closeBehindLastWords(event.error.code);
    }
  }

  /** A message that has begun must end in time, however slowly its bytes drip. */
  #watchUnfinished(hasProgress: boolean): void {
    if (hasProgress) {
      this.#deadline?.cancel();
      this.#isAwaitingRest = false;
    }
    if (!this.#framer.isInsideMessage || this.#isAwaitingRest) return;
    this.#isAwaitingRest = true;
    this.#await(this.#owner.limits.unfinishedMessageTimeoutMs, "unfinished-message");
  }

  #await(timeoutMs: number, why: string): void {
    this.#deadline?.cancel();
    this.#deadline = this.#owner.clock.schedule(timeoutMs, closeLate, { connection: this, why });
  }

  /** Called by the timer: closes, or comes again when there was life meanwhile. */
  checkIdle(): void {
    const remainingMs =
      this.#lastActivityMs + this.#owner.limits.idleTimeoutMs - this.#owner.clock.monotonicMs();
    if (remainingMs <= 0) return this.close("idle");
    this.#idleTimer = this.#owner.clock.schedule(remainingMs, checkIdle, this);
  }

  #fail(error: Error): void {
    const fallback = this.state === "handshaking" ? "tls-handshake-failed" : "connection-failed";
    const failure = sendFailureFrom(error, fallback);
    this.close(failure.code, failure.text);
  }

  /** What was just sent, the refusal of garbage say, still leaves, within a time: TLS and a busy kernel take a while. */
  #closeBehindLastWords(why: string): void {
    if (this.#socket.writableLength === 0) return this.close(why);
    const timer = this.#owner.clock.schedule(this.#owner.limits.lastWordsTimeoutMs, destroy, this.#socket);
    this.#socket.once("close", () => timer.cancel());
    this.#socket.destroySoon();
    this.#hasLastWords = true;
    this.close(why);
  }

  /** Idempotent. What waits fails with this reason. */
  close(why: string, text = `the connection was closed: ${why}`): void {
    if (this.state === "closed") return;
    const wasOpen = this.state === "open";
    this.state = "closed";
    this.#whyClosed = why;
    this.#deadline?.cancel();
    this.#idleTimer?.cancel();
    this.#keepAlive.stop();
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#owner.onClosed(this);
    for (const message of waiting) failLater(message.onFailure, why, text);
    // With everything handed to the kernel the end may be polite; otherwise it could wait for ever.
    if (wasOpen && this.#socket.writableLength === 0) this.#socket.destroySoon();
    else if (!this.#hasLastWords) this.#socket.destroy();
    if (wasOpen) this.#owner.receiver().onFlowClosed?.(this, why);
  }
}

function closeLate(late: { readonly connection: StreamConnection; readonly why: string }): void {
  late.connection.close(late.why);
}

function checkIdle(connection: StreamConnection): void {
  connection.checkIdle();
}

function destroy(socket: Socket): void {
  socket.destroy();
}
