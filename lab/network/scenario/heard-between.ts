import type { Heard } from "./crowd.ts";

/** What became of the packets of an interval, over all calls and directions. */
export interface Interval {
  readonly sent: number;
  readonly lost: number;
  /** Arrived more often than they were sent. */
  readonly repeated: number;
  /** Of the direction that lost most. */
  readonly mostLost: number;
  /** Of the direction in which least arrived. */
  readonly leastArrived: number;
}

/** The same directions, counted at two moments. A packet that came twice makes up for none that is lost elsewhere. */
export function heardBetween(before: readonly Heard[], after: readonly Heard[]): Interval {
  const directions = after.map(({ sent, arrived }, index) => ({
    sent: sent - (before[index]?.sent ?? 0),
    arrived: arrived - (before[index]?.arrived ?? 0),
  }));
  const missing = directions.map(({ sent, arrived }) => sent - arrived);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
  return {
    sent: sum(directions.map(({ sent }) => sent)),
    lost: sum(missing.map((count) => Math.max(0, count))),
    repeated: sum(missing.map((count) => Math.max(0, -count))),
    mostLost: Math.max(0, ...missing),
    leastArrived: Math.min(...directions.map(({ arrived }) => arrived)),
  };
}
