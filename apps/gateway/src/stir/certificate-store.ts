import type { Clock } from "@tandem/clock";
import { faulty, type Judged, type StiCertificate } from "@tandem/stir";

/** What a repository answered: the certificate, judged, and how long it may be kept; or why there is none. */
export type Fetched =
  | {
      readonly ok: true;
      readonly certificate: Judged<StiCertificate>;
      readonly maxAgeSeconds: number | undefined;
    }
  | { readonly ok: false; readonly text: string };

export interface CertificateStoreOptions {
  readonly clock: Clock;
  /** Gets a certificate by its URL. Calls back once, in a time of its own; never throws. */
  readonly fetch: (url: string, done: (fetched: Fetched) => void) => void;
}

export const certificateStoreLimits = {
  /** URLs that are remembered; the one that was asked for longest ago is forgotten. */
  entries: 1000,
  /** Fetches under way at a time. */
  fetches: 32,
  /** Calls that wait for one fetch. */
  waiting: 1000,
  /** A certificate is kept for so long: what Cache-Control says, within these bounds, or the default. */
  shortestSeconds: 60,
  defaultSeconds: 3600,
  longestSeconds: 86_400,
  /** That there is none is kept for so long. */
  failureSeconds: 30,
} as const;

export type CertificateWaiter = (certificate: Judged<StiCertificate>) => void;

interface Kept {
  readonly certificate: Judged<StiCertificate>;
  readonly untilMs: number;
}

/**
 * Certificates of carriers by their URL (x5u). One fetch serves all calls that want it at that moment; what came of it is
 * kept, be it good or bad, so that nobody can make us ask for every call.
 */
export class CertificateStore {
  readonly #options: CertificateStoreOptions;
  /** The one that was asked for last is the last. */
  readonly #kept = new Map<string, Kept>();
  readonly #waiting = new Map<string, CertificateWaiter[]>();
  /** Counts what `forget` did: a fetch of before is not kept. */
  #generation = 0;

  constructor(options: CertificateStoreOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Calls back once: at once when it is kept, and when too much is under way. */
  get(url: string, waiter: CertificateWaiter): void {
    const kept = this.#kept.get(url);
    if (kept !== undefined && this.#options.clock.monotonicMs() < kept.untilMs) {
      this.#kept.delete(url);
      this.#kept.set(url, kept);
      waiter(kept.certificate);
      return;
    }
    const others = this.#waiting.get(url);
    if (others === undefined) this.#fetch(url, waiter);
    else if (others.length < certificateStoreLimits.waiting) others.push(waiter);
    else waiter(unavailable("too many calls wait for it"));
  }

  /** Other roots are trusted now: everything is judged anew. */
  forget(): void {
    this.#kept.clear();
    this.#generation += 1;
  }

  #fetch(url: string, waiter: CertificateWaiter): void {
    if (this.#waiting.size >= certificateStoreLimits.fetches) {
      waiter(unavailable("too many others are being fetched"));
      return;
    }
    const waiting = [waiter];
    this.#waiting.set(url, waiting);
    const generation = this.#generation;
    this.#options.fetch(url, (fetched) => {
      this.#waiting.delete(url);
      const certificate = fetched.ok ? fetched.certificate : unavailable(fetched.text);
      if (generation === this.#generation) this.#keep(url, certificate, secondsOf(fetched));
      for (const one of waiting) one(certificate);
    });
  }

  #keep(url: string, certificate: Judged<StiCertificate>, seconds: number): void {
    this.#kept.set(url, { certificate, untilMs: this.#options.clock.monotonicMs() + seconds * 1000 });
    if (this.#kept.size <= certificateStoreLimits.entries) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** A certificate that is no good is looked at again soon: somebody may be mending it. */
function secondsOf(fetched: Fetched): number {
  const { shortestSeconds, defaultSeconds, longestSeconds, failureSeconds } = certificateStoreLimits;
  if (!fetched.ok) return failureSeconds;
  if (!fetched.certificate.ok) return shortestSeconds;
  return Math.min(Math.max(fetched.maxAgeSeconds ?? defaultSeconds, shortestSeconds), longestSeconds);
}

function unavailable(text: string): Judged<StiCertificate> {
  return faulty("certificate-unavailable", `certificate: ${text}`);
}
