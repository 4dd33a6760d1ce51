import type { ConnectionHealth, SisterHealthReport, TargetHealth } from "@tandem/contracts";

/** What the gateway says of itself every few seconds. */
export interface GatewayState {
  readonly liveCalls: number;
  readonly draining: boolean;
  /** Thousands, it may be: made one by one as they are asked for. */
  readonly targets: Iterable<TargetHealth>;
  readonly connections: ConnectionHealth[];
  readonly sisters: SisterHealthReport[];
}

/** Targets that are written at a time; they take about half a millisecond. */
export const targetsPerSlice = 200;

/** The text of a `state` frame, written in slices: with 5,000 targets calls would wait 18 ms for the whole. */
export class StateFrame {
  readonly #rest: Omit<GatewayState, "targets">;
  readonly #targets: Iterator<TargetHealth>;
  #written = "";

  constructor({ targets, ...rest }: GatewayState) {
    this.#rest = rest;
    this.#targets = targets[Symbol.iterator]();
  }

  /** Writes a slice. The text when nothing is left; not to be called after that. */
  write(): string | undefined {
    for (let count = 0; count < targetsPerSlice; count++) {
      const { done, value } = this.#targets.next();
      if (done === true) return this.#text();
      this.#written += `${this.#written === "" ? "" : ","}${JSON.stringify(value)}`;
    }
    return undefined;
  }

  #text(): string {
    return `${JSON.stringify({ kind: "state", ...this.#rest }).slice(0, -1)},"targets":[${this.#written}]}`;
  }
}
