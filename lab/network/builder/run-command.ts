import { execFileSync } from "node:child_process";

/** Runs a program to its end and returns what it wrote. Throws an Error with its standard error when it fails. */
export function runCommand(command: string, args: readonly string[], input = ""): string {
  try {
    return execFileSync(command, args, { input, encoding: "utf8", stdio: "pipe", maxBuffer: 1 << 26 });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    const text = stderr === undefined || stderr === "" ? String(error) : stderr.trim();
    throw new Error(`${command} ${args.join(" ")}: ${text}`, { cause: error });
  }
}
