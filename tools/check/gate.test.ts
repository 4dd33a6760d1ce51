import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { findingGate, type Gate, runGates, toolGate } from "./gate.ts";
import { checkShellSyntax } from "./shell-syntax.ts";

const node = process.execPath;

describe("runGates", () => {
  it("runs every gate, also after one has failed or thrown", async () => {
    const gates: Gate[] = [
      findingGate("throws", "", () => {
        throw new Error("broken check");
      }),
      findingGate("finds", "", () => ["a: wrong", "b: wrong"]),
      findingGate("clean", "", () => []),
    ];
    const seen: string[] = [];
    const finished = await runGates(gates, 1, (gate) => seen.push(`${gate.name} ${gate.passed}`));
    assert.deepEqual(seen, ["throws false", "finds false", "clean true"]);
    assert.match(finished[0]?.output ?? "", /broken check/);
    assert.equal(finished[1]?.output, "a: wrong\nb: wrong");
  });

  it("a tool passes by its exit code and keeps what it said", async () => {
    const gates = [
      toolGate("good", "", ".", [node, "-e", "console.log('fine')"]),
      toolGate("bad", "", ".", [node, "-e", "console.error('wrong'); process.exitCode = 1"]),
      toolGate("killed", "", ".", [node, "-e", "process.kill(process.pid, 'SIGKILL')"]),
      toolGate("missing", "", ".", ["/no/such/program"]),
    ];
    const finished = await runGates(gates, 2, () => {});
    const byName = new Map(finished.map((gate) => [gate.name, gate]));
    assert.equal(byName.get("good")?.passed, true);
    assert.equal(byName.get("bad")?.passed, false);
    assert.equal(byName.get("bad")?.output, "wrong");
    assert.equal(byName.get("killed")?.passed, false);
    assert.equal(byName.get("missing")?.passed, false);
  });
});

describe("checkShellSyntax", () => {
  it("finds a script that no shell can read, and bash", (t) => {
    const folder = mkdtempSync(join(tmpdir(), "tandem-shell-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const files = [
      { path: "good", text: "#!/bin/sh\nif true; then echo yes; fi\n" },
      { path: "bad", text: "#!/bin/sh\nif true; then echo yes\n" },
      { path: "bash", text: "#!/usr/bin/env bash\necho\n" },
      { path: "text.md", text: "if then (((\n" },
    ];
    for (const { path, text } of files) {
      writeFileSync(join(folder, path), text);
      chmodSync(join(folder, path), 0o755);
    }
    const faults = checkShellSyntax(folder, files);
    assert.ok(faults.some((fault) => fault.startsWith("bad: sh -n: ")));
    assert.ok(faults.includes("bash: scripts are POSIX sh"));
    assert.ok(!faults.some((fault) => fault.startsWith("good") || fault.startsWith("text.md")));
  });
});
