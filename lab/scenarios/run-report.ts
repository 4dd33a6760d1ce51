import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlayOutcome } from "./runner/play-theme.ts";
import type { Theme } from "./runner/scenario.ts";

/** What became of a theme. */
export interface RunReport {
  readonly theme: Theme;
  readonly outcomes: readonly PlayOutcome[];
  readonly elapsedMs: number;
}

const file = join(import.meta.dirname, "..", "..", "docs", "scenarios.md");

/** Writes the page of a recorded run. */
export function writeReport(reports: readonly RunReport[], t1Ms: number): void {
  writeFileSync(file, page(reports, t1Ms));
}

function page(reports: readonly RunReport[], t1Ms: number): string {
  const all = reports.flatMap(({ outcomes }) => outcomes);
  const passed = all.filter(({ failure }) => failure === undefined).length;
  const day = new Date().toISOString().slice(0, 10);
  return [
    "# Scenarios on the wire",
    "",
    "One real gateway for each theme, raw sockets of a customer and of carriers on both sides of it, over UDP, TCP and TLS.",
    "The scripts stand in `lab/scenarios/themes/`. After every wave of plays the gateway must hold nothing any more: no",
    "transaction, dialog, relay endpoint, journal entry, connection or timer; it must have caught no fault of its own; and a",
    "clean call must succeed. `./tandem test lab/scenarios` plays them with T1 = 20 ms, `./tandem lab scenarios --true-timers`",
    "with the times of RFC 3261, `--write` records the run here.",
    "",
    `Recorded on ${day} with T1 = ${t1Ms} ms: ${passed} of ${all.length} plays as expected.`,
    ...reports.flatMap(themeSection),
    "",
  ].join("\n");
}

function themeSection({ theme, outcomes, elapsedMs }: RunReport): string[] {
  return [
    "",
    `## ${theme.name[0]?.toUpperCase()}${theme.name.slice(1)} (${(elapsedMs / 1000).toFixed(0)} s)`,
    "",
    "| what is true | as expected | seconds |",
    "|---|---|---|",
    ...outcomes.map(
      ({ title, failure, elapsedMs: each }) =>
        `| ${title} | ${failure === undefined ? "yes" : "**no**"} | ${(each / 1000).toFixed(1)} |`,
    ),
  ];
}
