import type { Clock, Timer } from "@tandem/clock";
import type { ControlFrame, Snapshot } from "@tandem/contracts";
import { type Database, snapshotVersion } from "@tandem/database";
import { Histogram } from "@tandem/telemetry";
import type { ControlLogger } from "../control-logger.ts";
import type { SecretBox } from "../secrets/index.ts";
import { compileSnapshot } from "./compile-snapshot.ts";
import {
  type PublishedFrame,
  type PublishedSnapshot,
  publishable,
  publishableZone,
} from "./published-snapshot.ts";
import { RecentChanges } from "./recent-changes.ts";
import { snapshotDifference } from "./snapshot-difference.ts";

/** Between two looks for changes that other control programs made. */
export const defaultPollIntervalMs = 2_000;

const compileBounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface SnapshotPublisherOptions {
  readonly database: Database;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly logger: ControlLogger;
  /** Gets each new version, in ascending order. */
  readonly publish: (snapshot: PublishedSnapshot) => void;
  /** Gets the name servers' part of each new version, after `publish`. Left out: there are no name servers. */
  readonly publishZone?: (zone: PublishedFrame) => void;
  readonly pollIntervalMs?: number;
}

/**
 * Watches the version in the database and publishes a new snapshot when it has grown. Idle → looking → idle; `notify`
 * while looking makes it look once more. Closed: never looks again. A failure is logged and the next look tries again.
 */
export class SnapshotPublisher {
  /** Seconds from the reading of the database to the last bytes of the change. */
  readonly compileSeconds: Histogram = new Histogram(compileBounds);
  /** Looks that came to nothing. */
  failures = 0;
  readonly #options: SnapshotPublisherOptions;
  readonly #pollIntervalMs: number;
  readonly #changes = new RecentChanges();
  /** Published last; undefined: none yet. */
  #published: Snapshot | undefined;
  #timer: Timer | undefined;
  #looking: Promise<void> | undefined;
  #isNoticePending = false;
  #isClosed = false;

  constructor(options: SnapshotPublisherOptions) {
    this.#options = options;
    this.#pollIntervalMs = options.pollIntervalMs ?? defaultPollIntervalMs;
  }

  /** The first look; afterwards it looks by itself. */
  async start(): Promise<void> {
    await this.#lookAgain();
    this.#arm();
  }

  /** The version published last; 0: none yet. */
  get version(): number {
    return this.#published?.version ?? 0;
  }

  /** How much the version published last holds. */
  get objects(): { readonly trunks: number; readonly numbers: number; readonly carriers: number } {
    const { trunks = [], numbers = [], carriers = [] } = this.#published ?? {};
    return { trunks: trunks.length, numbers: numbers.length, carriers: carriers.length };
  }

  /** Something was written: look now. */
  notify(): void {
    void this.#lookAgain();
  }

  /** Waits for a look that is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#looking;
  }

  #arm(): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.clock.schedule(
      this.#pollIntervalMs,
      (publisher: SnapshotPublisher) => void publisher.#lookAgain().then(() => publisher.#arm()),
      this,
    );
  }

  /** One look at a time: a notice during a look is answered by one more after it. */
  #lookAgain(): Promise<void> {
    this.#isNoticePending = true;
    this.#looking ??= this.#lookWhileNoticed().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookWhileNoticed(): Promise<void> {
    while (this.#isNoticePending && !this.#isClosed) {
      this.#isNoticePending = false;
      try {
        await this.#look();
      } catch (error) {
        this.failures += 1;
        this.#options.logger.error("snapshot-failed", { error: String(error) });
      }
    }
  }

  async #look(): Promise<void> {
    const { database, box, clock, publish, publishZone, logger } = this.#options;
    if ((await snapshotVersion(database)) <= this.version) return;
    const beganMs = clock.monotonicMs();
    const snapshot = await compileSnapshot(database, box);
    if (snapshot === undefined || this.#isClosed) return;
    const published = publishable(snapshot, this.#changes);
    const changed = this.#noteChange(snapshot);
    this.compileSeconds.observe((clock.monotonicMs() - beganMs) / 1000);
    publish(published);
    publishZone?.(publishableZone(snapshot));
    logger.info("snapshot-published", { version: published.version, changed });
  }

  /** Returns the characters of what is different from the snapshot before; undefined: there was none. */
  #noteChange(snapshot: Snapshot): number | undefined {
    const before = this.#published;
    this.#published = snapshot;
    if (before === undefined) return undefined;
    const change = snapshotDifference(before, snapshot);
    const frame = JSON.stringify({ kind: "snapshot-change", change } satisfies ControlFrame);
    this.#changes.add({ fromVersion: change.fromVersion, toVersion: change.toVersion, frame });
    return frame.length;
  }
}
