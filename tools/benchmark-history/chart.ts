/** One value of each run; undefined: it was not measured. */
export interface Series {
  readonly name: string;
  readonly kind: "bar" | "line";
  readonly values: readonly (number | undefined)[];
}

export interface Chart {
  readonly title: string;
  readonly unit: string;
  /** One for each run, the oldest first. */
  readonly runs: readonly string[];
  /** The first is told apart from the others by its kind. */
  readonly series: readonly Series[];
}

/** Room above the highest value. */
const headroom = 1.1;

/** A chart as Mermaid text, which GitHub draws, and the same figures as a table for whoever reads the source. */
export function chartText(chart: Chart): string {
  const highest = Math.max(...chart.series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const legend = chart.series.map(({ name, kind }) => `${name} (${kind}s)`).join(", ");
  const lines = [
    "```mermaid",
    "xychart-beta",
    `    title "${chart.title}: ${legend}"`,
    `    x-axis [${chart.runs.map((run) => `"${run}"`).join(", ")}]`,
    `    y-axis "${chart.unit}" 0 --> ${ceiling(highest * headroom)}`,
    ...chart.series.map(
      ({ kind, values }) => `    ${kind} [${values.map((value) => shown(value ?? 0)).join(", ")}]`,
    ),
    "```",
    "",
    `| ${chart.title}, ${chart.unit} | ${chart.runs.join(" | ")} |`,
    `|---|${"---|".repeat(chart.runs.length)}`,
    ...chart.series.map(
      ({ name, values }) =>
        `| ${name} | ${values.map((value) => (value === undefined ? "–" : shown(value))).join(" | ")} |`,
    ),
  ];
  return lines.join("\n");
}

/** Three digits are more than such figures are worth. */
function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

/** The next number above with one digit or a half of it. */
function ceiling(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value)) / 2;
  return Number((Math.ceil(value / step) * step).toPrecision(3));
}
