import type { Clock, Timer } from "@tandem/clock";
import type { Database } from "@tandem/database";
import type { ControlLogger } from "../control-logger.ts";
import type { SecretBox } from "../secrets/index.ts";
import { rotateDueNonceKeys } from "./rotate-nonce-keys.ts";

/** Age at which a nonce key stops signing. Two older ones still verify, so a nonce outlives its key by two days. */
export const nonceKeyLifetimeMs = 86_400_000;
/** Between two looks whether a rotation is due. */
export const rotationCheckMs = 600_000;

export interface NonceKeyRotationOptions {
  readonly database: Database;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly logger: ControlLogger;
  readonly onRotated: () => void;
}

/** Looks now and then whether the nonce key is due, in one control or in many. */
export class NonceKeyRotation {
  readonly #options: NonceKeyRotationOptions;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: NonceKeyRotationOptions) {
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
    const { database, box, clock, logger, onRotated } = this.#options;
    try {
      if (await rotateDueNonceKeys(database, box, clock.wallMs(), nonceKeyLifetimeMs)) {
        logger.info("nonce-keys-rotated");
        onRotated();
      }
    } catch (error) {
      logger.error("nonce-keys-not-rotated", { error: String(error) });
    }
    if (this.#isClosed) return;
    this.#timer = clock.schedule(
      rotationCheckMs,
      (rotation: NonceKeyRotation) => void rotation.#look(),
      this,
    );
  }
}
