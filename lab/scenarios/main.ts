/**
 * `tandem lab scenarios [TEXT …]`: plays the scenarios on the wire whose name holds all the texts, and prints the ladder of
 * those that are not as expected. `--true-timers`: with the timers of RFC 3261 in place of the lab's short ones; the figures
 * of a whole run stand in docs/scenarios.md, which `--write` makes. Exit code 1 when a sentence is not true.
 */
import { parseArgs } from "node:util";
import { themes } from "./catalogue.ts";
import { type RunReport, writeReport } from "./run-report.ts";
import { type PlayOutcome, playTheme } from "./runner/play-theme.ts";

const options = { "true-timers": { type: "boolean" }, write: { type: "boolean" } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const isTrue = values["true-timers"] === true;
const t1Ms = isTrue ? 500 : 20;
const reports: RunReport[] = [];
const waiting = [...themes];
// With true timers most of the time is waited for: several themes share it.
await Promise.all(Array.from({ length: isTrue ? 4 : 1 }, playThemes));

async function playThemes(): Promise<void> {
  for (let theme = waiting.shift(); theme !== undefined; theme = waiting.shift()) {
    const { name } = theme;
    const startedMs = performance.now();
    const outcomes = await playTheme(theme, {
      t1Ms,
      ...(isTrue ? { playsPerWave: 64 } : {}),
      isWanted: ({ title }) => positionals.every((text) => `${name}: ${title}`.includes(text)),
      onOutcome: print,
    });
    reports.push({ theme, outcomes, elapsedMs: performance.now() - startedMs });
  }
}

function print({ title, failure, elapsedMs }: PlayOutcome): void {
  const verdict = failure === undefined ? "passed" : "FAILED";
  console.log(`${verdict} ${(elapsedMs / 1000).toFixed(1).padStart(6)} s  ${title}`);
  if (failure !== undefined) console.log(failure);
}

reports.sort((one, other) => themes.indexOf(one.theme) - themes.indexOf(other.theme));
const outcomes = reports.flatMap((report) => report.outcomes);
const failed = outcomes.filter(({ failure }) => failure !== undefined);
console.log(`\n${outcomes.length - failed.length} as expected, ${failed.length} not`);
if (values.write === true) writeReport(reports, t1Ms);
process.exitCode = failed.length === 0 && outcomes.length > 0 ? 0 : 1;
