/** `tandem lab torture [--write]`: sends the torture messages, prints the table, and writes docs/torture.md. */
import { parseArgs } from "node:util";
import { playTorture } from "./play-torture.ts";
import { torturePage, writePage } from "./torture-page.ts";

const { values } = parseArgs({ options: { write: { type: "boolean" } } });
const { outcomes, residue } = await playTorture();
console.log(torturePage(outcomes));
for (const { message, protocol, cleanCallFailure } of outcomes) {
  if (cleanCallFailure !== undefined) {
    console.log(`no clean call behind ${message.expectation.name} over ${protocol}: ${cleanCallFailure}`);
  }
}
if (residue !== undefined) console.log(residue);
if (values.write === true) writePage(outcomes);
