/**
 * `tandem lab`: lists the scenarios against real peers. `tandem lab NAME`: plays one. A scenario on loopback prints every
 * SIP message that the peers saw and what the API says about the calls; one on real links prints what happened when, and
 * a PASS or FAIL line for everything it expected. Exit code 1 when the scenario's sentence is not true.
 * `tandem lab scenarios` plays those on the wire, `tandem lab torture` the messages of RFC 4475 and RFC 5118.
 */
import { existsSync } from "node:fs";
import { findScenario, groups } from "./interop/catalogue.ts";
import { type Group, peerPrograms, type Scenario } from "./interop/group.ts";
import { Stage } from "./interop/stage.ts";
import { timeline } from "./interop/timeline.ts";
import { networkScenarios } from "./network/catalogue.ts";
import { perform as performOnLinks } from "./network/scenario/perform.ts";
import { themes } from "./scenarios/catalogue.ts";

const [wanted] = process.argv.slice(2);
if (wanted === undefined) list();
else if (wanted === "scenarios" || wanted === "torture") {
  process.argv.splice(2, 1);
  await import(`./${wanted}/main.ts`);
} else process.exitCode = await play(wanted);

function list(): void {
  for (const { name, peers, scenarios } of groups) {
    console.log(`\n${name} (${peers.join(", ")})`);
    const width = Math.max(...scenarios.map((scenario) => scenario.name.length));
    for (const scenario of scenarios) console.log(`  ${scenario.name.padEnd(width)}  ${scenario.sentence}`);
  }
  console.log("\non real links, in network namespaces (root)");
  const width = Math.max(...networkScenarios.map((scenario) => scenario.name.length));
  for (const { name, sentence } of networkScenarios) console.log(`  ${name.padEnd(width)}  ${sentence}`);
  console.log("\non the wire, peer by peer: ./tandem lab scenarios [--true-timers] [TEXT]");
  for (const { name, scenarios } of themes) console.log(`  ${name}: ${scenarios.length} scenarios`);
  console.log("  ./tandem lab torture [--write] sends the torture messages of RFC 4475 and RFC 5118");
  console.log("\n./tandem lab NAME plays one; ./tandem test --only lab plays all.");
}

async function play(name: string): Promise<number> {
  const onLinks = networkScenarios.find((scenario) => scenario.name === name);
  if (onLinks !== undefined) {
    // Ends by itself through what runs at exit: no network stays when somebody loses patience.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
    const { isPass } = await performOnLinks(onLinks, (line) => console.log(line));
    return isPass ? 0 : 1;
  }
  const found = findScenario(name);
  if (found === undefined) {
    console.error(`no scenario is called ${name}; ./tandem lab lists them`);
    return 1;
  }
  const missing = found.group.peers.filter((peer) => !existsSync(peerPrograms[peer]));
  if (missing.length > 0) {
    console.error(`not installed: ${missing.join(", ")} (tools/debian-packages.txt)`);
    return 1;
  }
  return perform(found.group, found.scenario);
}

async function perform(group: Group, scenario: Scenario): Promise<number> {
  console.log(`${scenario.name}: ${scenario.sentence}\n`);
  const stage = await Stage.open(group.stage);
  let failure: string | undefined;
  try {
    await scenario.play(stage);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  for (const line of timeline(stage)) console.log(`  ${line}`);
  await printCalls(stage);
  await stage.close();
  if (failure === undefined) {
    console.log("\nAs expected.");
    return 0;
  }
  console.log(`\nNot as expected: ${failure}`);
  return 1;
}

/** What the API tells: the record of each call, oldest first. */
async function printCalls(stage: Stage): Promise<void> {
  const calls = await stage.allRecords().catch(() => []);
  console.log();
  for (const call of calls.slice(0, 20)) {
    const reason = call.reasonCode === null ? "" : `, reason ${call.reasonCode}`;
    const adopted = call.adopted ? ", adopted" : "";
    console.log(
      `  ${call.sid}  ${call.from} → ${call.to}  ${call.status} ${call.statusCode ?? ""}, released by ${call.releasedBy ?? "–"}${reason}${adopted}`,
    );
    for (const attempt of call.attempts) console.log(`      ${attempt}`);
  }
  if (calls.length > 20) console.log(`  … and ${calls.length - 20} more`);
}
