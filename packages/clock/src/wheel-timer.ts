import type { Timer } from "./clock.ts";

/** Links of a circular list. A slot of the wheel is a link without a timer: the head of its list. */
export class Link {
  next: Link = this;
  previous: Link = this;

  get isAlone(): boolean {
    return this.next === this;
  }

  insertBefore(head: Link): void {
    this.previous = head.previous;
    this.next = head;
    head.previous.next = this;
    head.previous = this;
  }

  unlink(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.next = this;
    this.previous = this;
  }
}

/** One slot of one level. */
export class Slot extends Link {
  readonly level: number;
  readonly index: number;

  constructor(level: number, index: number) {
    super();
    this.level = level;
    this.index = index;
  }
}

/** What a timer needs of its wheel. */
export interface TimerOwner {
  /** Called once, by the timer's cancel(). */
  cancelled(timer: WheelTimer): void;
}

/**
 * A timer of the wheel. Pending: linked into `slot`, or, in the tick that fires it, taken out of its slot (undefined)
 * and about to run. Over: fired or cancelled; it then holds on to nothing.
 */
export class WheelTimer extends Link implements Timer {
  isPending = true;
  slot: Slot | undefined = undefined;
  readonly dueMs: number;
  readonly dueTick: number;
  /** Order of scheduling among timers due at the same instant. */
  readonly order: number;
  #owner: TimerOwner | undefined;
  #onExpire: ((context: never) => void) | undefined;
  #context: unknown;

  constructor(
    owner: TimerOwner,
    dueMs: number,
    dueTick: number,
    order: number,
    onExpire: (context: never) => void,
    context: unknown,
  ) {
    super();
    this.dueMs = dueMs;
    this.dueTick = dueTick;
    this.order = order;
    this.#owner = owner;
    this.#onExpire = onExpire;
    this.#context = context;
  }

  cancel(): void {
    if (!this.isPending) return;
    const owner = this.#owner;
    this.#end();
    owner?.cancelled(this);
  }

  /** Runs onExpire. The timer is over before that, so that a throwing onExpire leaves nothing behind. */
  fire(): void {
    const onExpire = this.#onExpire as ((context: unknown) => void) | undefined;
    const context = this.#context;
    this.#end();
    onExpire?.(context);
  }

  /** Ends without firing and without telling the owner. */
  drop(): void {
    this.#end();
  }

  #end(): void {
    this.isPending = false;
    this.#owner = undefined;
    this.#onExpire = undefined;
    this.#context = undefined;
  }
}

/** Order in which timers fire: due time, then order of scheduling. */
export function byDueTime(a: WheelTimer, b: WheelTimer): number {
  return a.dueMs - b.dueMs || a.order - b.order;
}
