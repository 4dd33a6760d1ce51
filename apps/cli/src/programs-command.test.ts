import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { buildProgram } from "./program.ts";
import { programs } from "./programs-command.ts";
import { recordingContext } from "./testing/recording-context.ts";

describe("verbs that run another program", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tandem-programs-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function play(file: string, source: string): void {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `import { writeFileSync } from "node:fs";\n${source}`);
  }

  for (const { verb, file } of programs) {
    it(`${verb} hands its arguments to ${file} and ends with its exit code`, async () => {
      play(
        file,
        `writeFileSync(${JSON.stringify(join(root, "args"))}, process.argv.slice(2).join(" ")); process.exit(7);`,
      );
      const context = recordingContext({ root });
      await buildProgram(context).parseAsync([
        "node",
        "tandem",
        verb,
        "--only",
        "unit",
        "via",
        "--help",
        "-x",
      ]);
      assert.equal(readFileSync(join(root, "args"), "utf8"), "--only unit via --help -x");
      assert.deepEqual(context.exitCodes, [7]);
    });
  }

  it("a program that was killed is a failure", async () => {
    play("tools/test/main.ts", 'process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000);');
    const context = recordingContext({ root });
    await buildProgram(context).parseAsync(["node", "tandem", "test"]);
    assert.deepEqual(context.exitCodes, [128]);
  });

  it("says so when the program is missing", async () => {
    await assert.rejects(
      buildProgram(recordingContext({ root })).parseAsync(["node", "tandem", "test"]),
      /is missing/,
    );
  });
});
