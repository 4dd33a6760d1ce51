import { X509Certificate } from "node:crypto";
import type { Clock, Timer } from "@tandem/clock";
import { ExpiryWatch } from "./expiry-watch.ts";
import { TlsPartFiles } from "./tls-part-files.ts";
import type { FollowedFiles } from "./tls-parts.ts";

/** How often the files are looked at. */
export const certificatePollMs = 500;
/** The same while files are no good: the rest of what is being written is not far. */
export const certificateRetryMs = 100;
/** Files that are half written are whole long before; a fault that stays so long is somebody's to mend. */
export const certificateFaultGraceMs = 60_000;

export interface CertificateFilesOptions<T> {
  readonly clock: Clock;
  readonly files: FollowedFiles<T>;
  /** Takes what is new, for what begins from now on. @throws Error, changing nothing, when it is no good */
  readonly apply: (value: T) => void;
  /** `certificates-reloaded`, `certificates-refused`. */
  readonly onEvent: (event: string, fields: Record<string, unknown>) => void;
  /** Files have been no good for `certificateFaultGraceMs`; told once until they are good again. */
  readonly onLastingFault: (text: string) => void;
  /** A certificate that is served ends soon, or has ended; told once a day. */
  readonly onExpiring: (text: string) => void;
}

/**
 * Certificates, keys and authorities as files that somebody else writes, at any moment and not at once. Looks every 500 ms
 * whether they were replaced. A pair that does not fit together, or is half there, does not count: the pair that was
 * good serves on, and so do the other pairs, old or new.
 */
export class CertificateFiles<T> {
  readonly #options: CertificateFilesOptions<T>;
  readonly #parts: readonly TlsPartFiles[];
  /** Fault that was told, by part. */
  readonly #told = new Map<TlsPartFiles, string>();
  readonly #expiry: ExpiryWatch;
  readonly #toldLasting = new Set<TlsPartFiles>();
  #timer: Timer | undefined;
  #isClosed = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: CertificateFilesOptions<T>) {
    this.#options = options;
    this.#expiry = new ExpiryWatch(options.clock, options.onExpiring);
    this.#parts = options.files.parts.map((part) => new TlsPartFiles(part));
  }

  /** What to begin with. @throws Error when one of the files is no good: there is nothing yet to serve on with */
  async first(): Promise<T> {
    for (const part of this.#parts) {
      await part.refresh(true, this.#options.clock.monotonicMs());
      if (part.fault !== undefined) throw new Error(faultText(part));
    }
    return this.#current();
  }

  /** Wall clock; when the first of the certificates that are served ends. Undefined before the first look. */
  get firstEndMs(): number | undefined {
    return this.#expiry.firstEndMs;
  }

  /** Follows the files from now on; after `first`. */
  start(): void {
    this.#schedule();
  }

  /** Reads all files at once and tells what became of it, changed or not. */
  reload(): Promise<void> {
    return this.#afterTheOther(true);
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** @internal */
  async look(): Promise<void> {
    await this.#afterTheOther(false);
    if (!this.#isClosed) this.#schedule();
  }

  #afterTheOther(isForced: boolean): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look(isForced));
    return this.#looking;
  }

  async #look(isForced: boolean): Promise<void> {
    const nowMs = this.#options.clock.monotonicMs();
    let isNew = false;
    for (const part of this.#parts) {
      if (await part.refresh(isForced, nowMs)) isNew = true;
      this.#tellFault(part, isForced, nowMs);
    }
    for (const { part, texts } of this.#served) this.#expiry.look(part.files[0] ?? "", texts[0] ?? "");
    const isAllGood = this.#parts.every(({ fault }) => fault === undefined);
    if (this.#isClosed || !(isNew || (isForced && isAllGood))) return;
    try {
      this.#options.apply(this.#current());
    } catch (error) {
      this.#options.onEvent("certificates-refused", { error: String(error) });
      return;
    }
    this.#options.onEvent("certificates-reloaded", {
      certificates: this.#options.files.shown,
      serialNumbers: this.#serialNumbers(),
    });
  }

  #tellFault(part: TlsPartFiles, isForced: boolean, nowMs: number): void {
    if (part.fault === undefined) {
      this.#told.delete(part);
      this.#toldLasting.delete(part);
      return;
    }
    const error = faultText(part);
    if (isForced || this.#told.get(part) !== error) this.#options.onEvent("certificates-refused", { error });
    this.#told.set(part, error);
    if (nowMs - part.faultSinceMs < certificateFaultGraceMs || this.#toldLasting.has(part)) return;
    this.#toldLasting.add(part);
    this.#options.onLastingFault(error);
  }

  #current(): T {
    return this.#options.files.valueOf(this.#parts.map(({ texts }) => texts));
  }

  /** What is shown to others. */
  get #served(): readonly TlsPartFiles[] {
    return this.#parts.slice(0, this.#options.files.shown);
  }

  #serialNumbers(): readonly string[] {
    return this.#served.map(({ texts }) => new X509Certificate(texts[0] ?? "").serialNumber);
  }

  #schedule(): void {
    const isWhole = this.#parts.every(({ fault }) => fault === undefined);
    this.#timer = this.#options.clock.schedule(isWhole ? certificatePollMs : certificateRetryMs, look, this);
  }
}

function faultText({ part, fault }: TlsPartFiles): string {
  return `${part.files.join(", ")}: ${fault}`;
}

function look(files: { look(): Promise<void> }): void {
  void files.look();
}
