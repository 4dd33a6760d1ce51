import { spawnSync } from "node:child_process";

/** No real-time class: two daemons that wait for threads of their own would hold both processors for ever. */
const words = ["nice", "-n", "-15"] as const;
let isAllowed: boolean | undefined;

/**
 * Words before a command line that let the program go before whatever else this machine is busy with: a router has a
 * processor of its own. Empty where the system does not permit it; the program is then as slow as the machine is.
 */
export function aheadOfOthers(): readonly string[] {
  // Without the privilege nice runs the program all the same, and says so.
  isAllowed ??= spawnSync(words[0], [...words.slice(1), "true"], { encoding: "utf8" }).stderr === "";
  return isAllowed ? words : [];
}
