import { type Failure, failure, type SipSyntaxError } from "../uri/parsed.ts";
import { contentLengthOf } from "./content-length.ts";
import { indexHeader } from "./header-index.ts";

/** What a stream turned out to hold. */
export type FramerEvent =
  | { readonly kind: "message"; readonly text: string }
  /** Double CRLF: a keep-alive that wants a pong (RFC 5626 §3.5.1). */
  | { readonly kind: "ping" }
  /** Single CRLF: the answer to a keep-alive, or idle noise before a message. */
  | { readonly kind: "pong" }
  /** The stream is dead. `text` is the header of the message at fault when it was complete: enough to answer a request. */
  | { readonly kind: "error"; readonly error: SipSyntaxError; readonly text?: string };

/** What one peer may make us hold. Inclusive: the limit itself still passes. */
export interface FramerLimits {
  /** Start line, header fields and the empty line behind them. */
  readonly maximumHeaderBytes: number;
  readonly maximumBodyBytes: number;
}

const CR = 0x0d;
const LF = 0x0a;
const ping: FramerEvent = { kind: "ping" };
const pong: FramerEvent = { kind: "pong" };
const nothing: readonly FramerEvent[] = [];
const noBytes = Buffer.alloc(0);
const emptyLine = Buffer.from("\r\n\r\n", "latin1");

const headerTooLarge = failure("header-too-large", "Header is too large");
const bodyTooLarge = failure("body-too-large", "Message body is too large", "Content-Length");
const lengthMissing = failure(
  "content-length-missing",
  "Missing Content-Length header field",
  "Content-Length",
);
const notSip = failure("stream-malformed", "CR without LF between messages");

/**
 * Cuts a byte stream into SIP messages by Content-Length (RFC 3261 §18.3), whatever the chunks it comes in.
 *
 * Modes: *between messages* (keep-alives are looked for) → *in a header* → *in a body* → between messages.
 * Any error leads to *dead*, where every push gives nothing: behind it nobody knows where the next message starts.
 *
 * Holds at most one message within the limits plus one chunk; each byte is looked at once and copied at most a few times.
 */
export class StreamFramer {
  private readonly limits: FramerLimits;
  private isDead = false;
  /** Bytes not yet given out are held[start, end). */
  private held: Buffer = noBytes;
  private start = 0;
  private end = 0;
  /** `held` is memory of our own, which may be appended to; otherwise it is the chunk of the current push. */
  private isOwned = false;
  /** In a header: up to where the empty line was looked for, relative to `start`. */
  private scanned = 0;
  /** In a body: bytes of header and body together; 0 otherwise. */
  private messageBytes = 0;
  /** Between messages: a CRLF was seen (and told as pong if a push ended behind it), which another makes a ping. */
  private isHalfPing = false;
  private events: FramerEvent[] = [];

  constructor(limits: FramerLimits) {
    this.limits = limits;
  }

  /** Whether bytes are held that can't be given out yet: the beginning of a message. */
  get isInsideMessage(): boolean {
    return this.end > this.start;
  }

  /** Takes the next bytes of the stream, in order. The chunk may be reused afterwards. */
  push(chunk: Buffer): readonly FramerEvent[] {
    if (this.isDead) return nothing;
    this.events = [];
    this.take(chunk);
    while (!this.isDead && this.start < this.end && this.step());
    if (this.isDead) this.release();
    else this.keep();
    return this.events;
  }

  /** One keep-alive or message; false when more bytes are needed. */
  private step(): boolean {
    if (this.messageBytes > 0) return this.finishBody();
    if (this.scanned === 0 && this.held[this.start] === CR) return this.readLineBreak();
    return this.finishHeader();
  }

  private readLineBreak(): boolean {
    if (this.end - this.start < 2) return false;
    if (this.held[this.start + 1] !== LF) {
      this.fail(notSip);
      return false;
    }
    this.start += 2;
    if (this.isHalfPing) {
      this.isHalfPing = false;
      this.events.push(ping);
      return true;
    }
    const follows = this.start < this.end ? this.held[this.start] : undefined;
    // A half ping at the end of a chunk is told as a pong at once: the answer to our own ping must not wait for more bytes.
    this.isHalfPing = follows === CR || follows === undefined;
    if (follows !== CR) this.events.push(pong);
    return true;
  }

  private finishHeader(): boolean {
    this.isHalfPing = false;
    const from = this.start + Math.max(0, this.scanned - 3);
    const found = this.held.subarray(0, this.end).indexOf(emptyLine, from);
    const headerBytes = found < 0 ? this.end - this.start : found + 4 - this.start;
    if (headerBytes > this.limits.maximumHeaderBytes) {
      this.fail(headerTooLarge);
      return false;
    }
    this.scanned = headerBytes;
    return found >= 0 && this.startBody(headerBytes);
  }

  private startBody(headerBytes: number): boolean {
    const header = this.held.toString("latin1", this.start, this.start + headerBytes);
    const contentLength = contentLengthOf(header, indexHeader(header, header.indexOf("\r\n") + 2));
    if (!contentLength.ok) this.fail(contentLength, header);
    else if (contentLength.value === undefined) this.fail(lengthMissing, header);
    else if (contentLength.value > this.limits.maximumBodyBytes) this.fail(bodyTooLarge, header);
    else {
      this.messageBytes = headerBytes + contentLength.value;
      return this.finishBody();
    }
    return false;
  }

  private finishBody(): boolean {
    if (this.end - this.start < this.messageBytes) return false;
    const text = this.held.toString("latin1", this.start, this.start + this.messageBytes);
    this.events.push({ kind: "message", text });
    this.start += this.messageBytes;
    this.scanned = 0;
    this.messageBytes = 0;
    return true;
  }

  private fail(failed: Failure, text?: string): void {
    this.isDead = true;
    this.events.push(
      text === undefined
        ? { kind: "error", error: failed.error }
        : { kind: "error", error: failed.error, text },
    );
  }

  /** Makes held[start, end) the unread bytes with the chunk behind them. */
  private take(chunk: Buffer): void {
    if (this.start === this.end) {
      this.held = chunk;
      this.isOwned = false;
      this.start = 0;
      this.end = chunk.length;
      return;
    }
    const needed = this.end - this.start + chunk.length;
    if (needed > this.held.length) this.moveTo(Buffer.allocUnsafeSlow(needed * 2));
    else if (this.end + chunk.length > this.held.length) this.moveTo(this.held);
    chunk.copy(this.held, this.end);
    this.end += chunk.length;
  }

  /** After a push: unread bytes of the caller's chunk are copied, since the caller may reuse it. */
  private keep(): void {
    if (this.start === this.end) this.release();
    else if (!this.isOwned) this.moveTo(Buffer.allocUnsafeSlow((this.end - this.start) * 2));
  }

  private moveTo(target: Buffer): void {
    this.held.copy(target, 0, this.start, this.end);
    this.end -= this.start;
    this.start = 0;
    this.held = target;
    this.isOwned = true;
  }

  private release(): void {
    this.held = noBytes;
    this.isOwned = false;
    this.start = 0;
    this.end = 0;
  }
}
