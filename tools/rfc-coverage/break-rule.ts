/**
 * `./tandem break [SECTION | RFC:SECTION | all | N random]`: breaks rules of the coverage table one at a time, in a copy of
 * the tree, and demands that the test of each notices. Ends with 1 when one does not.
 */
import { join } from "node:path";
import { RowBreaker } from "./break-rows.ts";
import { chooseRows } from "./choose-rows.ts";
import { rfcOf } from "./coverage-row.ts";
import { readRows } from "./read-rows.ts";
import { TreeCopy } from "./tree-copy.ts";

const root = join(import.meta.dirname, "..", "..");
const chosen = chooseRows(await readRows(), process.argv.slice(2), Math.random);
if (typeof chosen === "string") {
  console.error(chosen);
  process.exit(2);
}

const tree = TreeCopy.of(root);
process.once("exit", () => tree.remove());
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const breaker = new RowBreaker(tree);
const counts = { caught: 0, missed: 0, unproven: 0 };
for (const row of chosen) {
  const verdict = await breaker.verdictOn(row);
  counts[verdict.kind]++;
  console.log(
    `${verdict.kind === "caught" ? "caught" : verdict.kind.toUpperCase()}  RFC ${rfcOf(row)} §${row.section} ${row.sentence}`,
  );
  if (verdict.kind === "caught") continue;
  console.log(`    ${row.code}: ${row.line} → ${row.breaks}\n    ${row.test}: ${row.name}`);
  if (verdict.kind === "unproven") console.log(verdict.why.replaceAll(/^/gm, "    "));
}
console.log(`${counts.caught} caught, ${counts.missed} missed, ${counts.unproven} unproven`);
process.exitCode = counts.missed + counts.unproven === 0 ? 0 : 1;
