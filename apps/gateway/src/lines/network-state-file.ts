import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Timer } from "@tandem/clock";
import {
  type ConnectionHealth,
  NetworkState,
  networkStateFileName,
  networkStateMaximumAgeMs,
  validator,
} from "@tandem/contracts";

/** How often the file is looked at. */
export const networkStatePollMs = 200;
/** A file that is larger is no state of lines. */
export const maximumNetworkStateBytes = 16 * 1024 * 1024;

const validate = validator(NetworkState);

export interface NetworkStateFileOptions {
  readonly clock: Clock;
  readonly stateDirectory: string;
  /** What the agent says now. Undefined: there is none, or it has written nothing for `networkStateMaximumAgeMs`. */
  readonly onState: (lines: readonly ConnectionHealth[] | undefined) => void;
  /** A file that can't be read or is not what it should be; told once per file. */
  readonly onFault: (text: string) => void;
}

/**
 * Follows what the network agent of this host writes about the lines. Looks every 200 ms whether the file was replaced,
 * and reads it then; nothing here holds up a call.
 */
export class NetworkStateFile {
  readonly #options: NetworkStateFileOptions;
  readonly #file: string;
  #timer: Timer | undefined;
  #isRunning = false;
  /** What tells one file from the next. */
  #seen = "";
  #state: NetworkState | undefined;
  #isFresh = false;
  /** Monotonic time until which what was read counts: from then on the wall clock may be set. */
  #youngUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: NetworkStateFileOptions) {
    this.#options = options;
    this.#file = join(options.stateDirectory, networkStateFileName);
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#schedule(0);
  }

  /** Idempotent. */
  close(): void {
    this.#isRunning = false;
    this.#timer?.cancel();
  }

  /** @internal */
  async look(): Promise<void> {
    let text: string | undefined;
    try {
      text = await this.#changed();
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error));
    }
    if (!this.#isRunning) return;
    if (text !== undefined) this.#take(text);
    this.#age();
    this.#schedule(networkStatePollMs);
  }

  /** The text of a file that was not read yet. @throws Error when it can't be read */
  async #changed(): Promise<string | undefined> {
    const found = await stat(this.#file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    const identity = found === undefined ? "" : `${found.ino} ${found.mtimeMs} ${found.size}`;
    if (identity === this.#seen) return undefined;
    this.#seen = identity;
    if (found === undefined) {
      this.#state = undefined;
      return undefined;
    }
    if (found.size > maximumNetworkStateBytes) throw new Error(`${found.size} bytes are too many`);
    return readFile(this.#file, "utf8");
  }

  #take(text: string): void {
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error));
      return;
    }
    const state = validate(content);
    if (!state.ok) {
      this.#refuse(state.error);
      return;
    }
    this.#state = state.value;
    this.#youngUntilMs = this.#endOf(state.value);
    this.#isFresh = this.#isYoung;
    this.#options.onState(this.#isFresh ? state.value.connections : undefined);
  }

  /** An agent that has stopped writing knows nothing. */
  #age(): void {
    if (!this.#isFresh || (this.#state !== undefined && this.#isYoung)) return;
    this.#isFresh = false;
    this.#options.onState(undefined);
  }

  /** How old a file is when it is read only the wall clock knows, which agent and gateway share. None is from the future. */
  #endOf({ writtenAtMs }: NetworkState): number {
    const { clock } = this.#options;
    const ageMs = Math.max(0, clock.wallMs() - writtenAtMs);
    return clock.monotonicMs() + networkStateMaximumAgeMs - ageMs;
  }

  get #isYoung(): boolean {
    return this.#options.clock.monotonicMs() <= this.#youngUntilMs;
  }

  /** What can't be read is as good as nothing. */
  #refuse(text: string): void {
    this.#state = undefined;
    this.#options.onFault(`${this.#file}: ${text}`);
  }

  #schedule(delayMs: number): void {
    this.#timer = this.#options.clock.schedule(delayMs, look, this);
  }
}

function look(file: NetworkStateFile): void {
  void file.look();
}
