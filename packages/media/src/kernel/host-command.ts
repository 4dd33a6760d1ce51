import { execFileSync } from "node:child_process";

const limitMs = 30_000;

/** Runs a program of the host to its end and returns what it wrote. @throws Error with the line that says what went wrong */
export function hostCommand(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limitMs,
    });
  } catch (error) {
    const { stderr, code } = error as { stderr?: string; code?: string };
    if (code === "ENOENT") throw new Error(`${command} is not installed`, { cause: error });
    const lines = (stderr ?? "").trim().split("\n");
    const complaint = lines.find((line) => /\b(error|failed)\b/i.test(line)) ?? lines.at(-1);
    throw new Error(
      `${command}: ${complaint === undefined || complaint === "" ? String(error) : complaint}`,
      {
        cause: error,
      },
    );
  }
}
