import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it, type TestContext } from "node:test";
import { Program } from "./program.ts";
import { waitFor } from "./wait.ts";

describe("Program", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tandem-program-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A program that says two words; the second is sent for. */
  function start(t: TestContext, logFile: string): Program {
    const source =
      "console.log('one'); process.on('message', () => { console.log('two'); process.exit(3); })";
    const program = new Program({
      name: "speaker",
      command: process.execPath,
      args: ["-e", source],
      logFile,
      onMessage: () => undefined,
    });
    t.after(() => program.kill());
    return program;
  }

  it("keeps what the program says, and writes it down", async (t) => {
    const logFile = join(folder, "speaker.log");
    const program = start(t, logFile);
    await program.waitForOutput("one");
    program.send({});
    assert.equal(await program.exited(), 3);
    await waitFor("the log", () => readFileSync(logFile, "utf8") === "one\ntwo\n");
    await waitFor("its last word", () => program.output === "one\ntwo\n");
  });

  for (const [what, fileIn, code] of [
    ["cannot be made", (directory: string) => join(directory, "none", "speaker.log"), "ENOENT"],
    ["cannot be written any more", () => "/dev/full", "ENOSPC"],
  ] as const) {
    it(`goes on with a warning when the log ${what}`, { skip: !existsSync("/dev/full") }, async (t) => {
      const warnings: string[] = [];
      const onWarning = (warning: Error): void => void warnings.push(warning.message);
      process.on("warning", onWarning);
      t.after(() => process.off("warning", onWarning));
      const logFile = fileIn(folder);
      const program = start(t, logFile);
      await program.waitForOutput("one");
      await waitFor("the warning", () => warnings.length > 0);
      assert.match(warnings[0] ?? "", new RegExp(`^speaker goes on without its log ${logFile}: ${code}`));
      program.send({});
      assert.equal(await program.exited(), 3);
      await waitFor("its last word", () => program.output === "one\ntwo\n");
      assert.equal(warnings.length, 1);
    });
  }
});
