import type { Reason } from "@tandem/reasons";
import type { AnchoredJournal } from "./anchored-media.ts";
import type { AudioReading } from "./audio-reading.ts";
import type { LegReceived } from "./leg-received.ts";
import type { Anchored, LegMediaOptions, MediaAnchor, Side } from "./media-anchor.ts";
import type { NegotiatedJournal } from "./negotiated-media.ts";

/** Plain JSON: what a restarted gateway needs to go on with the media of a call. */
export type MediaJournal = AnchoredJournal | NegotiatedJournal;

/** Hears of what happens to the media by itself. */
export interface CallMediaUser {
  /** The engine has lost the media of the call. */
  onMediaLost(reason: Reason): void;
}

/**
 * The media of one call as its state machine sees them. What may have to be asked for is answered by a function that is
 * called once: at once, inside the call, by an engine of this process (`AnchoredMedia`), later by one that is asked over a
 * network (`NegotiatedMedia`), and never after `close`. So a plain call has no step more than it needs.
 *
 *   idle ──offer()──▶ offered ──answer(final)──▶ idle (applied)
 *                     offered ──answer(not final)──▶ offered ──settle()──▶ idle (applied)
 *                     offered ──rollback()──▶ idle (as before the offer)
 */
export interface CallMedia {
  /** A side is on hold: silence is to be expected. */
  readonly isHeld: boolean;
  /** True while an offer waits for its answer. */
  readonly isOffered: boolean;
  /** Monotonic ms of the last packet of either side; undefined: nobody knows, or none is expected yet. */
  readonly lastReceivedMs: number | undefined;
  /** Which engine it is, for the record. */
  readonly engine: MediaEngineFacts;
  /** The legs, for a transfer, which takes one of them to another call; undefined: they can't leave their engine. */
  readonly anchor: MediaAnchor | undefined;
  /** Who is to be told once the call is answered. */
  user: CallMediaUser | undefined;
  /** The egress leg of the next attempt; the media of the one before end. */
  useEgress(options: LegMediaOptions): Reason | undefined;
  /** An offer of one side, as the other shall see it. */
  offer(from: Side, text: string, done: (anchored: Anchored) => void): void;
  /** The pending offer again, for the next attempt. False: there is none, and `done` is not called. */
  offerAgain(done: (anchored: Anchored) => void): boolean;
  /** The answer of one side to the pending offer. `isFinal` false: early media, the offer stays open. */
  answer(from: Side, text: string, isFinal: boolean, done: (anchored: Anchored) => void): void;
  /** The answer that was given last, and was not final, is final after all. False: it can't be. */
  settle(from: Side, text: string): boolean;
  /** What that side was shown last; "" when it is not known any more. */
  shownTo(side: Side): string;
  /** Whether an offer says what that side has said before, and what was shown to it then answers it (RFC 3264 §8). */
  isUnchanged(from: Side, text: string): boolean;
  /** The answer to an offer of ours that changed nothing: where the media goes may have changed all the same. */
  refreshed(side: Side, text: string): void;
  /** The offer was refused: everything is as it was before it. */
  rollback(): void;
  /** What one side has sent to us in the whole call; the last word after `close`. */
  received(side: Side): LegReceived;
  /** What came of the audio of one side; undefined: the call has none now. The last word after `close`. */
  audio(side: Side): AudioReading | undefined;
  /**
   * Undefined: there is nothing that could go on.
   * @param isRefreshed a restarted process must be able to refresh the sessions of the legs
   */
  toJournal(isRefreshed: boolean): MediaJournal | undefined;
  /** Idempotent. `done`: nothing is left, and `received` is complete. */
  close(done: () => void): void;
}

export interface MediaEngineFacts {
  /** `relay`: that of this process. */
  readonly name: "relay" | "rtpengine";
  /** What made the choice. */
  readonly why: string;
  /** Which rtpengine; undefined: none, or none yet. */
  readonly instance: string | undefined;
}
