import type { NetworkProgram } from "../builder/requirements.ts";
import type { Stand } from "./stand.ts";

/** A scenario on real links: a sentence that must be true, and how it is seen. */
export interface NetworkScenario {
  /** kebab-case; `./tandem lab NAME`. */
  readonly name: string;
  readonly sentence: string;
  /** Programs that must be installed. */
  readonly programs: readonly NetworkProgram[];
  readonly play: (stand: Stand) => Promise<void>;
}
