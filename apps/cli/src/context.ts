/** What commands get from `main.ts`. */
import type { Clock } from "@tandem/clock";

export interface Context {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Root of the repository: programs are started from there by path. */
  readonly root: string;
  /** Where `up` keeps its data unless `--data` says otherwise. */
  readonly defaultDataDirectory: string;
  readonly clock: Clock;
  print(text: string): void;
  /** Progress and warnings: standard error. */
  note(text: string): void;
  /** All of standard input as text. */
  readInput(): Promise<string>;
  setExitCode(code: number): void;
}
