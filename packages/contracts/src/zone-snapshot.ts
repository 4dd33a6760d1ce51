/** What a name server needs of a snapshot, and nothing that it does not need: no HA1 value, password or nonce key. */
import { type Static, Type } from "typebox";
import { SnapshotGateway, SnapshotRegion } from "./interconnect.ts";
import { BackboneKey, Edge, type Snapshot } from "./snapshot.ts";

/** Version of this document's shape. */
export const zoneFormatVersion = 1;

export const ZoneSnapshot = Type.Object({
  formatVersion: Type.Integer({ minimum: 1 }),
  /** Version of the snapshot that it was made of. */
  version: Type.Integer({ minimum: 0 }),
  baseDomain: Type.String({ minLength: 1, maxLength: 253 }),
  edges: Type.Array(Edge),
  /** Their order is the order of the names without an edge. */
  regions: Type.Array(SnapshotRegion),
  gateways: Type.Array(SnapshotGateway),
  /** Domain labels of all trunks that have one. */
  trunkLabels: Type.Array(Type.String()),
  /** Verify heartbeats. */
  backboneKeys: Type.Array(BackboneKey),
});
export type ZoneSnapshot = Static<typeof ZoneSnapshot>;

/** Pure. Accounts play no part: the names of a suspended account stay, its calls are refused with a reason. */
export function zoneSnapshotOf(snapshot: Snapshot): ZoneSnapshot {
  const { version, baseDomain, edges, regions, gateways, trunks, backboneKeys } = snapshot;
  return {
    formatVersion: zoneFormatVersion,
    version,
    baseDomain,
    edges,
    regions,
    gateways,
    trunkLabels: trunks.flatMap(({ domainLabel }) => (domainLabel === null ? [] : [domainLabel])),
    backboneKeys,
  };
}
