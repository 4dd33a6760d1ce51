import type { Clock, Timer } from "@tandem/clock";
import type { Database } from "@tandem/database";
import type { ControlLogger } from "../control-logger.ts";
import type { SecretBox } from "../secrets/index.ts";
import { rotateDueBackboneKeys } from "./rotate-backbone-keys.ts";
import { rotateDueNonceKeys } from "./rotate-nonce-keys.ts";

/** Age at which a nonce key stops signing. Two older ones still verify, so a nonce outlives its key by two days. */
export const nonceKeyLifetimeMs = 86_400_000;
/** Between two rotations of the backbone's keys: how long a gateway may be cut off from control and its keys still be known. */
export const backboneKeyLifetimeMs = 86_400_000;
/** Between two looks whether a rotation is due. */
export const rotationCheckMs = 600_000;

export interface KeyRotationOptions {
  readonly database: Database;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly logger: ControlLogger;
  readonly onRotated: () => void;
}

/** Looks now and then whether nonce and backbone keys are due, in one control or in many. */
export class KeyRotation {
  readonly #options: KeyRotationOptions;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: KeyRotationOptions) {
    this.#options = options;
  }

  /** Looks at once; resolves after that look. */
  async start(): Promise<void> {
    await this.#look();
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    const { database, box, clock } = this.#options;
    const nowMs = clock.wallMs();
    await this.#rotate("nonce-keys", () => rotateDueNonceKeys(database, box, nowMs, nonceKeyLifetimeMs));
    await this.#rotate("backbone-keys", () =>
      rotateDueBackboneKeys(database, box, nowMs, backboneKeyLifetimeMs),
    );
    if (this.#isClosed) return;
    this.#timer = clock.schedule(rotationCheckMs, (rotation: KeyRotation) => void rotation.#look(), this);
  }

  async #rotate(keys: "nonce-keys" | "backbone-keys", rotateDue: () => Promise<boolean>): Promise<void> {
    const { logger, onRotated } = this.#options;
    try {
      if (!(await rotateDue())) return;
      logger.info(`${keys}-rotated`);
      onRotated();
    } catch (error) {
      logger.error(`${keys}-not-rotated`, { error: String(error) });
    }
  }
}
