import type { MetricFamily } from "./metrics.ts";

/** Metrics as rows of a Markdown table, in order of registration: what docs/metrics.md has between its marks. */
export function metricsTable(families: readonly MetricFamily[]): string {
  const rows = families.map(
    ({ name, kind, labelNames, help }) =>
      `| \`${name}\` | ${kind} | ${unitOf(name)} | ${labelNames.map((label) => `\`${label}\``).join(", ")} | ${help.replaceAll("|", "\\|")} |`,
  );
  return ["| metric | kind | unit | labels | what it says |", "|---|---|---|---|---|", ...rows, ""].join(
    "\n",
  );
}

/** Prometheus has the base unit at the end of the name. */
function unitOf(name: string): string {
  const bare = name.replace(/_total$/, "");
  return ["seconds", "bytes", "ratio"].find((unit) => bare.endsWith(`_${unit}`)) ?? "";
}
