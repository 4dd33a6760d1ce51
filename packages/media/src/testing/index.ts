export { EndpointDouble } from "./endpoint-double.ts";
export { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw, type G711Encoding } from "./g711.ts";
export { toneShare } from "./goertzel.ts";
export { RelayDouble, type RelayDoubleOptions } from "./relay-double.ts";
export { type ReportBlockFields, receiverReport, senderReport } from "./rtcp-packets.ts";
export { RtpEndpoint, type RtpEndpointOptions } from "./rtp-endpoint.ts";
export { rtpengineSessions } from "./rtpengine-sessions.ts";
export { SdpRelayDouble, type SdpRelayDoubleOptions, SdpSessionDouble } from "./sdp-relay-double.ts";
