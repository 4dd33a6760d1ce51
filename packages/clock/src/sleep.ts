import type { Clock } from "./clock.ts";

/**
 * Resolves after ms.
 * Rejects with the signal's reason as soon as it is aborted; the timer is then gone.
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason as Error);
    };
    const timer = clock.schedule(
      ms,
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
      undefined,
    );
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
