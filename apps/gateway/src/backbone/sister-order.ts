import type { Sister } from "./sister-directory.ts";
import type { SisterHealth, SisterState } from "./sister-health.ts";

/** Gateways that one attempt asks at most: each of them may cost a second. */
export const maximumSistersPerAttempt = 4;

const rank: Readonly<Record<SisterState, number>> = { up: 0, unknown: 0, draining: 1, down: 2 };

/** Whom to ask first: healthy gateways in turn, draining ones behind them, those that are known to be dead last. */
export class SisterOrder {
  readonly #health: Pick<SisterHealth, "of">;
  #turn = 0;

  constructor(health: Pick<SisterHealth, "of">) {
    this.#health = health;
  }

  /** @param isTurn false: a dry run, after which the next one's turn is the same */
  order(sisters: readonly Sister[], isTurn: boolean): readonly Sister[] {
    const start = sisters.length === 0 ? 0 : this.#turn % sisters.length;
    if (isTurn) this.#turn = (this.#turn + 1) % Number.MAX_SAFE_INTEGER;
    const rotated = [...sisters.slice(start), ...sisters.slice(0, start)];
    const rankOf = ({ gateway }: Sister): number => rank[this.#health.of(gateway).state];
    return rotated.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, maximumSistersPerAttempt);
  }
}
