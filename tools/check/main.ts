/** `./tandem check [gate …]`: runs the gates, prints each with its time, ends with 1 when one has failed. */
import { join } from "node:path";
import { runGates } from "./gate.ts";
import { houseGates } from "./gates.ts";

const root = join(import.meta.dirname, "..", "..");

const wanted = process.argv.slice(2);
const gates = houseGates(root);
const unknown = wanted.filter((name) => !gates.some((gate) => gate.name === name));
if (unknown.length > 0) {
  console.error(`no such gate: ${unknown.join(", ")}\nthere are:`);
  for (const gate of gates) console.error(`  ${gate.name.padEnd(12)} ${gate.about}`);
  process.exit(2);
}

const selected = wanted.length === 0 ? gates : gates.filter((gate) => wanted.includes(gate.name));
const finished = await runGates(selected, 2, ({ name, passed, output, elapsedMs }) => {
  console.log(
    `${passed ? "passed" : "FAILED"}  ${name.padEnd(12)} ${(elapsedMs / 1000).toFixed(1).padStart(5)} s`,
  );
  if (!passed) console.log(output.replaceAll(/^/gm, "    "));
});
const failed = finished.filter((gate) => !gate.passed).map((gate) => gate.name);
console.log(failed.length === 0 ? "all gates passed" : `failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
