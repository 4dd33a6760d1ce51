import { openPin } from "./open-pin.ts";
import type { SystemCalls } from "./system-calls.ts";

/** BPF_PROG_TEST_RUN. */
const testRun = 10;
const attributeBytes = 128;
const resultAt = 4;

/** A pinned program that is run on bytes of ours in place of a packet (BPF_PROG_TEST_RUN). */
export class BpfProgram {
  /** What it is run on: 14 bytes at least, those of a link's header, which stand for nothing. */
  readonly data: Buffer;
  readonly #calls: SystemCalls;
  readonly #descriptor: number;
  readonly #attributes = Buffer.alloc(attributeBytes);

  private constructor(calls: SystemCalls, descriptor: number, bytes: number) {
    this.#calls = calls;
    this.#descriptor = descriptor;
    this.data = Buffer.alloc(bytes);
    // program, result, bytes in, bytes out, data in
    this.#attributes.writeUInt32LE(descriptor, 0);
    this.#attributes.writeUInt32LE(bytes, 8);
    this.#attributes.writeBigUInt64LE(calls.pointerTo(this.data), 16);
  }

  /** @throws Error when there is no such pin */
  static open(calls: SystemCalls, path: string, bytes: number): BpfProgram {
    return new BpfProgram(calls, openPin(calls, path), bytes);
  }

  /** What the program returns for `data`. @throws Error when the kernel can't run it */
  run(): number {
    const error = this.#calls.bpf(testRun, this.#attributes);
    if (error < 0) throw new Error(`a program can't be run (error ${-error})`);
    return this.#attributes.readUInt32LE(resultAt);
  }

  close(): void {
    this.#calls.close(this.#descriptor);
  }
}
