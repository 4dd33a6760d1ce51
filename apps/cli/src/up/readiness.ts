/** Waiting for a program to be ready. */
import { connect } from "node:net";
import { type Clock, sleep } from "@tandem/clock";

const pollMs = 150;
const probeTimeoutMs = 2000;

/** Asks until `probe` says yes; false once `deadlineMs` has passed or `isHopeless`. */
export async function waitUntil(
  clock: Clock,
  deadlineMs: number,
  probe: () => Promise<boolean>,
  isHopeless: () => boolean,
): Promise<boolean> {
  const endMs = clock.monotonicMs() + deadlineMs;
  for (;;) {
    if (await probe()) return true;
    if (isHopeless() || clock.monotonicMs() >= endMs) return false;
    await sleep(clock, pollMs);
  }
}

/** Whether somebody answers HTTP there with success. */
export async function answersHttp(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(probeTimeoutMs) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Whether somebody takes TCP connections there. */
export function acceptsTcp(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: probeTimeoutMs });
    const finish = (isUp: boolean): void => {
      socket.destroy();
      resolve(isUp);
    };
    socket.once("connect", () => finish(true));
    socket.once("error", () => finish(false));
    socket.once("timeout", () => finish(false));
  });
}
