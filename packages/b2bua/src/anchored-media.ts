import { type Reason, reasons } from "@tandem/reasons";
import type { AudioReading } from "./audio-reading.ts";
import type { CallMedia, CallMediaUser, MediaEngineFacts } from "./call-media.ts";
import type { LegReceived } from "./leg-received.ts";
import type { Anchored, AnchorJournal, LegMediaOptions, MediaAnchor, Side } from "./media-anchor.ts";

const plainRtp: MediaEngineFacts = { name: "relay", why: "plain RTP", instance: undefined };

export interface AnchoredJournal extends AnchorJournal {
  /** Left out: plain RTP, and nothing else was asked for. */
  readonly why?: string;
}

/** The media of a call in the relay of this process: every answer comes at once. */
export class AnchoredMedia implements CallMedia {
  readonly #anchor: MediaAnchor;
  readonly #why: string | undefined;
  readonly engine: MediaEngineFacts;
  user: CallMediaUser | undefined = undefined;

  /** @param why this engine, though something was asked for that it does not do; left out: nothing was */
  constructor(anchor: MediaAnchor, why?: string) {
    this.#anchor = anchor;
    this.#why = why;
    this.engine = why === undefined ? plainRtp : { ...plainRtp, why };
  }

  get isHeld(): boolean {
    return this.#anchor.isHeld;
  }

  get isOffered(): boolean {
    return this.#anchor.isOffered;
  }

  get lastReceivedMs(): number | undefined {
    return this.#anchor.lastReceivedMs;
  }

  get anchor(): MediaAnchor {
    return this.#anchor;
  }

  /** Media that have to be protected are never carried in clear. */
  useEgress(options: LegMediaOptions): Reason | undefined {
    const { srtp = "none", ice = "none" } = options;
    if (srtp !== "none" || ice !== "none") return reasons.secureMediaUnavailable;
    return this.#anchor.useEgress(options);
  }

  offer(from: Side, text: string, done: (anchored: Anchored) => void): void {
    done(this.#anchor.offer(from, text));
  }

  offerAgain(done: (anchored: Anchored) => void): boolean {
    const text = this.#anchor.offerAgain();
    if (text === undefined) return false;
    done({ ok: true, text });
    return true;
  }

  answer(from: Side, text: string, isFinal: boolean, done: (anchored: Anchored) => void): void {
    done(this.#anchor.answer(from, text, isFinal));
  }

  settle(from: Side, text: string): boolean {
    return this.#anchor.answer(from, text, true).ok;
  }

  shownTo(side: Side): string {
    return this.#anchor.shownTo(side);
  }

  isUnchanged(from: Side, text: string): boolean {
    return this.#anchor.isUnchanged(from, text);
  }

  refreshed(side: Side, text: string): void {
    this.#anchor.refreshed(side, text);
  }

  rollback(): void {
    this.#anchor.rollback();
  }

  received(side: Side): LegReceived {
    return this.#anchor.received(side);
  }

  audio(side: Side): AudioReading | undefined {
    return this.#anchor.audio(side);
  }

  toJournal(isRefreshed: boolean): AnchoredJournal | undefined {
    const journal = this.#anchor.toJournal(isRefreshed);
    return journal === undefined || this.#why === undefined ? journal : { ...journal, why: this.#why };
  }

  close(done: () => void): void {
    this.#anchor.close();
    done();
  }
}
