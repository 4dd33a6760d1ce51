import { BpfMap } from "./bpf-map.ts";
import { BpfProgram } from "./bpf-program.ts";
import {
  blockPorts,
  changeMade,
  type FlowKey,
  flowChangeBytes,
  maximumFlows,
  numberAt,
  readFlowKey,
  shapes,
  termsOf,
  writeBlockKey,
} from "./layout/index.ts";
import type { PinnedProgram } from "./pinned-program.ts";
import type { SystemCalls } from "./system-calls.ts";

/**
 * The maps `flows` and `ports`: flows by number, and the numbers by local port. An entry is made and read whole. While it is
 * there the program counts in it, so that user space, which can only write entries as a whole, has the terms changed by a
 * program too.
 */
export class FlowEntries {
  /** The entry that was read, or is to be made. */
  readonly flow: Buffer;
  /** Of that entry. */
  readonly terms: Buffer;
  /** What `change` writes. */
  readonly changed: Buffer;
  readonly #flows: BpfMap;
  readonly #ports: BpfMap;
  readonly #change: BpfProgram;
  /** Numbers that no flow has; the next one to be taken is the last. */
  readonly #free: number[];

  private constructor(flows: BpfMap, ports: BpfMap, change: BpfProgram, limit: number) {
    this.#flows = flows;
    this.#ports = ports;
    this.#change = change;
    this.flow = flows.value;
    this.terms = termsOf(flows.value);
    this.changed = termsOf(change.data);
    const taken = new Set(Array.from(this.#entries(), ({ number }) => number));
    this.#free = Array.from({ length: limit }, (_, index) => limit - 1 - index).filter(
      (number) => !taken.has(number),
    );
  }

  /**
   * @param limit of flows, those that are there included
   * @throws Error when a pin is missing or has another layout
   */
  static open(calls: SystemCalls, program: PinnedProgram, limit: number = maximumFlows): FlowEntries {
    const [flows, ports] = (["flows", "ports"] as const).map((name) =>
      BpfMap.open(calls, program.mapPath(name), shapes[name]),
    ) as [BpfMap, BpfMap];
    return new FlowEntries(
      flows,
      ports,
      BpfProgram.open(calls, program.programPath("tandem_change"), flowChangeBytes),
      limit,
    );
  }

  /** Fills `flow` and so `terms`; false: there is no such flow. */
  read(key: FlowKey): boolean {
    const number = this.#find(key);
    if (number === undefined) return false;
    this.#flows.key.writeUInt32LE(number);
    return this.#flows.get();
  }

  /** Makes an entry of `flow`, or makes it anew. False: the maps are full. */
  create(key: FlowKey): boolean {
    const known = this.#find(key);
    const number = known ?? this.#free.pop();
    if (number === undefined) return false;
    this.#flows.key.writeUInt32LE(number);
    if (!this.#flows.put()) throw new Error("a flow can't be written");
    if (known !== undefined) return true;
    // The program finds it from here on.
    this.#ports.value.writeUInt32LE(number + 1, numberAt(key.port));
    if (this.#ports.put()) return true;
    this.#free.push(number);
    return false;
  }

  /** Gives the flow that `changed` names those terms; its state goes on. False: there is no such flow. */
  change(): boolean {
    return this.#change.run() === changeMade;
  }

  remove(key: FlowKey): void {
    const number = this.#find(key);
    if (number === undefined) return;
    const { value } = this.#ports;
    value.writeUInt32LE(0, numberAt(key.port));
    if (value.every((byte) => byte === 0)) this.#ports.delete();
    else this.#ports.put();
    // A packet that has found it before must not take it for the flow that it was.
    this.flow.fill(0);
    this.#flows.key.writeUInt32LE(number);
    this.#flows.put();
    this.#free.push(number);
  }

  *keys(): Generator<FlowKey> {
    for (const { key } of this.#entries()) yield key;
  }

  close(): void {
    this.#flows.close();
    this.#ports.close();
    this.#change.close();
  }

  /** The number of a flow; its block is in key and value of `ports` then, and zeros when there is none. */
  #find(key: FlowKey): number | undefined {
    const { key: blockKey, value } = this.#ports;
    writeBlockKey(blockKey, key);
    if (!this.#ports.get()) value.fill(0);
    const number = value.readUInt32LE(numberAt(key.port));
    return number === 0 ? undefined : number - 1;
  }

  *#entries(): Generator<{ readonly key: FlowKey; readonly number: number }> {
    for (const block of this.#ports.entries()) {
      const first = readFlowKey(block.key, 0);
      for (let offset = 0; offset < blockPorts; offset += 1) {
        const number = block.value.readUInt32LE(numberAt(offset));
        if (number !== 0) yield { key: { ...first, port: first.port + offset }, number: number - 1 };
      }
    }
  }
}
