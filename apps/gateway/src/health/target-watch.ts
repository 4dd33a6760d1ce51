import type { AttemptSignal } from "@tandem/b2bua";
import type { Clock } from "@tandem/clock";
import type { GatewayConfiguration, SnapshotChange, TargetHealth } from "@tandem/contracts";
import type { RoutingTable } from "@tandem/routing";
import type { UserAgent } from "@tandem/sip/user-agent";
import type { GatewayPlace } from "../egress/egress-ways.ts";
import type { ConnectionHealthTable } from "../lines/connection-health-table.ts";
import { describeTarget } from "./describe-target.ts";
import { forgetTargets } from "./forget-targets.ts";
import { HealthProber } from "./health-prober.ts";
import { PathSignals } from "./path-signals.ts";
import { ProbedTargets } from "./probed-targets.ts";
import type { TargetHealthTable } from "./target-health.ts";

const defaultProbeIntervalSeconds = 30;

export interface TargetWatchOptions {
  readonly configuration: GatewayConfiguration;
  readonly clock: Clock;
  readonly random: () => number;
  readonly agent: UserAgent;
  readonly place: GatewayPlace;
  readonly targets: TargetHealthTable;
  readonly lines: ConnectionHealthTable;
}

/** Which targets there are, how each is by its probes and by calls, and what of that is forgotten when they change. */
export class TargetWatch {
  readonly #targets: TargetHealthTable;
  readonly #isProbing: boolean;
  readonly #probed: ProbedTargets;
  readonly #signals: PathSignals;
  readonly #prober: HealthProber;

  constructor({ configuration, clock, random, agent, place, targets, lines }: TargetWatchOptions) {
    this.#targets = targets;
    this.#isProbing = configuration.health?.enabled !== false;
    this.#probed = new ProbedTargets(place);
    this.#signals = new PathSignals({ targets, lines, prober: () => this.#prober });
    this.#prober = new HealthProber({
      clock,
      agent,
      intervalSeconds: configuration.health?.intervalSeconds ?? defaultProbeIntervalSeconds,
      random,
      onProbe: (target, path, statusCode) => this.#signals.onProbe(target, path, statusCode),
    });
  }

  /** What an attempt of a call says about its target. */
  onAttempt(signal: AttemptSignal): void {
    this.#signals.onAttempt(signal);
  }

  /** What the targets of a line that is back did meanwhile is forgiven, and they are asked at once. */
  onLineUp(connectionSid: string): void {
    this.#targets.forgive(connectionSid);
    this.#prober.hurryLine(connectionSid);
  }

  /** @param change what is new in the table; undefined: all of it */
  apply(table: RoutingTable, change: SnapshotChange | undefined): void {
    const changed = this.#probed.apply(table, change);
    if (changed !== "all") {
      forgetTargets(changed, this.#targets, this.#signals);
      if (this.#isProbing) this.#prober.changeTargets(changed);
      return;
    }
    const { all } = this.#probed;
    this.#targets.retain(all);
    this.#signals.retain(all);
    if (this.#isProbing) this.#prober.setTargets(all);
  }

  *describe(): Generator<TargetHealth> {
    for (const target of this.#probed.all) yield* describeTarget(target, this.#targets);
  }

  close(): void {
    this.#prober.close();
  }
}
