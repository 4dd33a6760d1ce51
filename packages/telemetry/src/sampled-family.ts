import { labelText, maximumSeries } from "./series.ts";

/** Gives one series of a family: its value, and the values of its labels in the order of their names. */
export type Sample = (value: number, ...labelValues: readonly string[]) => void;

/**
 * Lines of the exposition format for what `read` gives. A series that is given twice is summed, and so are those beyond
 * `maximumSeries`, under the value `other`: what grows in a table elsewhere must not grow here.
 */
export function sampledLines(
  name: string,
  labelNames: readonly string[],
  read: (sample: Sample) => void,
): string {
  const series = new Map<string, number>();
  read((value, ...labelValues) => {
    const key = labelText(labelNames, labelValues);
    const kept = series.has(key) || series.size < maximumSeries ? key : otherKey(labelNames);
    series.set(kept, (series.get(kept) ?? 0) + value);
  });
  let text = "";
  for (const [labels, value] of series) {
    text += `${name}${labels === "" ? "" : `{${labels}}`} ${valueText(value)}\n`;
  }
  return text;
}

function otherKey(labelNames: readonly string[]): string {
  return labelText(
    labelNames,
    labelNames.map(() => "other"),
  );
}

/** Prometheus writes infinities in a way of its own. */
function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}
