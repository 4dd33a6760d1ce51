/**
 * Runs within a gateway under test (`--import`): at SIGUSR2 it writes how long the event loop stood still at most since the
 * last time, and how long of it the thread was busy itself, not waiting for a processor that others had.
 */
import { readFileSync } from "node:fs";

const sampleMs = 1;
let lastMs = performance.now();
let lastWaitedMs = waitedMs();
let longestMs = 0;
let longestOwnMs = 0;

setInterval(() => {
  const nowMs = performance.now();
  const waitedNowMs = waitedMs();
  const pauseMs = nowMs - lastMs - sampleMs;
  longestMs = Math.max(longestMs, pauseMs);
  longestOwnMs = Math.max(longestOwnMs, pauseMs - (waitedNowMs - lastWaitedMs));
  lastMs = nowMs;
  lastWaitedMs = waitedNowMs;
}, sampleMs).unref();

process.on("SIGUSR2", () => {
  process.stdout.write(`${JSON.stringify({ event: "loop-pauses", longestMs, longestOwnMs })}\n`);
  longestMs = 0;
  longestOwnMs = 0;
});

/** So long this thread was ready to run and another one had the processor. Linux only. */
function waitedMs(): number {
  return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[1]) / 1e6;
}
