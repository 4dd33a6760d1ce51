import type { Clock } from "@tandem/clock";
import {
  BegunCalls,
  CountExchange,
  type CountStore,
  type GatewayCounts,
  RegionCounts,
} from "@tandem/coordination";
import type { RoutingTable } from "@tandem/routing";
import type { LimitsElsewhere, TrunkLimits } from "./trunk-limits.ts";

/** Other gateways that are asked for; who comes later in the snapshot is not. */
export const maximumOtherGateways = 255;
/** A store that comes and goes is one story: an alert in so long. */
export const quietMs = 60_000;

export interface SharedLimitsOptions {
  readonly clock: Clock;
  /** Name of this gateway. */
  readonly gateway: string;
  readonly limits: TrunkLimits;
  readonly newStore: () => CountStore;
  /** What happened, for the log. */
  readonly onEvent: (event: string, fields: Record<string, unknown>) => void;
  /** The operator should know: from here on each gateway counts alone. */
  readonly onAlone: (text: string) => void;
}

/**
 * Limits of trunks, and pools of accounts, that hold for all gateways of the region together. A call is admitted by what is known here, at once;
 * what the others count comes a few times a second. With the store away the whole limit holds on each gateway: rather too
 * many calls than none. Trunks without a limit are not told of. docs/limits.md
 */
export class SharedLimits implements LimitsElsewhere {
  readonly #options: SharedLimitsOptions;
  readonly #region: RegionCounts;
  readonly #begun: BegunCalls;
  readonly #exchange: CountExchange;
  #table: RoutingTable | undefined;
  #others: readonly string[] = [];
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: SharedLimitsOptions) {
    this.#options = options;
    const { clock, newStore, limits } = options;
    this.#region = new RegionCounts((sid, calls) => this.#onBegunElsewhere(sid, calls));
    this.#begun = new BegunCalls(clock);
    this.#exchange = new CountExchange({
      clock,
      newStore,
      own: () => this.#own(),
      others: () => this.#others,
      region: this.#region,
      onShared: () => options.onEvent("limits-shared", { gateways: this.#region.gateways }),
      onAlone: (why) => this.#onAlone(why),
    });
    limits.shareWith(this);
  }

  callsOf(trunkSid: string): number {
    return this.#region.callsOf(trunkSid);
  }

  onTake(sid: string): void {
    this.#begun.add(sid);
  }

  /** Limits and gateways of a new snapshot. */
  apply(table: RoutingTable): void {
    this.#table = table;
    this.#others = table.snapshot.gateways
      .map(({ name }) => name)
      .filter((name) => name !== this.#options.gateway)
      .slice(0, maximumOtherGateways);
  }

  /** After the calls of an earlier life were adopted: the first that others hear of this gateway is all that it has. */
  start(): void {
    this.#exchange.start();
  }

  async close(): Promise<void> {
    await this.#exchange.close();
  }

  /** `isShared`: the others are known. `gateways`: how many are heard. */
  counts(): { isShared: boolean; gateways: number; unreadable: number; done: number; failed: number } {
    const { isShared, results } = this.#exchange;
    const { gateways, unreadable } = this.#region;
    return { isShared, gateways, unreadable, ...results };
  }

  #own(): GatewayCounts {
    const calls = new Map<string, number>();
    for (const { trunkSid, calls: count } of this.#options.limits.callsHere()) {
      const limit = this.#table?.trunkBySid(trunkSid)?.concurrentCalls;
      if (typeof limit === "number") calls.set(trunkSid, count);
    }
    return { calls, begun: this.#begun.counts() };
  }

  #onBegunElsewhere(sid: string, calls: number): void {
    const perSecond = this.#table === undefined ? undefined : callsPerSecondOf(sid, this.#table);
    if (perSecond === undefined) return;
    this.#options.limits.takenElsewhere(sid, perSecond, calls, this.#region.gateways);
  }

  #onAlone(why: string): void {
    const { clock, onEvent, onAlone } = this.#options;
    onEvent("limits-alone", { why });
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#toldAtMs < quietMs) return;
    this.#toldAtMs = nowMs;
    onAlone(`the store of shared limits: ${why}`);
  }
}

/** Limit of a trunk, or of the pool of an account; undefined: it has none. */
export function callsPerSecondOf(sid: string, table: RoutingTable): number | undefined {
  return table.trunkBySid(sid)?.callsPerSecond ?? table.accountBySid(sid)?.callsPerSecond;
}
