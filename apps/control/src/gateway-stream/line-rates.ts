import type { ConnectionHealth } from "@tandem/contracts";
import type { ReportedConnectionHealth } from "@tandem/database";

/** Counters younger than this say nothing about a rate: a gateway that reports at once after a change. */
const shortestSpanMs = 1_000;

interface Sample {
  readonly atMs: number;
  readonly receivedBytes: number | null;
  readonly sentBytes: number | null;
  readonly receivedBitsPerSecond: number | null;
  readonly sentBitsPerSecond: number | null;
}

/** Makes rates of one gateway's device counters, from one report to the next. */
export class LineRates {
  #samples: ReadonlyMap<string, Sample> = new Map();
  #lines: readonly ConnectionHealth[] = [];
  #reported: readonly ReportedConnectionHealth[] = [];

  /**
   * `atMs`: monotonic. Only lines of this report are remembered. The same list once more is no report: the gateway has
   * said something else meanwhile.
   */
  report(lines: readonly ConnectionHealth[], atMs: number): readonly ReportedConnectionHealth[] {
    if (lines === this.#lines) return this.#reported;
    this.#lines = lines;
    const samples = new Map<string, Sample>();
    this.#reported = lines.map((line) => {
      const sample = nextSample(this.#samples.get(line.sid), line, atMs);
      samples.set(line.sid, sample);
      const { receivedBitsPerSecond, sentBitsPerSecond } = sample;
      return { ...line, receivedBitsPerSecond, sentBitsPerSecond };
    });
    this.#samples = samples;
    return this.#reported;
  }
}

function nextSample(last: Sample | undefined, line: ConnectionHealth, atMs: number): Sample {
  const { receivedBytes, sentBytes } = line;
  if (last === undefined) {
    return { atMs, receivedBytes, sentBytes, receivedBitsPerSecond: null, sentBitsPerSecond: null };
  }
  const spanMs = atMs - last.atMs;
  if (spanMs < shortestSpanMs) return last;
  return {
    atMs,
    receivedBytes,
    sentBytes,
    receivedBitsPerSecond: rateOf(last.receivedBytes, receivedBytes, spanMs),
    sentBitsPerSecond: rateOf(last.sentBytes, sentBytes, spanMs),
  };
}

/** Null when a counter is not known, or began again because the device was made anew. */
function rateOf(before: number | null, after: number | null, spanMs: number): number | null {
  if (before === null || after === null || after < before) return null;
  return Math.round(((after - before) * 8000) / spanMs);
}
