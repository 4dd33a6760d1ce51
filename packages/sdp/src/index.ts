export { type AnchorOptions, type AnchorPorts, anchorSdp, rejectAll } from "./anchor-sdp.ts";
export { type AudioEncoding, audioEncodingOf, audioEncodingsOf } from "./audio-encoding.ts";
export { clockRateOf } from "./clock-rate.ts";
export type { ConnectionData } from "./connection-data.ts";
export { eventTypesOf } from "./event-types.ts";
export { isForeign, withRejected } from "./foreign-media.ts";
export { holdState, isHeld } from "./hold-state.ts";
export { type MediaKeys, type MediaProtection, mediaKeys } from "./media-keys.ts";
export { type MediaRemote, remoteOf } from "./media-remote.ts";
export type { Origin } from "./origin.ts";
export { ownOrigin } from "./own-origin.ts";
export { type ParsedSdp, parseSdp } from "./parse-sdp.ts";
export type { RtcpAttribute } from "./rtcp-attribute.ts";
export type { SdpError, SdpErrorCode } from "./sdp-error.ts";
export { sdpLimits } from "./sdp-limits.ts";
export type {
  FlowKind,
  LineRole,
  MediaDescription,
  MediaDirection,
  SdpLine,
  SessionDescription,
} from "./session-description.ts";
