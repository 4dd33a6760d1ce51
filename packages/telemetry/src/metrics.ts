import { Counter } from "./counter.ts";
import { Histogram } from "./histogram.ts";

interface Metric {
  readonly kind: "counter" | "gauge" | "histogram";
  readonly name: string;
  readonly help: string;
  readonly lines: (name: string) => string;
}

/** The metrics of one program, and their text for Prometheus. */
export class Metrics {
  private readonly metrics: Map<string, Metric> = new Map();

  /** @throws RangeError on a malformed or known name, as do `gauge` and `histogram`. */
  counter(name: string, help: string, labelNames: readonly string[] = []): Counter {
    checkLabelNames(labelNames);
    const counter = new Counter(labelNames);
    this.register({ kind: "counter", name, help, lines: (written) => counter.lines(written) });
    return counter;
  }

  /** A number that is asked for when the text is written. */
  gauge(name: string, help: string, read: () => number): void {
    this.register({ kind: "gauge", name, help, lines: (written) => `${written} ${read()}\n` });
  }

  /** `bounds` are the upper bounds of the buckets, rising; the last bucket, without bound, is added. */
  histogram(
    name: string,
    help: string,
    bounds: readonly number[],
    labelNames: readonly string[] = [],
  ): Histogram {
    checkLabelNames(labelNames);
    const histogram = new Histogram(bounds, labelNames);
    this.register({ kind: "histogram", name, help, lines: (written) => histogram.lines(written) });
    return histogram;
  }

  /** Prometheus text exposition format 0.0.4, in order of registration. */
  text(): string {
    let text = "";
    for (const { kind, name, help, lines } of this.metrics.values()) {
      text += `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n# TYPE ${name} ${kind}\n`;
      text += lines(name);
    }
    return text;
  }

  private register(metric: Metric): void {
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(metric.name))
      throw new RangeError(`no metric name: ${metric.name}`);
    if (this.metrics.has(metric.name)) throw new RangeError(`metric ${metric.name} is there already`);
    this.metrics.set(metric.name, metric);
  }
}

/** Content type of `Metrics.text`. */
export const prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

function checkLabelNames(labelNames: readonly string[]): void {
  for (const name of labelNames) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) throw new RangeError(`no label name: ${name}`);
  }
}
