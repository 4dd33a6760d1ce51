import type { CarrierRoute, SnapshotCarrier } from "@tandem/contracts";

/** One carrier's route for one prefix. */
export interface PrefixRoute {
  readonly carrier: SnapshotCarrier;
  readonly route: CarrierRoute;
}

/** All carriers' routes by prefix. Immutable. */
export class CarrierRoutes {
  readonly #byPrefix = new Map<string, PrefixRoute[]>();
  #longest = 0;

  constructor(carriers: Iterable<SnapshotCarrier>) {
    for (const carrier of carriers) {
      for (const route of carrier.routes) this.#add({ carrier, route });
    }
  }

  /**
   * The routes that match a number: one list per prefix, the longest prefix first. `+` matches every number, numbers
   * without + (emergency numbers) included.
   */
  matching(calledNumber: string): readonly (readonly PrefixRoute[])[] {
    const matches: PrefixRoute[][] = [];
    for (let length = Math.min(this.#longest, calledNumber.length); length > 0; length--) {
      const routes = this.#byPrefix.get(calledNumber.slice(0, length));
      if (routes !== undefined) matches.push(routes);
    }
    const everything = calledNumber.startsWith("+") ? undefined : this.#byPrefix.get("+");
    if (everything !== undefined) matches.push(everything);
    return matches;
  }

  #add(entry: PrefixRoute): void {
    const prefix = entry.route.prefix;
    this.#longest = Math.max(this.#longest, prefix.length);
    const routes = this.#byPrefix.get(prefix);
    if (routes === undefined) this.#byPrefix.set(prefix, [entry]);
    else routes.push(entry);
  }
}
