export type {
  DirectionStatistics,
  DropReason,
  EndpointJournal,
  FlowKind,
  MediaInterface,
  MediaRelay,
  RelayCounts,
  RelayEndpoint,
  RelayPolicy,
  RelayRemote,
  SourcePolicy,
} from "./media-relay.ts";
export { objectionToRemote } from "./remote-guard.ts";
export { packetsToLock, relatchSilenceMs } from "./source-gate.ts";
export { UserspaceRelay, type UserspaceRelayOptions } from "./userspace/userspace-relay.ts";
