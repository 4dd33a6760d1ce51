import type { FuzzTarget } from "./fuzz-target.ts";

/** For tests of the fuzzer: three letters to be found one after the other, each by the block that it opens. */
export const lock: FuzzTarget = {
  name: "lock",
  sources: ["lab/fuzz/lock.ts"],
  seeds: ["...."],
  dictionary: ["k", "e", "y", "."],
  maximumBytes: 16,
  run(input) {
    if (input[0] !== "k") return;
    if (input[1] !== "e") return;
    if (input[2] === "y") throw new Error("open");
  },
};
