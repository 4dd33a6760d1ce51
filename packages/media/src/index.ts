export type {
  DirectionStatistics,
  DropReason,
  EndpointJournal,
  FlowKind,
  MediaRelay,
  RelayCounts,
  RelayEndpoint,
  RelayPolicy,
  RelayRemote,
  SourcePolicy,
} from "./media-relay.ts";
export { objectionToRemote } from "./remote-guard.ts";
export { packetsToLock, relatchSilenceMs } from "./source-gate.ts";
export type { MediaInterface } from "./userspace/userspace-endpoint.ts";
export { UserspaceRelay, type UserspaceRelayOptions } from "./userspace/userspace-relay.ts";
