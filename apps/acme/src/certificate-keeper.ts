import { keyPairFault } from "@tandem/certificates";
import type { Clock, Timer } from "@tandem/clock";
import type { AcmeCertificate } from "@tandem/contracts";
import { type CertificatePair, renewalTime, retryDelayMs } from "./renewal-time.ts";

/** How often it is looked whether a certificate is due: files may be changed by hand. */
export const lookEveryMs = 60_000;

export interface CertificateKeeperOptions {
  readonly clock: Clock;
  readonly certificates: readonly AcmeCertificate[];
  readonly store: {
    read(name: string): Promise<CertificatePair | undefined>;
    write(name: string, pair: CertificatePair, nowMs: number): Promise<void>;
  };
  readonly order: (domains: readonly string[]) => Promise<CertificatePair>;
  /** Told of the pair that is in use, whenever it is looked at. */
  readonly onPair?: (name: string, pair: CertificatePair) => void;
  /** `certificate-obtained`, `certificate-failed`. */
  readonly onEvent: (event: string, fields: Record<string, unknown>) => void;
}

/** Failures in a row, and when the next try may be. */
interface Trouble {
  readonly failures: number;
  readonly notBeforeMs: number;
}

/** Renews each certificate at two thirds of its life. What fails is tried again later, and leaves the pair there is alone. */
export class CertificateKeeper {
  readonly #options: CertificateKeeperOptions;
  readonly #troubles = new Map<string, Trouble>();
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: CertificateKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#schedule(0);
  }

  /** Idempotent. An order that is under way is finished. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** Orders what is due, one after the other. Returns how many failed. */
  async renewDue(): Promise<number> {
    let failed = 0;
    for (const certificate of this.#options.certificates) {
      if (this.#isClosed) break;
      if (!(await this.#renewIfDue(certificate))) failed += 1;
    }
    return failed;
  }

  async #renewIfDue({ name, domains }: AcmeCertificate): Promise<boolean> {
    const { clock, store, order, onEvent } = this.#options;
    const trouble = this.#troubles.get(name);
    const nowMs = clock.wallMs();
    if (trouble !== undefined && clock.monotonicMs() < trouble.notBeforeMs) return true;
    try {
      const inUse = await store.read(name);
      if (inUse !== undefined) this.#options.onPair?.(name, inUse);
      if (nowMs < renewalTime(inUse, domains)) return true;
      const pair = await order(domains);
      const fault = keyPairFault(pair.certificate, pair.key);
      if (fault !== undefined) throw new Error(`the authority gave no certificate of ours: ${fault}`);
      await store.write(name, pair, clock.wallMs());
      this.#options.onPair?.(name, pair);
      this.#troubles.delete(name);
      const nextMs = renewalTime(pair, domains);
      onEvent("certificate-obtained", { name, domains, renewAt: new Date(nextMs).toISOString() });
      return true;
    } catch (error) {
      const failures = (trouble?.failures ?? 0) + 1;
      const delayMs = retryDelayMs(failures);
      this.#troubles.set(name, { failures, notBeforeMs: clock.monotonicMs() + delayMs });
      const text = error instanceof Error ? error.message : String(error);
      onEvent("certificate-failed", { name, domains, failures, retryInSeconds: delayMs / 1000, error: text });
      return false;
    }
  }

  /** @internal */
  async look(): Promise<void> {
    await this.renewDue();
    if (!this.#isClosed) this.#schedule(lookEveryMs);
  }

  #schedule(delayMs: number): void {
    this.#timer = this.#options.clock.schedule(delayMs, look, this);
  }
}

function look(keeper: CertificateKeeper): void {
  void keeper.look();
}
