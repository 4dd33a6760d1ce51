export { EngineRelay, type EngineRelayOptions } from "./engines/engine-relay.ts";
export { maximumEventTypes } from "./event-types.ts";
export type { KernelEndpoint } from "./kernel/kernel-endpoint.ts";
export { KernelRelay, type KernelRelayOptions } from "./kernel/kernel-relay.ts";
export { type SystemCalls, systemCalls } from "./kernel/system-calls.ts";
export type {
  DirectionStatistics,
  DropReason,
  EndpointJournal,
  FlowKind,
  MediaInterface,
  MediaRelay,
  PortCounts,
  RelayCounts,
  RelayEndpoint,
  RelayPolicy,
  RelayRemote,
  ReportedReception,
  SourcePolicy,
} from "./media-relay.ts";
export { codecImpairment } from "./quality/codec-impairment.ts";
export { meanOpinionScore, type SpeechPath, transmissionRating } from "./quality/e-model.ts";
export { isLoopback, objectionToRemote } from "./remote-guard.ts";
export { NgSocket } from "./rtpengine/ng-socket.ts";
export type { RtpengineInterface, RtpengineOptions } from "./rtpengine/rtpengine-node.ts";
export { RtpengineRelay, type RtpengineRelayOptions } from "./rtpengine/rtpengine-relay.ts";
export type {
  IceRole,
  MediaProtection,
  SdpAnswer,
  SdpFault,
  SdpObjection,
  SdpOffer,
  SdpRelay,
  SdpRelayed,
  SdpSession,
  SdpSide,
  SessionJournal,
  SessionState,
  SessionStatistics,
  SideStatistics,
} from "./sdp-relay.ts";
export { packetsToLock, relatchSilenceMs } from "./source-gate.ts";
export {
  type Transcoding,
  type TranscodingNeed,
  takenBy,
  transcodableEncodings,
  transcodingNeed,
} from "./transcoding.ts";
export { UserspaceRelay, type UserspaceRelayOptions } from "./userspace/userspace-relay.ts";
