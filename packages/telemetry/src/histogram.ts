import { type Labels, SeriesMap } from "./series.ts";

/** One measured series. */
export class HistogramCell {
  count = 0;
  sum = 0;
  /** Observations by bucket, not cumulated; the last is above all bounds. */
  readonly counts: number[];
  private readonly bounds: readonly number[];

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  /** A value equal to a bound is within it. What is no number is ignored. */
  observe(value: number): void {
    if (Number.isNaN(value)) return;
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1;
    counts[bucket] = (counts[bucket] as number) + 1;
    this.count += 1;
    this.sum += value;
  }
}

/** How values are spread over buckets, per combination of labels. */
export class Histogram {
  readonly labelNames: readonly string[];
  private readonly bounds: readonly number[];
  private readonly series: SeriesMap<HistogramCell>;

  /** @throws RangeError when the bounds do not rise. */
  constructor(bounds: readonly number[], labelNames: readonly string[] = []) {
    for (const [i, bound] of bounds.entries()) {
      if (i > 0 && bound <= (bounds[i - 1] as number))
        throw new RangeError("bounds of a histogram must rise");
    }
    this.labelNames = labelNames;
    this.bounds = bounds;
    this.series = new SeriesMap(labelNames, () => new HistogramCell(bounds));
  }

  /** The series of these labels; keep it where it is measured often. */
  with(labels: Labels): HistogramCell {
    return this.series.cell(labels);
  }

  observe(value: number, labels: Labels = {}): void {
    this.series.cell(labels).observe(value);
  }

  /** Lines of the exposition format. */
  lines(name: string): string {
    let text = "";
    for (const [labels, cell] of this.series.entries()) {
      const prefix = labels === "" ? "" : `${labels},`;
      const braces = labels === "" ? "" : `{${labels}}`;
      let cumulated = 0;
      for (const [i, bound] of this.bounds.entries()) {
        cumulated += cell.counts[i] as number;
        text += `${name}_bucket{${prefix}le="${boundText(bound)}"} ${cumulated}\n`;
      }
      text += `${name}_bucket{${prefix}le="+Inf"} ${cell.count}\n`;
      text += `${name}_sum${braces} ${cell.sum}\n${name}_count${braces} ${cell.count}\n`;
    }
    return text;
  }
}

/** The canonical form of OpenMetrics, which Prometheus takes as well: both formats must give the same series. */
function boundText(bound: number): string {
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}
