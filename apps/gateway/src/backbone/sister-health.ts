import type { Clock } from "@tandem/clock";

/** Probes in a row without an answer after which a sister counts as down. */
export const silentProbesUntilSisterDown = 2;

export type SisterState = "up" | "draining" | "down" | "unknown";

interface State {
  state: SisterState;
  reason: string | undefined;
  silentProbes: number;
  sinceMs: number;
}

/** What probes and calls told of each sister gateway, by its name. */
export class SisterHealth {
  readonly #clock: Clock;
  readonly #states = new Map<string, State>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(gateway: string): { readonly state: SisterState; readonly reason: string | undefined } {
    const { state, reason } = this.#states.get(gateway) ?? unknown;
    return { state, reason };
  }

  /** Wall clock of the last change; undefined: nothing was heard or missed yet. */
  sinceMs(gateway: string): number | undefined {
    return this.#states.get(gateway)?.sinceMs;
  }

  /** How an OPTIONS ended; undefined: no answer in time. */
  onProbe(gateway: string, statusCode: number | undefined): void {
    const state = this.#state(gateway);
    if (statusCode === undefined) {
      state.silentProbes += 1;
      if (state.silentProbes >= silentProbesUntilSisterDown) {
        this.#set(state, "down", "does not answer on the backbone");
      }
      return;
    }
    state.silentProbes = 0;
    if (statusCode === 503) this.#set(state, "draining", "takes no new calls");
    else this.#set(state, "up", undefined);
  }

  /** It did not take a call in time, or went silent in the middle of one: the next probe may bring it back. */
  onSilent(gateway: string, text: string): void {
    this.#set(this.#state(gateway), "down", text);
  }

  /** Forgets gateways that are no more. */
  retain(gateways: ReadonlySet<string>): void {
    for (const name of this.#states.keys()) if (!gateways.has(name)) this.#states.delete(name);
  }

  #state(gateway: string): State {
    const known = this.#states.get(gateway);
    if (known !== undefined) return known;
    const state: State = { ...unknown, silentProbes: 0, sinceMs: this.#clock.wallMs() };
    this.#states.set(gateway, state);
    return state;
  }

  #set(state: State, to: SisterState, reason: string | undefined): void {
    if (state.state !== to) state.sinceMs = this.#clock.wallMs();
    state.state = to;
    state.reason = reason;
  }
}

const unknown: { readonly state: SisterState; readonly reason: string | undefined } = {
  state: "unknown",
  reason: undefined,
};
