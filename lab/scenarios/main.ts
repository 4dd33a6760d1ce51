/**
 * `tandem lab scenarios [TEXT …]`: plays the scenarios on the wire whose name holds all the texts, and prints the ladder of
 * those that are not as expected. `--true-timers`: with the timers of RFC 3261 in place of the lab's short ones; the figures
 * of a whole run stand in docs/scenarios.md, which `--write` makes. Exit code 1 when a sentence is not true.
 */
import { parseArgs } from "node:util";
import { themes } from "./catalogue.ts";
import { type RunReport, writeReport } from "./run-report.ts";
import { playTheme } from "./runner/play-theme.ts";

const options = { "true-timers": { type: "boolean" }, write: { type: "boolean" } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const t1Ms = values["true-timers"] === true ? 500 : 20;
const reports: RunReport[] = [];
for (const theme of themes) {
  const startedMs = performance.now();
  const outcomes = await playTheme(theme, {
    t1Ms,
    isWanted: ({ title }) => positionals.every((text) => `${theme.name}: ${title}`.includes(text)),
    onOutcome: ({ title, failure, elapsedMs }) => {
      console.log(
        `${failure === undefined ? "passed" : "FAILED"} ${(elapsedMs / 1000).toFixed(1).padStart(6)} s  ${title}`,
      );
      if (failure !== undefined) console.log(failure);
    },
  });
  reports.push({ theme, outcomes, elapsedMs: performance.now() - startedMs });
}
const outcomes = reports.flatMap((report) => report.outcomes);
const failed = outcomes.filter(({ failure }) => failure !== undefined);
console.log(`\n${outcomes.length - failed.length} as expected, ${failed.length} not`);
if (values.write === true) writeReport(reports, t1Ms);
process.exitCode = failed.length === 0 && outcomes.length > 0 ? 0 : 1;
