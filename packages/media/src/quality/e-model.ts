/**
 * How good speech sounds after what happened to its packets: the E-model of ITU-T G.107 with its default values for
 * everything that a packet network does not change (echo is taken to be cancelled). Pure.
 */
import type { CodecImpairment } from "./codec-impairment.ts";

export interface SpeechPath {
  readonly codec: CodecImpairment;
  /** Packets that did not come, 0 to 1, lost independently of each other (BurstR of 1). */
  readonly lossRatio: number;
  /** RFC 3550 interarrival jitter. */
  readonly jitterMs: number;
  /** One way, through the network; 0 when it is not known. */
  readonly delayMs: number;
}

/** R of the default values of G.107 §7.7, with no delay, no loss and G.711. */
export const defaultRating = 93.2;
/** What the listener's jitter buffer is taken to hold back. Packets that are later than that are as good as lost. */
export const playoutBufferMs = 60;

/** Transmission rating factor R, 0 to 93.2. */
export function transmissionRating({ codec, lossRatio, jitterMs, delayMs }: SpeechPath): number {
  const late = lateRatio(jitterMs);
  const missing = lossRatio + (1 - lossRatio) * late;
  const rating =
    defaultRating -
    delayImpairment(delayMs + playoutBufferMs) -
    effectiveEquipmentImpairment(codec, missing * 100);
  return Math.min(defaultRating, Math.max(0, rating));
}

/** Mean opinion score of a rating, 1 to 4.5 (G.107 Annex B); the formula's dip below 1 at the lower end is cut off. */
export function meanOpinionScore(rating: number): number {
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}

/** Id without echo: Idd of G.107 (7-27). Nothing up to 100 ms. */
export function delayImpairment(delayMs: number): number {
  if (delayMs <= 100) return 0;
  const x = Math.log2(delayMs / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/** Ie-eff of G.107 (7-29), for losses that do not depend on each other. */
export function effectiveEquipmentImpairment(
  { impairment, robustness }: CodecImpairment,
  lossPercent: number,
): number {
  return impairment + (95 - impairment) * (lossPercent / (lossPercent + robustness));
}

/**
 * Share of packets that miss a buffer of `playoutBufferMs`. Delays are taken to vary as a Laplace distribution does: the
 * mean difference of two of them, which is RFC 3550's jitter, is 1.5 times its scale.
 */
export function lateRatio(jitterMs: number): number {
  return jitterMs <= 0 ? 0 : 0.5 * Math.exp(-playoutBufferMs / (jitterMs / 1.5));
}
