/** First in, first out. Taking from the head costs the same however long the queue is. */
export class Fifo<T> {
  private items: T[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  /** The one that `shift` would take. */
  get first(): T | undefined {
    return this.items[this.head];
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.items[this.head];
    this.head += 1;
    if (this.head >= 64 && this.head * 2 >= this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  /** Takes one from anywhere; whether it was there. Costs the length of the queue. */
  remove(item: T): boolean {
    return this.removeWhere((each) => each === item);
  }

  /** Takes the first that is such; whether there was one. Costs the length of the queue. */
  removeWhere(isSuch: (item: T) => boolean): boolean {
    for (let index = this.head; index < this.items.length; index += 1) {
      if (!isSuch(this.items[index] as T)) continue;
      this.items.splice(index, 1);
      return true;
    }
    return false;
  }

  /** Takes all. */
  drain(): T[] {
    const all = this.items.slice(this.head);
    this.items = [];
    this.head = 0;
    return all;
  }
}
