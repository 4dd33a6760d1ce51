import { missingForNetwork } from "../builder/requirements.ts";
import type { NetworkScenario } from "./scenario.ts";
import { Stand } from "./stand.ts";
import { Timeline } from "./timeline.ts";

export interface Performance {
  readonly isPass: boolean;
  /** What was not as expected, in sentences. */
  readonly failures: readonly string[];
}

/** Plays a scenario, prints its timeline and then a PASS or FAIL line for everything it expected. */
export async function perform(
  scenario: NetworkScenario,
  print: (line: string) => void,
): Promise<Performance> {
  const missing = missingForNetwork(scenario.programs);
  if (missing !== undefined) {
    print(`FAIL  ${scenario.name} can't be played here: ${missing}`);
    return { isPass: false, failures: [missing] };
  }
  print(`${scenario.name}: ${scenario.sentence}\n`);
  const stand = new Stand(new Timeline(print));
  const failures: string[] = [];
  try {
    await scenario.play(stand);
  } catch (error) {
    failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await stand.close();
  }
  failures.push(...stand.verdicts.failures);
  print("");
  for (const line of stand.verdicts.lines) print(line);
  for (const failure of failures.slice(0, failures.length - stand.verdicts.failures.length)) {
    print(`FAIL  ${failure}`);
  }
  const isPass = failures.length === 0 && stand.verdicts.isPass;
  print(`\n${isPass ? "PASS" : "FAIL"}  ${scenario.name}`);
  return { isPass, failures };
}
