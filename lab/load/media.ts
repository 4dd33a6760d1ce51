import { writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { parseArgs } from "node:util";
import { Network } from "../network/builder/network.ts";
import { missingForNetwork } from "../network/builder/requirements.ts";
import { type BenchEngine, engineNames, startEngine } from "./media/media-engines.ts";
import { type Measurement, measure } from "./media/media-measurement.ts";
import { mediaNetwork } from "./media/media-network.ts";
import { printMediaReport, summaryOf } from "./media/media-report.ts";
import { compileLoad } from "./media/rtp-load.ts";

const receiverPort = 40_000;

/** `tandem bench media`: the same streams through each engine and through a plain router, in turn, several times. */
export async function benchMedia(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      streams: { type: "string", default: "200" },
      rate: { type: "string", default: "50" },
      seconds: { type: "string", default: "10" },
      repeats: { type: "string", default: "3" },
      engines: { type: "string", default: engineNames.join(",") },
      json: { type: "string" },
    },
  });
  const missing = missingForNetwork([]);
  if (missing !== undefined) throw new Error(missing);
  const [streams, rate, seconds, repeats] = [values.streams, values.rate, values.seconds, values.repeats].map(
    Number,
  ) as [number, number, number, number];
  const wanted = engineNames.filter((name) => name === "forward" || values.engines.split(",").includes(name));
  const measured = new Map<BenchEngine, Measurement[]>();
  const network = Network.build(mediaNetwork);
  try {
    const load = {
      customer: network.host("customer"),
      carrier: network.host("carrier"),
      binary: compileLoad(network.directory),
      receiverPort,
      seconds,
      rate,
    };
    console.log(`${streams} streams of ${rate} packets/s, ${seconds} s, ${repeats} times`);
    for (let round = 1; round <= repeats; round += 1) {
      for (const name of wanted) {
        const engine = await startEngine(name, { network, calls: streams, receiverPort });
        if (engine === undefined) continue;
        const { address, ports } = engine;
        const measurement = await measure(engine, { ...load, address, ports });
        await engine.stop();
        measured.set(name, [...(measured.get(name) ?? []), measurement]);
        console.log(`round ${round}, ${name}: ${JSON.stringify(measurement)}`);
      }
    }
  } finally {
    await network.close();
  }
  const summary = summaryOf(measured);
  printMediaReport(summary);
  if (values.json !== undefined) {
    const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Linux ${release()}, Node ${process.version}`;
    const report = {
      machine,
      options: { streams, rate, seconds, repeats },
      summary,
      rounds: Object.fromEntries(measured),
    };
    writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  return 0;
}
