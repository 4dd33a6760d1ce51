import { spawnSync } from "node:child_process";

const words = ["chrt", "--fifo", "1"] as const;
let isAllowed: boolean | undefined;

/**
 * Words before a command line that let the program go before whatever else this machine is busy with: a router has a
 * processor of its own. Empty where the system does not permit it; the program is then as slow as the machine is.
 */
export function realTimeWords(): readonly string[] {
  isAllowed ??= spawnSync(words[0], [...words.slice(1), "true"]).status === 0;
  return isAllowed ? words : [];
}
