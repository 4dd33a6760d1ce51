import { readFileSync } from "node:fs";
import { BpfMap } from "./bpf-map.ts";
import { BpfQueue } from "./bpf-queue.ts";
import { FlowEntries } from "./flow-entries.ts";
import { controlPacketBytes, shapes } from "./layout/index.ts";
import type { PinnedProgram } from "./pinned-program.ts";
import type { SystemCalls } from "./system-calls.ts";

/** Packets that belong to no flow, over all processors. */
export interface ProgramCounts {
  /** Came to a port of ours that nobody had open. */
  readonly stray: number;
  /** UDP fragments to a media address; they are left to the stack. */
  readonly fragments: number;
  /** Would have left with a TTL or hop limit of 0. */
  readonly expired: number;
  /** Did not fit the device they were to leave by. */
  readonly tooBig: number;
}

/** The program's maps, open. */
export interface KernelMaps {
  readonly flows: FlowEntries;
  readonly partitions: BpfMap;
  readonly networks: BpfMap;
  /** Copies of RTCP packets. */
  readonly control: BpfQueue;
  counts(): ProgramCounts;
  /** The program relays until then; CLOCK_MONOTONIC. */
  setLease(untilNs: bigint): void;
  close(): void;
}

/** @throws Error when a pin is missing or has another layout */
export function openMaps(calls: SystemCalls, program: PinnedProgram): KernelMaps {
  const open = (name: keyof typeof shapes): BpfMap => BpfMap.open(calls, program.mapPath(name), shapes[name]);
  const maps = {
    flows: FlowEntries.open(calls, program),
    partitions: open("partitions"),
    networks: open("networks"),
  };
  const control = BpfQueue.open(calls, program.mapPath("control"), controlPacketBytes);
  const lease = open("lease");
  const counts = BpfMap.open(calls, program.mapPath("counts"), shapes.counts, possibleProcessors());
  return {
    ...maps,
    control,
    counts: () => ({
      stray: countAt(counts, 0),
      fragments: countAt(counts, 1),
      expired: countAt(counts, 2),
      tooBig: countAt(counts, 3),
    }),
    setLease: (untilNs) => {
      lease.value.writeBigUInt64LE(untilNs);
      lease.put();
    },
    close: () => {
      for (const map of [...Object.values(maps), control, lease, counts]) map.close();
    },
  };
}

/** The sum over processors. */
function countAt(counts: BpfMap, index: number): number {
  counts.key.writeUInt32LE(index);
  let sum = 0;
  if (counts.get())
    for (let at = 0; at < counts.value.length; at += 8) sum += Number(counts.value.readBigUInt64LE(at));
  return sum;
}

/** A map with a value for each processor has one for those too that may be plugged in: `0-3`, `0,2-5`. */
function possibleProcessors(): number {
  const text = readFileSync("/sys/devices/system/cpu/possible", "utf8").trim();
  return Number(text.split(/[,-]/).at(-1) ?? 0) + 1;
}
