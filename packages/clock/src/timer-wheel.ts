import { byDueTime, Slot, type TimerOwner, WheelTimer } from "./wheel-timer.ts";

/** Slots of one level. One word of the occupancy bitmap holds 32 of them. */
const slotsPerLevel = 64;
const levelCount = 5;
/** Ticks that one slot of each level spans: 1, 64, 64² … */
const slotTicks = Array.from({ length: levelCount }, (_, level) => slotsPerLevel ** level);
/** Timers further away than this wait in the last level's furthest slot and are placed again from there. */
const horizonTicks = slotsPerLevel ** levelCount - slotsPerLevel ** (levelCount - 1);

/**
 * A hierarchical timer wheel. Knows ticks, not time: whoever owns it says how far it has come.
 *
 * A timer lies in the level whose slots are just fine enough for its distance, and moves one or more levels down when
 * the wheel reaches its slot; it fires from level 0. Scheduling and cancelling cost the same however many timers there
 * are. Within one tick timers fire by due time, then by order of scheduling.
 */
export class TimerWheel implements TimerOwner {
  readonly #slots: Slot[][];
  /** Two words of 32 bits per level: a bit is set where the slot may hold timers. */
  readonly #occupied = new Int32Array(levelCount * 2);
  readonly #onError: (error: unknown) => void;
  readonly #onIdle: () => void;
  /** Timers of the tick that is being fired. */
  #firing: readonly WheelTimer[] = [];
  #currentTick = 0;
  #pending = 0;
  #order = 0;

  /**
   * @param onError told what an onExpire threw; must not throw itself
   * @param onIdle called when the last pending timer was cancelled
   */
  constructor(onError: (error: unknown) => void, onIdle: () => void) {
    this.#onError = onError;
    this.#onIdle = onIdle;
    this.#slots = slotTicks.map((_, level) =>
      Array.from({ length: slotsPerLevel }, (__, index) => new Slot(level, index)),
    );
  }

  get pending(): number {
    return this.#pending;
  }

  /** The last tick that was processed. */
  get currentTick(): number {
    return this.#currentTick;
  }

  /** Adds a timer for a tick after the current one; an earlier tick counts as the next one. */
  add(dueMs: number, dueTick: number, onExpire: (context: never) => void, context: unknown): WheelTimer {
    const timer = new WheelTimer(this, dueMs, dueTick, this.#order++, onExpire, context);
    this.#pending++;
    this.#place(timer);
    return timer;
  }

  /** Called by a timer that was cancelled. */
  cancelled(timer: WheelTimer): void {
    this.#pending--;
    const slot = timer.slot;
    // Without a slot it was taken out already, to be fired in this very tick.
    if (slot !== undefined) {
      timer.unlink();
      timer.slot = undefined;
      if (slot.isAlone) this.#markEmpty(slot);
    }
    if (this.#pending === 0) this.#onIdle();
  }

  /** The next tick at which there is something to do, if only moving timers to a finer level. */
  nextTick(): number | undefined {
    if (this.#pending === 0) return undefined;
    let next: number | undefined;
    for (let level = 0; level < levelCount; level++) {
      const ticks = slotTicks[level] as number;
      const position = Math.floor(this.#currentTick / ticks);
      const distance = this.#distanceToOccupied(level, position % slotsPerLevel);
      if (distance === 0) continue;
      const tick = (position + distance) * ticks;
      if (next === undefined || tick < next) next = tick;
    }
    return next;
  }

  /** Fires all that is due up to and including this tick. Timers that are added meanwhile for these ticks fire as well. */
  advanceTo(tick: number): void {
    for (;;) {
      const next = this.nextTick();
      if (next === undefined || next > tick) break;
      this.#currentTick = next;
      this.#cascade();
      this.#fireSlot(next % slotsPerLevel);
    }
    if (tick > this.#currentTick) this.#currentTick = tick;
  }

  /** Drops all timers without firing them. */
  clear(): void {
    for (const level of this.#slots) {
      for (const slot of level) {
        for (const timer of this.#takeAll(slot)) timer.drop();
      }
    }
    for (const timer of this.#firing) timer.drop();
    this.#pending = 0;
  }

  #place(timer: WheelTimer): void {
    const tick = Math.min(Math.max(timer.dueTick, this.#currentTick + 1), this.#currentTick + horizonTicks);
    this.#placeAt(timer, tick);
  }

  #placeAt(timer: WheelTimer, tick: number): void {
    const distance = tick - this.#currentTick;
    let level = 0;
    while (level < levelCount - 1 && distance >= (slotTicks[level + 1] as number)) level++;
    const index = Math.floor(tick / (slotTicks[level] as number)) % slotsPerLevel;
    const slot = (this.#slots[level] as Slot[])[index] as Slot;
    timer.insertBefore(slot);
    timer.slot = slot;
    const word = level * 2 + (index >> 5);
    this.#occupied[word] = (this.#occupied[word] as number) | (1 << (index & 31));
  }

  /** Moves the timers of every coarser slot that begins at the current tick to finer levels. Coarsest first. */
  #cascade(): void {
    for (let level = levelCount - 1; level > 0; level--) {
      const ticks = slotTicks[level] as number;
      if (this.#currentTick % ticks !== 0) continue;
      const index = (this.#currentTick / ticks) % slotsPerLevel;
      for (const timer of this.#takeAll((this.#slots[level] as Slot[])[index] as Slot)) {
        // A timer due right now goes to the slot of level 0 that fires next.
        if (timer.dueTick <= this.#currentTick) this.#placeAt(timer, this.#currentTick);
        else this.#place(timer);
      }
    }
  }

  #fireSlot(index: number): void {
    const due = this.#takeAll((this.#slots[0] as Slot[])[index] as Slot);
    if (due.length > 1) due.sort(byDueTime);
    this.#firing = due;
    for (const timer of due) {
      if (!timer.isPending) continue; // cancelled by one that fired before it
      this.#pending--;
      try {
        timer.fire();
      } catch (error) {
        this.#onError(error);
      }
    }
    this.#firing = [];
  }

  #takeAll(slot: Slot): WheelTimer[] {
    const timers: WheelTimer[] = [];
    while (!slot.isAlone) {
      const timer = slot.next as WheelTimer;
      timer.unlink();
      timer.slot = undefined;
      timers.push(timer);
    }
    this.#markEmpty(slot);
    return timers;
  }

  #markEmpty(slot: Slot): void {
    const word = slot.level * 2 + (slot.index >> 5);
    this.#occupied[word] = (this.#occupied[word] as number) & ~(1 << (slot.index & 31));
  }

  /** How many slots after `from` the next occupied one is: 1 … 64 (64: `from` itself, a turn later), or 0 for none. */
  #distanceToOccupied(level: number, from: number): number {
    const low = this.#occupied[level * 2] as number;
    const high = this.#occupied[level * 2 + 1] as number;
    if ((low | high) === 0) return 0;
    const after = firstBitFrom(low, high, from + 1);
    if (after >= 0) return after - from;
    return firstBitFrom(low, high, 0) + slotsPerLevel - from;
  }
}

/** Index of the lowest set bit at or after `from` in a bitmap of 64 bits; -1 when there is none. */
function firstBitFrom(low: number, high: number, from: number): number {
  if (from < 32) {
    const bits = low & (-1 << from);
    if (bits !== 0) return 31 - Math.clz32(bits & -bits);
  }
  if (from > 63) return -1;
  const bits = from <= 32 ? high : high & (-1 << (from - 32));
  return bits === 0 ? -1 : 63 - Math.clz32(bits & -bits);
}
