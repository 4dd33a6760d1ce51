/** Geometry of the small chart of how a call sounded. Pure; `media-view.ts` draws it. */
import { numberOf, type Row, textOf } from "../api/row.ts";

/** Of the drawing, in its own units. */
export const chartSize = { width: 600, height: 120 } as const;
/** Mean opinion scores that the chart spans. */
const scores = { lowest: 1, highest: 4.5 } as const;

export interface SampleLine {
  readonly from: "ingress" | "egress";
  /** For `points` of a polyline. */
  readonly points: string;
}

export interface SampleChart {
  readonly lines: readonly SampleLine[];
  /** From the answer to the end of the last sample. */
  readonly seconds: number;
}

/** A line for each side that has scores; undefined when none has. */
export function sampleChart(samples: readonly Row[]): SampleChart | undefined {
  const scored = samples.filter((sample) => numberOf(sample, "mos") !== undefined);
  const endMs = Math.max(
    0,
    ...scored.map((sample) => (numberOf(sample, "start_ms") ?? 0) + (numberOf(sample, "period_ms") ?? 0)),
  );
  if (scored.length === 0 || endMs === 0) return undefined;
  const lines = (["ingress", "egress"] as const).flatMap((from): SampleLine[] => {
    const own = scored.filter((sample) => textOf(sample, "from") === from);
    return own.length === 0
      ? []
      : [{ from, points: own.flatMap((sample) => pointsOf(sample, endMs)).join(" ") }];
  });
  return { lines, seconds: endMs / 1000 };
}

/** A sample is a level from its beginning to its end. */
function pointsOf(sample: Row, endMs: number): string[] {
  const start = numberOf(sample, "start_ms") ?? 0;
  const end = start + (numberOf(sample, "period_ms") ?? 0);
  const y = heightOf(numberOf(sample, "mos") ?? scores.lowest);
  return [start, end].map((ms) => `${rounded((ms / endMs) * chartSize.width)},${y}`);
}

/** Where a score stands: the best on top. */
export function heightOf(mos: number): number {
  const within = Math.min(scores.highest, Math.max(scores.lowest, mos));
  return rounded(chartSize.height * (1 - (within - scores.lowest) / (scores.highest - scores.lowest)));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
