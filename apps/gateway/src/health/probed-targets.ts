import type { SnapshotChange } from "@tandem/contracts";
import type { RoutingTable } from "@tandem/routing";
import type { GatewayPlace } from "../egress/egress-ways.ts";
import { type ProbePlace, type ProbeTarget, targetsOfCarrier, targetsOfTrunk } from "./probe-targets.ts";

/** Targets that are probed at a time; beyond it targets are judged by calls only. */
export const maximumProbedTargets = 5000;

/** Targets that are no more, and those that came or are made anew. */
export interface TargetsChange {
  readonly gone: readonly ProbeTarget[];
  readonly come: readonly ProbeTarget[];
}

/**
 * Enabled carrier gateways and origination URLs that this gateway would place calls to, by the ways that the calls take.
 * A change of trunks touches the targets of these trunks alone; what it frees is given to the next trunk that changes.
 */
export class ProbedTargets {
  readonly #place: GatewayPlace;
  /** By carrier or trunk. */
  readonly #byOwner = new Map<string, readonly ProbeTarget[]>();
  #count = 0;
  #table: RoutingTable | undefined;

  constructor(place: GatewayPlace) {
    this.#place = place;
  }

  get all(): readonly ProbeTarget[] {
    return [...this.#byOwner.values()].flat();
  }

  /**
   * Returns what is different; `all`: anything may be.
   * @param change what the table differs in from the last one; undefined: in anything
   */
  apply(table: RoutingTable, change: SnapshotChange | undefined): TargetsChange | "all" {
    this.#table = table;
    const sids = change === undefined ? undefined : touchedTrunks(change);
    if (sids === undefined) {
      this.#takeAll(table);
      return "all";
    }
    const changes = sids.map((sid) => this.#takeTrunk(sid, table));
    return { gone: changes.flatMap(({ gone }) => gone), come: changes.flatMap(({ come }) => come) };
  }

  #takeAll(table: RoutingTable): void {
    this.#byOwner.clear();
    this.#count = 0;
    const place = this.#probePlace(table);
    for (const carrier of table.objects("carriers")) this.#put(carrier.sid, targetsOfCarrier(carrier, place));
    for (const trunk of table.objects("trunks")) {
      if (this.#count >= maximumProbedTargets) return;
      this.#put(trunk.sid, targetsOfTrunk(trunk, place));
    }
  }

  #takeTrunk(sid: string, table: RoutingTable): TargetsChange {
    const before = this.#byOwner.get(sid) ?? [];
    this.#count -= before.length;
    this.#byOwner.delete(sid);
    const trunk = table.trunkBySid(sid);
    if (trunk !== undefined) this.#put(sid, targetsOfTrunk(trunk, this.#probePlace(table)));
    const come = this.#byOwner.get(sid) ?? [];
    const isGone = (old: ProbeTarget) => !come.some((one) => one.sid === old.sid && one.uri === old.uri);
    return { gone: before.filter(isGone), come };
  }

  #put(owner: string, targets: readonly ProbeTarget[]): void {
    const kept = targets.slice(0, maximumProbedTargets - this.#count);
    if (kept.length === 0) return;
    this.#byOwner.set(owner, kept);
    this.#count += kept.length;
  }

  /** A target outlives the table that it was made from. */
  #probePlace(made: RoutingTable): ProbePlace {
    return { table: () => this.#table ?? made, place: this.#place };
  }
}

/** Undefined: the change touches what the ways of all targets depend on. */
function touchedTrunks({ settings, put, removed }: SnapshotChange): readonly string[] | undefined {
  if (Object.keys(settings).length > 0) return undefined;
  if (put.carriers ?? removed.carriers ?? put.connections ?? removed.connections) return undefined;
  return [...(removed.trunks ?? []), ...(put.trunks ?? []).map(({ sid }) => sid)];
}
