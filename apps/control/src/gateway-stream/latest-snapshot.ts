import type { PublishedFrame, PublishedSnapshot } from "../snapshot/index.ts";

/** A zone has one frame and no more. */
type Offered = PublishedFrame & Partial<Pick<PublishedSnapshot, "pieces" | "changesSince">>;

export interface LatestSnapshotOptions {
  /** What the gateway has. */
  readonly heldVersion: number;
  /** Whether it understands changes, and a whole in pieces. */
  readonly takesChanges: boolean;
  /** Calls back when the frame has left. */
  readonly send: (frame: string, onSent: () => void) => void;
}

/**
 * Brings one gateway to the newest snapshot, by what changed where that is known, by the whole otherwise. One frame is on its
 * way at a time; of snapshots that come meanwhile only the newest is kept, so a slow line never piles up what is out of date.
 */
export class LatestSnapshot {
  readonly #options: LatestSnapshotOptions;
  #newest: Offered | undefined;
  /** Frames of the snapshot that is on its way; undefined: none is. */
  #frames: Iterator<string> | undefined;
  /** Newest version that was sent, or that the gateway said it holds. */
  #version: number;
  /** Sent last as a whole. */
  #wholeVersion = 0;

  constructor(options: LatestSnapshotOptions) {
    this.#options = options;
    this.#version = options.heldVersion;
  }

  /** Older and equal versions are not sent. */
  offer(snapshot: Offered): void {
    if (snapshot.version <= this.#version) return;
    this.#newest = snapshot;
    if (this.#frames === undefined) this.#begin(snapshot);
  }

  /** The gateway could not apply a change. The whole that it has got, or is getting, says the same again: it is sent once. */
  wholeWanted(): void {
    const newest = this.#newest;
    if (newest === undefined || newest.version === this.#wholeVersion) return;
    this.#version = 0;
    if (this.#frames === undefined) this.#begin(newest);
  }

  #begin(snapshot: Offered): void {
    this.#frames = this.#framesOf(snapshot)[Symbol.iterator]();
    this.#version = snapshot.version;
    this.#sendNext();
  }

  #framesOf(snapshot: Offered): Iterable<string> {
    const { takesChanges } = this.#options;
    const changes = takesChanges ? snapshot.changesSince?.(this.#version) : undefined;
    if (changes !== undefined) return changes;
    this.#wholeVersion = snapshot.version;
    return (takesChanges ? snapshot.pieces?.() : undefined) ?? [snapshot.frame];
  }

  #sendNext(): void {
    const next = this.#frames?.next();
    if (next?.done === false) {
      this.#options.send(next.value, () => this.#sendNext());
      return;
    }
    this.#frames = undefined;
    const newest = this.#newest;
    if (newest !== undefined && newest.version > this.#version) this.#begin(newest);
  }
}
