import type { PublishedSnapshot } from "../src/snapshot/index.ts";

/** As the publisher hands it out: the whole is one frame, and nothing leads there from an earlier version unless said. */
export function publishedFrame(
  version: number,
  frame: string,
  changes: Readonly<Record<number, readonly string[]>> = {},
): PublishedSnapshot {
  return { version, frame, pieces: () => [frame], changesSince: (from) => changes[from] };
}
