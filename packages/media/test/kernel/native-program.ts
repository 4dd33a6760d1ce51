import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program's gate and reception as an ordinary program of this machine. Removed by `close`. */
export class NativeProgram {
  readonly #directory: string = mkdtempSync(join(tmpdir(), "tandem-program-native-"));
  readonly #binary: string = join(this.#directory, "program");

  constructor() {
    const headers = join(import.meta.dirname, "../../src/kernel/program");
    const source = join(import.meta.dirname, "program-native.c");
    execFileSync("clang", ["-O1", "-Wall", "-Werror", `-I${headers}`, source, "-o", this.#binary], {
      stdio: "pipe",
    });
  }

  /** One line of output for each command that has any. */
  run(commands: readonly string[]): string[] {
    const output = execFileSync(this.#binary, { input: `${commands.join("\n")}\n`, encoding: "utf8" });
    return output.split("\n").slice(0, -1);
  }

  close(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
