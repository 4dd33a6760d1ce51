import { Counter } from "./counter.ts";
import { Histogram } from "./histogram.ts";
import { type Sample, sampledLines } from "./sampled-family.ts";

export type MetricKind = "counter" | "gauge" | "histogram";

/** `prometheus`: text format 0.0.4; `openmetrics`: OpenMetrics text 1.0.0. */
export type ExpositionFormat = "prometheus" | "openmetrics";

/** What a metric is, without its values. */
export interface MetricFamily {
  readonly kind: MetricKind;
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

interface Metric extends MetricFamily {
  readonly lines: (name: string) => string;
}

/** The metrics of one program, and their text for Prometheus. */
export class Metrics {
  private readonly metrics: Map<string, Metric> = new Map();

  /** In order of registration. */
  get families(): readonly MetricFamily[] {
    return [...this.metrics.values()];
  }

  /**
   * @throws RangeError on a malformed or known name, as do the others, or when a counter's does not end in `_total`
   * (OpenMetrics).
   */
  counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    const counter = new Counter(labelNames);
    this.addCounter(name, help, counter);
    return counter;
  }

  /** One that is kept elsewhere, and counts whether metrics are served or not. */
  addCounter(name: string, help: string, counter: Counter): void {
    const { labelNames } = counter;
    checkLabelNames(labelNames);
    this.register({ kind: "counter", name, help, labelNames, lines: (written) => counter.lines(written) });
  }

  /** Counts that are kept elsewhere, and asked for when the text is written. They must only grow. */
  counters(name: string, help: string, labelNames: readonly string[], read: (sample: Sample) => void): void {
    this.sampled("counter", name, help, labelNames, read);
  }

  /** A number that is asked for when the text is written; undefined: there is none now. */
  gauge(name: string, help: string, read: () => number | undefined): void {
    this.gauges(name, help, [], (sample) => {
      const value = read();
      if (value !== undefined) sample(value);
    });
  }

  /** Numbers by labels, asked for when the text is written. */
  gauges(name: string, help: string, labelNames: readonly string[], read: (sample: Sample) => void): void {
    this.sampled("gauge", name, help, labelNames, read);
  }

  /** `bounds` are the upper bounds of the buckets, rising; the last bucket, without bound, is added. */
  histogram(
    name: string,
    help: string,
    bounds: readonly number[],
    labelNames: readonly string[] = [],
  ): Histogram {
    const histogram = new Histogram(bounds, labelNames);
    this.addHistogram(name, help, histogram);
    return histogram;
  }

  /** One that is kept elsewhere, and filled whether metrics are served or not. */
  addHistogram(name: string, help: string, histogram: Histogram): void {
    const { labelNames } = histogram;
    checkLabelNames(labelNames);
    this.register({
      kind: "histogram",
      name,
      help,
      labelNames,
      lines: (written) => histogram.lines(written),
    });
  }

  /** In order of registration. */
  text(format: ExpositionFormat = "prometheus"): string {
    let text = "";
    for (const { kind, name, help, lines } of this.metrics.values()) {
      // OpenMetrics names a counter without the suffix that its samples have.
      const family =
        format === "openmetrics" && kind === "counter" ? name.slice(0, -totalSuffix.length) : name;
      text += `# HELP ${family} ${escapeHelp(help, format)}\n# TYPE ${family} ${kind}\n`;
      text += lines(name);
    }
    return format === "openmetrics" ? `${text}# EOF\n` : text;
  }

  private sampled(
    kind: "counter" | "gauge",
    name: string,
    help: string,
    labelNames: readonly string[],
    read: (sample: Sample) => void,
  ): void {
    checkLabelNames(labelNames);
    const lines = (written: string): string => sampledLines(written, labelNames, read);
    this.register({ kind, name, help, labelNames, lines });
  }

  private register(metric: Metric): void {
    const { kind, name } = metric;
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) throw new RangeError(`no metric name: ${name}`);
    if ((kind === "counter") !== name.endsWith(totalSuffix))
      throw new RangeError(`counters, and nothing else, end in ${totalSuffix}: ${name}`);
    if (this.metrics.has(name)) throw new RangeError(`metric ${name} is there already`);
    this.metrics.set(name, metric);
  }
}

const totalSuffix = "_total";

/** Content type of `Metrics.text`. */
export const expositionContentTypes: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

function checkLabelNames(labelNames: readonly string[]): void {
  for (const name of labelNames) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) throw new RangeError(`no label name: ${name}`);
  }
}

/** OpenMetrics escapes quotation marks too. */
function escapeHelp(help: string, format: ExpositionFormat): string {
  const escaped = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return format === "openmetrics" ? escaped.replaceAll('"', '\\"') : escaped;
}
