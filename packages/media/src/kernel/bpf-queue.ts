import { errorNumbers, type SystemCalls } from "./system-calls.ts";

const commands = { getObject: 7, lookupAndDelete: 21 } as const;
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
    const attributes = Buffer.alloc(attributeBytes);
    const name = Buffer.from(`${path}\0`);
    attributes.writeBigUInt64LE(calls.pointerTo(name), 0);
    const descriptor = calls.bpf(commands.getObject, attributes);
    if (descriptor < 0) throw new Error(`${path} can't be opened (error ${-descriptor})`);
    return new BpfQueue(calls, descriptor, valueBytes);
  }

  /** Takes the oldest value into `value`; false: there is none. @throws Error when the queue can't be read */
  take(): boolean {
    const result = this.#calls.bpf(commands.lookupAndDelete, this.#attributes);
    if (result < 0 && result !== -errorNumbers.ENOENT) throw new Error(`a queue failed (error ${-result})`);
    return result === 0;
  }

  close(): void {
    this.#calls.close(this.#descriptor);
  }
}
