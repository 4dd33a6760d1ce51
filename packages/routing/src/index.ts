/** Snapshot and call facts to ordered candidates, with a reason for each. Pure. */
export {
  type Candidate,
  type CandidateNetwork,
  type HealthView,
  type JudgedCandidate,
  judged,
  type Routed,
  type SkippedCandidate,
} from "./candidate.ts";
export { type CandidateUriResult, type ParsedCandidateUri, parseCandidateUri } from "./candidate-uri.ts";
export { mayUse } from "./connection-index.ts";
export { type AccountDestinations, DestinationIndex, type RiskMatch } from "./destination-index.ts";
export { ForbiddenPrefixes } from "./forbidden-prefixes.ts";
export { type IpAddress, parseIpAddress } from "./ip-address.ts";
export { type IpRange, parseNetwork } from "./ip-network.ts";
export { originationCandidates, originationTarget } from "./origination-candidates.ts";
export type { PrefixMatch } from "./prefix-index.ts";
export { RangeSet } from "./range-set.ts";
export { roamingEdges } from "./roaming-edges.ts";
export {
  RoutingTable,
  type TableCollector,
  type TrunkByHost,
  type TrunkCredential,
} from "./routing-table.ts";
export { seededRandom } from "./seeded-random.ts";
export { type TerminationFacts, terminationCandidates } from "./termination-candidates.ts";
export { normalizeHost, parseTrunkHost, type TrunkHost } from "./trunk-host.ts";
export type { OmittedUriHeader, UriHeaderField } from "./uri-header-list.ts";
export { maximumUriHeaderCharacters } from "./uri-header-list.ts";
export { type Weighted, weightedOrder } from "./weighted-order.ts";
