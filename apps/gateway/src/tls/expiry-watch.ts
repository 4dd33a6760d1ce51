import { X509Certificate } from "node:crypto";
import type { Clock } from "@tandem/clock";

const dayMs = 24 * 3600 * 1000;
/** An end is near in the last quarter of a life, and in its last three weeks at most: whoever renews has begun long before. */
const lastPart = 1 / 4;
const longestWarningMs = 21 * dayMs;
/** How often the same certificate is told of. */
export const repeatExpiryMs: number = dayMs;

interface Watched {
  readonly text: string;
  readonly serialNumber: string;
  readonly endsMs: number;
  readonly warnFromMs: number;
  toldAtMs: number | undefined;
}

/** Tells of certificates that are served and end soon, or have ended: nobody has renewed them. */
export class ExpiryWatch {
  readonly #clock: Clock;
  readonly #onExpiring: (text: string) => void;
  readonly #watched = new Map<string, Watched>();

  constructor(clock: Clock, onExpiring: (text: string) => void) {
    this.#clock = clock;
    this.#onExpiring = onExpiring;
  }

  /** @param pem the certificate that `file` is served with, good to be read */
  look(file: string, pem: string): void {
    const watched = this.#watchedAs(file, pem);
    if (this.#clock.wallMs() < watched.warnFromMs) return;
    const nowMs = this.#clock.monotonicMs();
    if (watched.toldAtMs !== undefined && nowMs - watched.toldAtMs < repeatExpiryMs) return;
    watched.toldAtMs = nowMs;
    const end = new Date(watched.endsMs).toISOString();
    this.#onExpiring(`${file}: certificate ${watched.serialNumber} ends at ${end} and was not renewed`);
  }

  /** Wall clock; the end of the certificate that ends first. Undefined: none was looked at. */
  get firstEndMs(): number | undefined {
    const ends = Array.from(this.#watched.values(), ({ endsMs }) => endsMs);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  #watchedAs(file: string, pem: string): Watched {
    const known = this.#watched.get(file);
    if (known?.text === pem) return known;
    const { serialNumber, validFromDate, validToDate } = new X509Certificate(pem);
    const endsMs = validToDate.getTime();
    const warningMs = Math.min(longestWarningMs, (endsMs - validFromDate.getTime()) * lastPart);
    const watched = { text: pem, serialNumber, endsMs, warnFromMs: endsMs - warningMs, toldAtMs: undefined };
    this.#watched.set(file, watched);
    return watched;
  }
}
