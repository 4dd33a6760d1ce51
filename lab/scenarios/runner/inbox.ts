import type { Heard } from "./heard.ts";

/** A status code, a status code with its method (`200 BYE`), or a method. */
export type What = number | string;

/** What a peer has heard and its script has not asked for yet. A message that comes again byte by byte is counted, not kept. */
export class Inbox {
  readonly #limitMs: number;
  readonly #times = new Map<string, number>();
  #unread: Heard[] = [];
  #sleepers: (() => void)[] = [];

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** False: it has come before. */
  add(heard: Heard): boolean {
    const times = this.times(heard) + 1;
    this.#times.set(heard.text, times);
    if (times === 1) this.#unread.push(heard);
    this.wake();
    return times === 1;
  }

  /** Something has happened that somebody may wait for. */
  wake(): void {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const wake of sleepers) wake();
  }

  /** How often this very message has come. */
  times(heard: Heard): number {
    return this.#times.get(heard.text) ?? 0;
  }

  /** What nobody has asked for; a 100 need not be asked for. */
  get unread(): readonly Heard[] {
    return this.#unread.filter(({ statusCode }) => statusCode !== 100);
  }

  /** Forgets what is unread and passes the filter. */
  drop(isOurs: (heard: Heard) => boolean): void {
    this.#unread = this.#unread.filter((heard) => !isOurs(heard));
  }

  /** The next message of ours, which must be `what`; a 100 that was not asked for is passed over. */
  async expect(what: What, isOurs: (heard: Heard) => boolean, who: string): Promise<Heard> {
    const deadlineMs = performance.now() + this.#limitMs;
    for (;;) {
      const heard = await this.#take(isOurs, deadlineMs, `${who} waited in vain for ${what}`);
      if (isWhat(heard, what)) return heard;
      if (heard.statusCode !== 100) throw new Error(`${who} expected ${what} and heard ${heard.what}`);
    }
  }

  /** Until `isSo`, looked at whenever something comes. */
  async until(isSo: () => boolean, what: string): Promise<void> {
    const deadlineMs = performance.now() + this.#limitMs;
    while (!isSo()) await this.#arrival(deadlineMs, what);
  }

  async #take(isOurs: (heard: Heard) => boolean, deadlineMs: number, what: string): Promise<Heard> {
    for (;;) {
      const index = this.#unread.findIndex(isOurs);
      const [found] = index < 0 ? [] : this.#unread.splice(index, 1);
      if (found !== undefined) return found;
      await this.#arrival(deadlineMs, what);
    }
  }

  async #arrival(deadlineMs: number, what: string): Promise<void> {
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) throw new Error(what);
    const arrived = Promise.withResolvers<void>();
    const timer = setTimeout(arrived.resolve, leftMs);
    this.#sleepers.push(arrived.resolve);
    await arrived.promise;
    clearTimeout(timer);
  }
}

export function isWhat(heard: Heard, what: What): boolean {
  if (typeof what === "number") return heard.statusCode === what;
  return heard.what === what;
}
