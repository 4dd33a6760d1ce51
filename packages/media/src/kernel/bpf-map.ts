import { openPin } from "./open-pin.ts";
import { errorNumbers, type SystemCalls } from "./system-calls.ts";

const commands = {
  lookup: 1,
  update: 2,
  delete: 3,
  informationByDescriptor: 15,
  lookupBatch: 24,
} as const;
/** BPF_F_LOCK: the value is copied under its spin lock, and written in place. */
const underLock = 4n;
const attributeBytes = 128;
/** Entries that one call reads. */
export const batchEntries = 256;

export interface MapShape {
  readonly keyBytes: number;
  readonly valueBytes: number;
  /** Whether the values begin with a spin lock. */
  readonly hasLock: boolean;
}

/**
 * One pinned map. Keys and values are read from and written to two buffers of its own, so that nothing is allocated
 * for a call: fill `key` (and `value`), then call.
 */
export class BpfMap {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly #calls: SystemCalls;
  readonly #descriptor: number;
  readonly #shape: MapShape;
  readonly #attributes = Buffer.alloc(attributeBytes);
  /** The kernel wants every field that a command has no use for to be zero. */
  readonly #deleteAttributes = Buffer.alloc(attributeBytes);

  private constructor(calls: SystemCalls, descriptor: number, shape: MapShape, copies: number) {
    this.#calls = calls;
    this.#descriptor = descriptor;
    this.#shape = shape;
    this.key = Buffer.alloc(shape.keyBytes);
    this.value = Buffer.alloc(shape.valueBytes * copies);
    for (const attributes of [this.#attributes, this.#deleteAttributes]) {
      attributes.writeUInt32LE(descriptor, 0);
      attributes.writeBigUInt64LE(calls.pointerTo(this.key), 8);
    }
    this.#attributes.writeBigUInt64LE(calls.pointerTo(this.value), 16);
  }

  /**
   * Opens a pin. `copies` of a value are read at once, for a map that has one for each processor.
   * @throws when there is none, or a map of another shape.
   */
  static open(calls: SystemCalls, path: string, shape: MapShape, copies = 1): BpfMap {
    const descriptor = openPin(calls, path);
    const map = new BpfMap(calls, descriptor, shape, copies);
    const real = map.#realShape();
    if (real.keyBytes === shape.keyBytes && real.valueBytes === shape.valueBytes) return map;
    map.close();
    throw new Error(`${path} has another layout`);
  }

  /** Reads into `value`; false: there is no such key. */
  get(): boolean {
    this.#setFlags(this.#shape.hasLock ? underLock : 0n);
    return this.#checked(this.#calls.bpf(commands.lookup, this.#attributes));
  }

  /** Writes `value`. An entry that is there is changed in place. False: the map is full. */
  put(): boolean {
    this.#setFlags(this.#shape.hasLock ? underLock : 0n);
    return this.#calls.bpf(commands.update, this.#attributes) === 0;
  }

  /** False: there is no such key. */
  delete(): boolean {
    return this.#checked(this.#calls.bpf(commands.delete, this.#deleteAttributes));
  }

  /** Every entry, read in batches. The buffers are good until the next step. */
  *entries(): Generator<{ readonly key: Buffer; readonly value: Buffer }> {
    const { keyBytes, valueBytes, hasLock } = this.#shape;
    const keys = Buffer.alloc(keyBytes * batchEntries);
    const values = Buffer.alloc(valueBytes * batchEntries);
    const position = Buffer.alloc(Math.max(8, keyBytes));
    const attributes = Buffer.alloc(attributeBytes);
    attributes.writeBigUInt64LE(this.#calls.pointerTo(position), 8);
    attributes.writeBigUInt64LE(this.#calls.pointerTo(keys), 16);
    attributes.writeBigUInt64LE(this.#calls.pointerTo(values), 24);
    attributes.writeUInt32LE(this.#descriptor, 36);
    attributes.writeBigUInt64LE(hasLock ? underLock : 0n, 40);
    for (;;) {
      attributes.writeUInt32LE(batchEntries, 32);
      const result = this.#calls.bpf(commands.lookupBatch, attributes);
      if (result < 0 && result !== -errorNumbers.ENOENT) throw new Error(`a batch failed (error ${-result})`);
      const count = attributes.readUInt32LE(32);
      for (let i = 0; i < count; i += 1) {
        yield {
          key: keys.subarray(i * keyBytes, (i + 1) * keyBytes),
          value: values.subarray(i * valueBytes, (i + 1) * valueBytes),
        };
      }
      if (result < 0) return;
      attributes.writeBigUInt64LE(this.#calls.pointerTo(position), 0);
    }
  }

  close(): void {
    this.#calls.close(this.#descriptor);
  }

  #setFlags(flags: bigint): void {
    this.#attributes.writeBigUInt64LE(flags, 24);
  }

  #checked(result: number): boolean {
    if (result < 0 && result !== -errorNumbers.ENOENT) throw new Error(`a map failed (error ${-result})`);
    return result === 0;
  }

  /** struct bpf_map_info: type, id, key_size, value_size. */
  #realShape(): { readonly keyBytes: number; readonly valueBytes: number } {
    const information = Buffer.alloc(80);
    const attributes = Buffer.alloc(attributeBytes);
    attributes.writeUInt32LE(this.#descriptor, 0);
    attributes.writeUInt32LE(information.length, 4);
    attributes.writeBigUInt64LE(this.#calls.pointerTo(information), 8);
    this.#calls.bpf(commands.informationByDescriptor, attributes);
    return { keyBytes: information.readUInt32LE(8), valueBytes: information.readUInt32LE(12) };
  }
}
