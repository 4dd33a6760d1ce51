import type { MapShape } from "../bpf-map.ts";
import { blockPorts, flowKeyBytes } from "./flow-key.ts";
import { flowBytes } from "./flow-state.ts";

/**
 * Part of the path of the pins. To be raised with every change of program/layout.h but one of a limit alone: maps that are
 * there go on with their own limit until they are removed, and so do their calls.
 */
export const layoutVersion = 4;

export const shapes = {
  flows: { keyBytes: 4, valueBytes: flowBytes, hasLock: true },
  ports: { keyBytes: flowKeyBytes, valueBytes: 4 + 4 * blockPorts, hasLock: true },
  partitions: { keyBytes: 24, valueBytes: 4, hasLock: false },
  networks: { keyBytes: 24, valueBytes: 4, hasLock: false },
  counts: { keyBytes: 4, valueBytes: 8, hasLock: false },
  lease: { keyBytes: 4, valueBytes: 8, hasLock: false },
} as const satisfies Record<string, MapShape>;

/** Of which an endpoint takes two; as in program/layout.h. */
export const maximumFlows = 131_072;
