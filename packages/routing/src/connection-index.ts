import type { SnapshotConnection } from "@tandem/contracts";
import { PrefixIndex, type PrefixMatch } from "./prefix-index.ts";

/** `TX` and 32 hex digits in the spelling of the snapshot; what is no such SID stays as it is. */
export function normalizeConnectionSid(sid: string): string {
  return `${sid.slice(0, 2).toUpperCase()}${sid.slice(2).toLowerCase()}`;
}

/** Whether an account owns the line or may use it. */
export function mayUse(connection: SnapshotConnection, accountSid: string): boolean {
  return connection.accountSid === accountSid || connection.sharedAccountSids.includes(accountSid);
}

/** The private lines of a snapshot by SID, by edge, and the active ones by the networks behind them. Immutable. */
export class ConnectionIndex {
  readonly #bySid = new Map<string, SnapshotConnection>();
  readonly #byEdge = new Map<string, SnapshotConnection[]>();
  readonly #routesByEdge = new Map<string, PrefixIndex<SnapshotConnection>>();

  constructor(connections: readonly SnapshotConnection[]) {
    // By SID, so that every choice between equals is the same on every gateway.
    for (const connection of connections.toSorted((a, b) => (a.sid < b.sid ? -1 : a.sid > b.sid ? 1 : 0))) {
      this.#bySid.set(normalizeConnectionSid(connection.sid), connection);
      const ofEdge = this.#byEdge.get(connection.edge);
      if (ofEdge === undefined) this.#byEdge.set(connection.edge, [connection]);
      else ofEdge.push(connection);
      if (connection.status === "active") this.#addRoutes(connection);
    }
  }

  bySid(sid: string): SnapshotConnection | undefined {
    return this.#bySid.get(normalizeConnectionSid(sid));
  }

  /** In order of their SIDs, whatever their status. */
  ofEdge(edge: string): readonly SnapshotConnection[] {
    return this.#byEdge.get(edge) ?? [];
  }

  /** Active lines of the edge that lead to the address, the longest prefix first, then by SID. */
  routesTo(edge: string, address: string): readonly PrefixMatch<SnapshotConnection>[] {
    return this.#routesByEdge.get(edge)?.find(address) ?? [];
  }

  #addRoutes(connection: SnapshotConnection): void {
    let routes = this.#routesByEdge.get(connection.edge);
    if (routes === undefined) {
      routes = new PrefixIndex();
      this.#routesByEdge.set(connection.edge, routes);
    }
    for (const route of connection.routes) routes.add(route, connection);
  }
}
