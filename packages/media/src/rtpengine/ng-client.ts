import type { Clock, Timer } from "@tandem/clock";
import { type BencodeValue, bdecode, bencode, isDictionary } from "./bencode.ts";

export type NgDictionary = ReadonlyMap<string, BencodeValue>;

/** What became of a request to rtpengine. */
export type NgReply =
  | { readonly ok: true; readonly reply: NgDictionary }
  /** rtpengine said no: `error-reason`. */
  | { readonly ok: false; readonly kind: "refused"; readonly text: string }
  /** No answer, no room for another request, or the client is closed: rtpengine has, perhaps, done it all the same. */
  | { readonly ok: false; readonly kind: "silent"; readonly text: string };

/** A request is sent again after so long: rtpengine answers a cookie that it knows with the same reply. */
export const ngRetransmitMs: readonly number[] = [150, 300, 500];
/** After the last of them; 1.5 s in all, well below the 4 s that an attempt has until its first response. */
export const ngLastWaitMs = 550;
/** Requests that wait for their reply. */
export const maximumPendingNgRequests = 4096;

export interface NgClientOptions {
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** Sends one datagram. */
  readonly send: (datagram: string) => void;
}

interface Pending {
  readonly client: NgClient;
  readonly cookie: string;
  readonly datagram: string;
  readonly done: (reply: NgReply) => void;
  sent: number;
  timer: Timer | undefined;
}

/** Asks one rtpengine over its ng protocol: a cookie, a space, a dictionary; each datagram one request or reply. */
export class NgClient {
  readonly #options: NgClientOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #prefix: string;
  #nextCookie = 0;
  #isClosed = false;

  constructor(options: NgClientOptions) {
    this.#options = options;
    // Cookies of an earlier life of this gateway are still known to rtpengine.
    this.#prefix = Math.floor(options.random() * 2 ** 40).toString(36);
  }

  get pendingRequests(): number {
    return this.#pending.size;
  }

  /** `done` is called once, never inside this call. */
  request(command: string, parameters: NgDictionary, done: (reply: NgReply) => void): void {
    if (this.#isClosed || this.#pending.size >= maximumPendingNgRequests) {
      const text = this.#isClosed ? "closed" : `${maximumPendingNgRequests} requests wait already`;
      this.#options.clock.schedule(0, done, { ok: false, kind: "silent", text });
      return;
    }
    const cookie = `${this.#prefix}${(this.#nextCookie++).toString(36)}`;
    const datagram = `${cookie} ${bencode(new Map([["command", command], ...parameters]))}`;
    const pending: Pending = { client: this, cookie, datagram, done, sent: 0, timer: undefined };
    this.#pending.set(cookie, pending);
    this.#send(pending);
  }

  /** A datagram from rtpengine. What belongs to no request, or makes no sense, is passed over. */
  receive(datagram: string): void {
    const space = datagram.indexOf(" ");
    const pending = space < 0 ? undefined : this.#pending.get(datagram.slice(0, space));
    if (pending === undefined) return;
    const read = bdecode(datagram.slice(space + 1));
    if (!read.ok || !isDictionary(read.value)) return;
    this.#end(pending, replyOf(read.value));
  }

  /** What waits for a reply gets none. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const pending of this.#pending.values()) {
      this.#end(pending, { ok: false, kind: "silent", text: "closed" });
    }
  }

  /** @internal */
  onWaited(pending: Pending): void {
    if (pending.sent <= ngRetransmitMs.length) this.#send(pending);
    else this.#end(pending, { ok: false, kind: "silent", text: "no answer" });
  }

  #send(pending: Pending): void {
    const delayMs = ngRetransmitMs[pending.sent] ?? ngLastWaitMs;
    pending.sent += 1;
    pending.timer = this.#options.clock.schedule(delayMs, onWaited, pending);
    this.#options.send(pending.datagram);
  }

  #end(pending: Pending, reply: NgReply): void {
    pending.timer?.cancel();
    this.#pending.delete(pending.cookie);
    pending.done(reply);
  }
}

function onWaited(pending: Pending): void {
  pending.client.onWaited(pending);
}

function replyOf(reply: NgDictionary): NgReply {
  const result = reply.get("result");
  if (result === "ok" || result === "pong") return { ok: true, reply };
  const reason = reply.get("error-reason");
  return {
    ok: false,
    kind: "refused",
    text: typeof reason === "string" ? reason : `result ${typeof result === "string" ? result : "missing"}`,
  };
}
