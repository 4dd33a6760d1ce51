import type { Clock } from "@tandem/clock";

/**
 * Share of the requests that clients are asked not to send while the gateway can't keep up. Not all of them: by the
 * responses to the rest they hear how it goes on.
 */
export const overloadedPercentage = 95;
/** Once the gateway has caught up, the share is halved at once, and again each time this has passed: 0 after 3 s. */
export const easeStepMs = 500;
/** Halvings from `overloadedPercentage` to 0. */
const easeSteps = 7;
/** From the end of the overload until nothing is held back any more. */
export const easeMs: number = (easeSteps - 1) * easeStepMs;

/**
 * Which share of new work is not wanted.
 *
 *   calm (0) ──rise()──▶ risen (95) ──ease()──▶ easing (47, 23, 11, 5, 2, 1) ──▶ calm
 *   easing ──rise()──▶ risen
 *
 * What was turned away comes back little by little, or the whole of it would be the next overload.
 */
export class LossPercentage {
  readonly #clock: Clock;
  #phase: "calm" | "risen" | "easing" = "calm";
  #easedAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  rise(): void {
    this.#phase = "risen";
  }

  ease(): void {
    if (this.#phase !== "risen") return;
    this.#phase = "easing";
    this.#easedAtMs = this.#clock.monotonicMs();
  }

  /** 0 to 100. */
  get percentage(): number {
    if (this.#phase === "calm") return 0;
    if (this.#phase === "risen") return overloadedPercentage;
    const steps = 1 + Math.floor((this.#clock.monotonicMs() - this.#easedAtMs) / easeStepMs);
    if (steps < easeSteps) return overloadedPercentage >> steps;
    this.#phase = "calm";
    return 0;
  }
}
