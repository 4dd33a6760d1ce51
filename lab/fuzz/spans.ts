/** A part of a text: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A range as V8 tells it; those inside others come behind them, and count for themselves. */
export interface CountedRange {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

/** The parts of a function that have run: where the innermost range has a count. In order, none touching another. */
export function spansRun(ranges: readonly CountedRange[]): readonly Span[] {
  const edges = [...new Set(ranges.flatMap(({ startOffset, endOffset }) => [startOffset, endOffset]))];
  edges.sort((one, other) => one - other);
  const spans: Span[] = [];
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const start = edges[index] ?? 0;
    const end = edges[index + 1] ?? 0;
    const innermost = ranges.findLast(
      ({ startOffset, endOffset }) => startOffset <= start && end <= endOffset,
    );
    if (innermost === undefined || innermost.count === 0) continue;
    const last = spans.at(-1);
    if (last?.end === start) spans[spans.length - 1] = { start: last.start, end };
    else spans.push({ start, end });
  }
  return spans;
}

/** What is left of the spans without those others. Both in order. */
export function subtract(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  const left: Span[] = [];
  for (const { start, end } of spans) {
    let at = start;
    for (const other of others) {
      if (other.end <= at || other.start >= end) continue;
      if (other.start > at) left.push({ start: at, end: other.start });
      at = other.end;
    }
    if (at < end) left.push({ start: at, end });
  }
  return left;
}
