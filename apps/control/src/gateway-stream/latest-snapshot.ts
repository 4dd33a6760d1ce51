import type { PublishedSnapshot } from "../snapshot/index.ts";

/**
 * Sends snapshots to one gateway, at most one at a time: while one is on its way only the newest of those that come
 * is kept, so a slow line never piles up snapshots that are out of date already.
 */
export class LatestSnapshot {
  readonly #send: (frame: string, onSent: () => void) => void;
  #isSending = false;
  #next: PublishedSnapshot | undefined;
  /** Newest version that was sent or that the gateway said it holds. */
  #version: number;

  /** `heldVersion`: what the gateway has. `onSent` is called when the frame has left. */
  constructor(heldVersion: number, send: (frame: string, onSent: () => void) => void) {
    this.#version = heldVersion;
    this.#send = send;
  }

  /** Older and equal versions are not sent. */
  offer(snapshot: PublishedSnapshot): void {
    if (snapshot.version <= this.#version) return;
    if (this.#isSending) {
      this.#next = snapshot;
      return;
    }
    this.#isSending = true;
    this.#version = snapshot.version;
    this.#send(snapshot.frame, () => this.#onSent());
  }

  #onSent(): void {
    this.#isSending = false;
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) this.offer(next);
  }
}
