import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { flood } from "../hostility/flood.ts";
import { HostilityStage } from "../hostility/stage.ts";

const network = 202;
/** Of a trunk's calls, at most this share may fail. */
const maximumFailures = 0.001;
/** Share of one processor that the gateway may take at rest, above what it took before. */
const restAbove = 0.05;

/** `tandem bench flood`: junk and INVITEs of strangers beside the calls of a customer. */
export async function benchFlood(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      junk: { type: "string", default: "20000" },
      invites: { type: "string", default: "5000" },
      rate: { type: "string", default: "100" },
      seconds: { type: "string", default: "20" },
      json: { type: "string" },
    },
  });
  const plan = {
    junkPerSecond: Number(values.junk),
    invitesPerSecond: Number(values.invites),
    callsPerSecond: Number(values.rate),
    seconds: Number(values.seconds),
  };
  const stage = await HostilityStage.start(network);
  try {
    const result = await flood(stage, plan);
    console.log(
      `${plan.junkPerSecond} datagrams of junk and ${plan.invitesPerSecond} INVITEs a second, wanted`,
    );
    for (const [name, value] of Object.entries(result)) {
      console.log(`${name.padEnd(20)} ${Number.isInteger(value) ? value : value.toFixed(3)}`);
    }
    if (values.json !== undefined) {
      writeFileSync(values.json, `${JSON.stringify({ plan, result }, undefined, 2)}\n`);
    }
    const isAtRest = result.cpuAfter <= result.cpuBefore + restAbove;
    return result.failed <= result.calls * maximumFailures && isAtRest ? 0 : 1;
  } finally {
    await stage.stop();
  }
}
