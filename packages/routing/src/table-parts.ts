import type {
  CarrierGateway,
  Edge,
  OriginationUrl,
  SnapshotAccount,
  SnapshotCarrier,
  SnapshotConnection,
  SnapshotCredentialList,
  SnapshotIpAccessControlList,
  SnapshotSettings,
  SnapshotTrunk,
} from "@tandem/contracts";
import type { BucketMap } from "./bucket-map.ts";
import type { CandidateUriResult } from "./candidate-uri.ts";
import type { CarrierRoutes } from "./carrier-routes.ts";
import type { CarrierSources } from "./carrier-sources.ts";
import type { ConnectionIndex } from "./connection-index.ts";
import type { DestinationIndex } from "./destination-index.ts";
import type { ForbiddenPrefixes } from "./forbidden-prefixes.ts";
import type { NetworkCounts } from "./network-counts.ts";
import type { NumberIndex } from "./number-index.ts";
import type { RangeSet } from "./range-set.ts";

/** What a routing table is made of. Immutable; the next table shares all but what its change touched. */
export interface TableParts {
  readonly settings: SnapshotSettings;
  /** By name and by legacy id, in lower case. */
  readonly edges: ReadonlyMap<string, Edge>;
  readonly accounts: BucketMap<string, SnapshotAccount>;
  readonly trunks: BucketMap<string, SnapshotTrunk>;
  /** In lower case. */
  readonly trunksByLabel: BucketMap<string, SnapshotTrunk>;
  readonly ipAccessControlLists: BucketMap<string, SnapshotIpAccessControlList>;
  readonly credentialLists: BucketMap<string, SnapshotCredentialList>;
  /** By E.164. */
  readonly numbers: NumberIndex;
  /** How many trunks have the access control list with that SID. */
  readonly attachments: BucketMap<string, number>;
  /** Of all lists that any trunk has. */
  readonly attachedNetworks: NetworkCounts;
  /** In the snapshot's order. */
  readonly carriers: ReadonlyMap<string, SnapshotCarrier>;
  readonly carrierRoutes: CarrierRoutes;
  readonly carrierSources: CarrierSources;
  readonly connections: ReadonlyMap<string, SnapshotConnection>;
  readonly connectionIndex: ConnectionIndex;
  readonly destinations: DestinationIndex;
  readonly derived: Derived;
}

/** What was made of single objects at their first use. An object never changes, so the tables that share it share this. */
export interface Derived {
  readonly ranges: WeakMap<SnapshotIpAccessControlList, RangeSet>;
  readonly users: WeakMap<SnapshotCredentialList, ReadonlyMap<string, string>>;
  readonly forbiddenPrefixes: WeakMap<SnapshotAccount, ForbiddenPrefixes>;
  readonly verifiedCallerIds: WeakMap<SnapshotAccount, ReadonlySet<string>>;
  readonly uris: WeakMap<OriginationUrl | CarrierGateway, CandidateUriResult>;
}
