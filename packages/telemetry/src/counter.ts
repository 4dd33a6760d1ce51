import { type Labels, SeriesMap } from "./series.ts";

/** One counted series. */
export class CounterCell {
  value = 0;

  /** Amounts that are negative or no number are ignored: a counter only grows. */
  increment(amount = 1): void {
    if (amount > 0) this.value += amount;
  }
}

/** A number that only grows, per combination of labels. */
export class Counter {
  readonly labelNames: readonly string[];
  private readonly series: SeriesMap<CounterCell>;

  constructor(labelNames: readonly string[] = []) {
    this.labelNames = labelNames;
    this.series = new SeriesMap(labelNames, () => new CounterCell());
  }

  /** The series of these labels; keep it where it is counted often. */
  with(labels: Labels): CounterCell {
    return this.series.cell(labels);
  }

  increment(labels: Labels = {}, amount = 1): void {
    this.series.cell(labels).increment(amount);
  }

  /** Lines of the exposition format. */
  lines(name: string): string {
    let text = "";
    for (const [labels, cell] of this.series.entries()) {
      text += `${name}${labels === "" ? "" : `{${labels}}`} ${cell.value}\n`;
    }
    return text;
  }
}
