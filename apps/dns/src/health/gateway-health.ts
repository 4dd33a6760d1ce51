import type { Clock, Timer } from "@tandem/clock";
import { type Heartbeat, heartbeatDeadAfterMs } from "@tandem/contracts";
import { maximumHeartbeatSkewMs } from "@tandem/heartbeat";
import type { HealthRank } from "../zone/health-view.ts";

export type HeartbeatVerdict =
  | "accepted"
  /** Not in the zone. */
  | "unknown-gateway"
  /** The gateway says another edge than the zone has for it: its addresses here would be wrong. */
  | "wrong-edge"
  /** Not newer than the newest of this gateway. */
  | "replayed";

export interface GatewayHealthOptions {
  readonly clock: Clock;
  /** The rank of a gateway has changed. */
  readonly onChange: (gateway: string, rank: HealthRank) => void;
}

interface Pulse {
  readonly edge: string;
  rank: HealthRank;
  /** Wall clock of the gateway at its newest heartbeat. */
  atMs: number;
  silence: Timer;
}

/**
 * Which gateways live, by their heartbeats. A gateway that is new to the zone, or to a name server that has just
 * started, counts as living until it has been silent for `heartbeatDeadAfterMs`, like one that was heard.
 */
export class GatewayHealth {
  readonly #options: GatewayHealthOptions;
  readonly #pulses = new Map<string, Pulse>();

  constructor(options: GatewayHealthOptions) {
    this.#options = options;
  }

  /** The gateways of the zone. Those that stay keep what is known of them. */
  setGateways(gateways: readonly { readonly name: string; readonly edge: string }[]): void {
    const edges = new Map(gateways.map(({ name, edge }) => [name, edge]));
    for (const [name, pulse] of this.#pulses) {
      if (edges.get(name) === pulse.edge) continue;
      pulse.silence.cancel();
      this.#pulses.delete(name);
    }
    for (const [name, edge] of edges) {
      if (this.#pulses.has(name)) continue;
      const atMs = Number.NEGATIVE_INFINITY;
      this.#pulses.set(name, { edge, rank: 0, atMs, silence: this.#silenceOf(name) });
    }
  }

  /** Takes a heartbeat whose signature and time are right. */
  receive(heartbeat: Heartbeat): HeartbeatVerdict {
    const pulse = this.#pulses.get(heartbeat.gateway);
    if (pulse === undefined) return "unknown-gateway";
    if (pulse.edge !== heartbeat.edge) return "wrong-edge";
    if (heartbeat.atMs <= pulse.atMs && !this.#isOfAnotherTime(pulse)) return "replayed";
    pulse.atMs = heartbeat.atMs;
    pulse.silence.cancel();
    pulse.silence = this.#silenceOf(heartbeat.gateway);
    this.#setRank(heartbeat.gateway, pulse, heartbeat.draining ? 1 : 0);
    return "accepted";
  }

  /** A gateway that is not in the zone counts as silent. */
  rank(gateway: string): HealthRank {
    return this.#pulses.get(gateway)?.rank ?? 2;
  }

  /** For the log: name to `alive`, `draining`, `silent`. */
  describe(): Record<string, string> {
    return Object.fromEntries([...this.#pulses].map(([name, { rank }]) => [name, rankNames[rank]]));
  }

  close(): void {
    for (const pulse of this.#pulses.values()) pulse.silence.cancel();
    this.#pulses.clear();
  }

  /** Its newest heartbeat would be refused now as one of the future: our clock was set back since. */
  #isOfAnotherTime({ atMs }: Pulse): boolean {
    return atMs - this.#options.clock.wallMs() > maximumHeartbeatSkewMs;
  }

  #silenceOf(gateway: string): Timer {
    return this.#options.clock.schedule(heartbeatDeadAfterMs, () => this.#onSilence(gateway), undefined);
  }

  #onSilence(gateway: string): void {
    const pulse = this.#pulses.get(gateway);
    if (pulse !== undefined) this.#setRank(gateway, pulse, 2);
  }

  #setRank(gateway: string, pulse: Pulse, rank: HealthRank): void {
    if (pulse.rank === rank) return;
    pulse.rank = rank;
    this.#options.onChange(gateway, rank);
  }
}

export const rankNames: Readonly<Record<HealthRank, string>> = { 0: "alive", 1: "draining", 2: "silent" };
