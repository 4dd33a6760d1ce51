import type { SnapshotNumber } from "@tandem/contracts";
import { NumberShard, packSid, spread } from "./number-shard.ts";

const shardBits = 12;
/** Numbers that differ in their last digits only share a shard: blocks are bought, listed and called together. */
const neighbours = 256;
const plus = 0x2b;
const zero = 0x30;
/** + and up to 15 digits, as E.164 has them. */
const e164Characters = 16;
const notE164 = 0;

/**
 * Numbers by their E.164 text. Immutable: a changed copy shares all shards but those that the change touches. What is no
 * proper number or has no proper SID is kept as it is.
 */
export class NumberIndex {
  readonly size: number;
  readonly #shards: readonly (NumberShard | undefined)[];
  readonly #others: ReadonlyMap<string, SnapshotNumber>;

  /** @internal `NumberIndexBuilder.build` makes them. */
  constructor(
    shards: readonly (NumberShard | undefined)[],
    others: ReadonlyMap<string, SnapshotNumber>,
    size: number,
  ) {
    this.#shards = shards;
    this.#others = others;
    this.size = size;
  }

  /** @internal */
  get shards(): readonly (NumberShard | undefined)[] {
    return this.#shards;
  }

  /** @internal */
  get others(): ReadonlyMap<string, SnapshotNumber> {
    return this.#others;
  }

  get(phoneNumber: string): SnapshotNumber | undefined {
    const digits = digitsOf(phoneNumber);
    if (digits === notE164) return this.#others.get(phoneNumber);
    const owner = this.#shards[shardOf(digits)]?.get(digits);
    return owner === undefined ? this.#others.get(phoneNumber) : { ...owner, phoneNumber };
  }

  *values(): Generator<SnapshotNumber> {
    yield* this.#others.values();
    for (const shard of this.#shards) {
      for (const [digits, owner] of shard?.entries() ?? []) yield { ...owner, phoneNumber: `+${digits}` };
    }
  }
}

/** Makes an index, from nothing or from another, which stays as it is. */
export class NumberIndexBuilder {
  readonly #shards: (NumberShard | undefined)[];
  readonly #others: Map<string, SnapshotNumber>;
  /** Of shards that were made here: the others belong to the index before. */
  #owner: object = {};
  readonly #sid = new Uint32Array(4);
  #size: number;

  constructor(before?: NumberIndex) {
    this.#shards =
      before === undefined ? Array.from({ length: 2 ** shardBits }, () => undefined) : [...before.shards];
    this.#others = new Map(before?.others);
    this.#size = before?.size ?? 0;
  }

  get size(): number {
    return this.#size;
  }

  set(number: SnapshotNumber): void {
    const { phoneNumber, sid } = number;
    const digits = digitsOf(phoneNumber);
    if (digits === notE164 || !packSid(sid, this.#sid)) {
      this.delete(phoneNumber);
      this.#others.set(phoneNumber, number);
      this.#size += 1;
      return;
    }
    if (this.#others.size > 0 && this.#others.delete(phoneNumber)) this.#size -= 1;
    const shard = this.#ownShard(digits);
    const before = shard.size;
    shard.set(digits, this.#sid, number.accountSid, number.trunkSid);
    this.#size += shard.size - before;
  }

  delete(phoneNumber: string): void {
    if (this.#others.delete(phoneNumber)) this.#size -= 1;
    const digits = digitsOf(phoneNumber);
    if (digits === notE164) return;
    if (this.#shards[shardOf(digits)]?.has(digits) !== true) return;
    this.#ownShard(digits).delete(digits);
    this.#size -= 1;
  }

  /** Once: the builder has given away what it owned. */
  build(): NumberIndex {
    this.#owner = {};
    return new NumberIndex(this.#shards, this.#others, this.#size);
  }

  #ownShard(digits: number): NumberShard {
    const at = shardOf(digits);
    const known = this.#shards[at];
    if (known?.owner === this.#owner) return known;
    const shard = known === undefined ? new NumberShard(this.#owner) : known.copy(this.#owner);
    this.#shards[at] = shard;
    return shard;
  }
}

function shardOf(digits: number): number {
  return spread(Math.floor(digits / neighbours)) >>> (32 - shardBits);
}

function digitsOf(phoneNumber: string): number {
  const { length } = phoneNumber;
  if (length < 2 || length > e164Characters || phoneNumber.charCodeAt(0) !== plus) return notE164;
  if (phoneNumber.charCodeAt(1) === zero) return notE164;
  let digits = 0;
  for (let at = 1; at < length; at++) {
    const digit = phoneNumber.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return notE164;
    digits = digits * 10 + digit;
  }
  return digits;
}
