import { rtpengineCommand } from "../user-agents/rtpengine.ts";
import type { Stage, StageOptions } from "./stage.ts";

/** One scenario: a sentence that must be true, and how it is seen. */
export interface Scenario {
  /** kebab-case; `./tandem lab NAME`. */
  readonly name: string;
  readonly sentence: string;
  readonly play: (stage: Stage) => Promise<void>;
}

/** Scenarios that play on one stage. */
export interface Group {
  readonly name: string;
  /** Programs that must be installed. */
  readonly peers: readonly PeerProgram[];
  readonly stage: StageOptions;
  /** Scenarios at a time; 1: in order. */
  readonly concurrency: number;
  readonly scenarios: readonly Scenario[];
}

export const peerPrograms = {
  sipp: "/usr/bin/sipp",
  baresip: "/usr/bin/baresip",
  kamailio: "/usr/sbin/kamailio",
  openssl: "/usr/bin/openssl",
  rtpengine: rtpengineCommand,
  sngrep: "/usr/bin/sngrep",
  tshark: "/usr/bin/tshark",
} as const;

export type PeerProgram = keyof typeof peerPrograms;

/** T1 for groups that wait for no timer of the standard: the gateway is empty after 64 T1 in place of 32 s. */
export const shortTimers = { t1Ms: 200 } as const;
