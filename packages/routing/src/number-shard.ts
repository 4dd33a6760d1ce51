/** What a shard holds of one number beside its digits. */
export interface NumberOwner {
  readonly sid: string;
  readonly accountSid: string;
  readonly trunkSid: string | null;
}

const firstCapacity = 8;
const nothing = -1;
/** `PN` and 32 lower-case hex digits. */
const sidCharacters = 34;
const sidWords = 4;

/** The SID as four words of 32 bits; false: it has another form, and nothing was written. */
export function packSid(sid: string, words: Uint32Array): boolean {
  if (sid.length !== sidCharacters || !sid.startsWith("PN")) return false;
  for (let at = 2; at < sidCharacters; at++) if (hexDigit(sid.charCodeAt(at)) < 0) return false;
  for (let word = 0; word < sidWords; word++) {
    let value = 0;
    for (let at = 2 + word * 8; at < 10 + word * 8; at++) value = (value << 4) | hexDigit(sid.charCodeAt(at));
    words[word] = value;
  }
  return true;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}

/**
 * Numbers by their digits in columns: a hash table with linear probing. A number is no object here: a million of them
 * would be four million for the garbage collector to walk over.
 */
export class NumberShard {
  size = 0;
  /** Who may still change it; the tables that have it rely on that nobody else does. */
  readonly owner: object;
  /** 0: free. The digits of an E.164 number, 15 at most, are exact in a double. */
  #digits: Float64Array;
  #sids: Uint32Array;
  /** Texts that trunks and accounts have too. */
  #accountSids: string[];
  #trunkSids: (string | null)[];

  constructor(owner: object, capacity = firstCapacity) {
    this.owner = owner;
    this.#digits = new Float64Array(capacity);
    this.#sids = new Uint32Array(capacity * sidWords);
    this.#accountSids = Array.from({ length: capacity }, () => "");
    this.#trunkSids = Array.from({ length: capacity }, () => null);
  }

  copy(owner: object): NumberShard {
    const copy = new NumberShard(owner, 0);
    copy.size = this.size;
    copy.#digits = this.#digits.slice();
    copy.#sids = this.#sids.slice();
    copy.#accountSids = this.#accountSids.slice();
    copy.#trunkSids = this.#trunkSids.slice();
    return copy;
  }

  has(digits: number): boolean {
    return this.#find(digits) !== nothing;
  }

  get(digits: number): NumberOwner | undefined {
    const at = this.#find(digits);
    return at === nothing ? undefined : this.#at(at);
  }

  /** @param sid as `packSid` writes it */
  set(digits: number, sid: Uint32Array, accountSid: string, trunkSid: string | null): void {
    if ((this.size + 1) * 4 > this.#digits.length * 3) this.#grow();
    const mask = this.#digits.length - 1;
    let at = spread(digits) & mask;
    while (this.#digits[at] !== 0 && this.#digits[at] !== digits) at = (at + 1) & mask;
    if (this.#digits[at] === 0) this.size += 1;
    this.#digits[at] = digits;
    for (let word = 0; word < sidWords; word++) this.#sids[at * sidWords + word] = sid[word] as number;
    this.#accountSids[at] = accountSid;
    this.#trunkSids[at] = trunkSid;
  }

  /** What stands behind the gap moves up, so that a look-up never stops too early. */
  delete(digits: number): void {
    let gap = this.#find(digits);
    if (gap === nothing) return;
    const mask = this.#digits.length - 1;
    this.size -= 1;
    for (let at = (gap + 1) & mask; this.#digits[at] !== 0; at = (at + 1) & mask) {
      const home = spread(this.#digits[at] as number) & mask;
      const isBetween = gap <= at ? gap < home && home <= at : gap < home || home <= at;
      if (isBetween) continue;
      this.#move(at, gap);
      gap = at;
    }
    this.#digits[gap] = 0;
    this.#accountSids[gap] = "";
    this.#trunkSids[gap] = null;
  }

  *entries(): Generator<readonly [digits: number, owner: NumberOwner]> {
    for (let at = 0; at < this.#digits.length; at++) {
      const digits = this.#digits[at] as number;
      if (digits !== 0) yield [digits, this.#at(at)];
    }
  }

  #find(digits: number): number {
    const mask = this.#digits.length - 1;
    for (let at = spread(digits) & mask; this.#digits[at] !== 0; at = (at + 1) & mask) {
      if (this.#digits[at] === digits) return at;
    }
    return nothing;
  }

  #at(at: number): NumberOwner {
    let sid = "PN";
    for (let word = 0; word < sidWords; word++) {
      sid += (this.#sids[at * sidWords + word] as number).toString(16).padStart(8, "0");
    }
    return { sid, accountSid: this.#accountSids[at] ?? "", trunkSid: this.#trunkSids[at] ?? null };
  }

  #move(from: number, to: number): void {
    this.#digits[to] = this.#digits[from] as number;
    this.#sids.copyWithin(to * sidWords, from * sidWords, (from + 1) * sidWords);
    this.#accountSids[to] = this.#accountSids[from] ?? "";
    this.#trunkSids[to] = this.#trunkSids[from] ?? null;
  }

  #grow(): void {
    const larger = new NumberShard(this.owner, this.#digits.length * 2);
    const mask = larger.#digits.length - 1;
    for (let from = 0; from < this.#digits.length; from++) {
      const digits = this.#digits[from] as number;
      if (digits === 0) continue;
      let to = spread(digits) & mask;
      while (larger.#digits[to] !== 0) to = (to + 1) & mask;
      larger.#digits[to] = digits;
      larger.#sids.set(this.#sids.subarray(from * sidWords, (from + 1) * sidWords), to * sidWords);
      larger.#accountSids[to] = this.#accountSids[from] ?? "";
      larger.#trunkSids[to] = this.#trunkSids[from] ?? null;
    }
    this.#digits = larger.#digits;
    this.#sids = larger.#sids;
    this.#accountSids = larger.#accountSids;
    this.#trunkSids = larger.#trunkSids;
  }
}

/** 32 bits, all of them worth using. */
export function spread(digits: number): number {
  let hash = Math.imul(digits, 0x9e3779b1) ^ Math.floor(digits / 0x1_0000_0000);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
