import { BpfMap } from "./bpf-map.ts";
import { BpfProgram } from "./bpf-program.ts";
import {
  changeMade,
  type FlowKey,
  flowChangeBytes,
  readFlowKey,
  shapes,
  stateOf,
  termsOf,
  writeFlowKey,
} from "./layout.ts";
import type { PinnedProgram } from "./pinned-program.ts";
import type { SystemCalls } from "./system-calls.ts";

/**
 * The map `flows`. An entry is made and read whole. While it is there the program counts in it, so that user space, which
 * can only write entries as a whole, has the terms changed by a program too.
 */
export class FlowEntries {
  /** Of the entry that was read, or is to be made. */
  readonly terms: Buffer;
  readonly state: Buffer;
  /** What `change` writes. */
  readonly changed: Buffer;
  readonly #map: BpfMap;
  readonly #change: BpfProgram;

  private constructor(map: BpfMap, change: BpfProgram) {
    this.#map = map;
    this.#change = change;
    this.terms = termsOf(map.value);
    this.state = stateOf(map.value);
    this.changed = termsOf(change.data);
  }

  /** @throws Error when a pin is missing or has another layout */
  static open(calls: SystemCalls, program: PinnedProgram): FlowEntries {
    const map = BpfMap.open(calls, program.mapPath("flows"), shapes.flows);
    return new FlowEntries(
      map,
      BpfProgram.open(calls, program.programPath("tandem_change"), flowChangeBytes),
    );
  }

  /** Fills `terms` and `state`; false: there is no such flow. */
  read(key: FlowKey): boolean {
    writeFlowKey(this.#map.key, 0, key);
    return this.#map.get();
  }

  /** Makes an entry of `terms` and `state`. False: the map is full. */
  create(key: FlowKey): boolean {
    writeFlowKey(this.#map.key, 0, key);
    return this.#map.put();
  }

  /** Gives the flow that `changed` names those terms; its state goes on. False: there is no such flow. */
  change(): boolean {
    return this.#change.run() === changeMade;
  }

  remove(key: FlowKey): void {
    writeFlowKey(this.#map.key, 0, key);
    this.#map.delete();
  }

  *keys(): Generator<FlowKey> {
    for (const { key } of this.#map.entries()) yield readFlowKey(key, 0);
  }

  close(): void {
    this.#map.close();
    this.#change.close();
  }
}
