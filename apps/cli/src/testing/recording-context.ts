/** A context that remembers what a command printed, for tests. */
import { SystemClock } from "@tandem/clock";
import type { Context } from "../context.ts";

export interface RecordingContext extends Context {
  readonly printed: string[];
  readonly noted: string[];
  readonly exitCodes: number[];
}

export function recordingContext(
  given: {
    environment?: Record<string, string | undefined>;
    root?: string;
    defaultDataDirectory?: string;
    input?: string;
  } = {},
): RecordingContext {
  const printed: string[] = [];
  const noted: string[] = [];
  const exitCodes: number[] = [];
  return {
    printed,
    noted,
    exitCodes,
    version: "1.2.3",
    environment: given.environment ?? {},
    root: given.root ?? "/nonexistent",
    defaultDataDirectory: given.defaultDataDirectory ?? "/nonexistent",
    clock: new SystemClock(),
    print: (text) => void printed.push(text),
    note: (text) => void noted.push(text),
    readInput: () => Promise.resolve(given.input ?? ""),
    setExitCode: (code) => void exitCodes.push(code),
  };
}
