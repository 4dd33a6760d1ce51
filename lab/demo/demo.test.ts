/** The demo is the first thing a newcomer runs: it must go through, from start to exit code. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

test("the demo places its five calls and ends with exit code 0", async () => {
  const child = spawn(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    join(import.meta.dirname, "main.ts"),
  ]);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
  });
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  assert.equal(code, 0, output);
  for (const title of ["termination, digest", "termination, address list", "wrong password", "origination"]) {
    assert.match(output, new RegExp(`^ +${title} `, "m"), output);
  }
  assert.match(output, /refused: 32202 /);
  assert.match(output, /All five calls went as expected/);
});
