import { getPriority, setPriority } from "node:os";

/** Nice value of the thread that carries calls, when the configuration says none. */
export const defaultNice = -10;

/** What node:os does; on Linux a nice value is a thread's, not a process's, so that of the calling thread is meant. */
interface ThreadPriority {
  getPriority(): number;
  setPriority(nice: number): void;
}

/**
 * Gives the calling thread, which carries the calls, precedence on a host that it shares. Threads that are there already, the
 * engine's helpers and the ledger's, stay as they are. Whoever started the process with a nice value of its own has decided.
 * @param nice -20 (first) to 19 (last); undefined: the default, where nobody has decided
 * @returns why the thread has not got it; undefined: it has, or keeps what it was started with
 */
export function raisePriority(
  nice: number | undefined,
  thread: ThreadPriority = { getPriority, setPriority },
): string | undefined {
  try {
    if (nice === undefined && thread.getPriority() !== 0) return undefined;
    thread.setPriority(nice ?? defaultNice);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
