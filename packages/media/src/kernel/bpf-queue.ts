import { openPin } from "./open-pin.ts";
import { errorNumbers, type SystemCalls } from "./system-calls.ts";

/** BPF_MAP_LOOKUP_AND_DELETE_ELEM. */
const lookupAndDelete = 21;
const attributeBytes = 128;

/** One pinned queue: values that a program has put in, the oldest first. Values are read into a buffer of its own. */
export class BpfQueue {
  readonly value: Buffer;
  readonly #calls: SystemCalls;
  readonly #descriptor: number;
  readonly #attributes = Buffer.alloc(attributeBytes);

  private constructor(calls: SystemCalls, descriptor: number, valueBytes: number) {
    this.#calls = calls;
    this.#descriptor = descriptor;
    this.value = Buffer.alloc(valueBytes);
    // A queue has no keys: that pointer stays null.
    this.#attributes.writeUInt32LE(descriptor, 0);
    this.#attributes.writeBigUInt64LE(calls.pointerTo(this.value), 16);
  }

  /** Opens a pin. @throws Error when there is none */
  static open(calls: SystemCalls, path: string, valueBytes: number): BpfQueue {
    return new BpfQueue(calls, openPin(calls, path), valueBytes);
  }

  /** Takes the oldest value into `value`; false: there is none. @throws Error when the queue can't be read */
  take(): boolean {
    const result = this.#calls.bpf(lookupAndDelete, this.#attributes);
    if (result < 0 && result !== -errorNumbers.ENOENT) throw new Error(`a queue failed (error ${-result})`);
    return result === 0;
  }

  close(): void {
    this.#calls.close(this.#descriptor);
  }
}
