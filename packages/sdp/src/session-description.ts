import type { ConnectionData } from "./connection-data.ts";
import type { Origin } from "./origin.ts";
import type { RtcpAttribute } from "./rtcp-attribute.ts";

/** RFC 8866 §6.7. */
export type MediaDirection = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** What the relay may assume of the packets: RTP with RTCP beside it, T.38 over UDPTL, or just datagrams. */
export type FlowKind = "rtp" | "udptl" | "opaque";

/** What anchoring does with a line: everything but `kept` is ours to write. */
export type LineRole = "kept" | "removed" | "origin" | "connection" | "media" | "rtcp";

/** One line as it stands in the text. */
export interface SdpLine {
  /** The letter before the `=`; empty for an empty line. */
  readonly type: string;
  readonly role: LineRole;
  /** Offsets in `SessionDescription.text`: first char, end without and end with the line break. */
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** A parsed session description (RFC 8866), tied to the text it came from. */
export interface SessionDescription {
  readonly text: string;
  readonly lines: readonly SdpLine[];
  readonly origin: Origin;
  /** c= at session level. */
  readonly connection: ConnectionData | undefined;
  readonly media: readonly MediaDescription[];
}

/** One m= line with what follows it; session-level values are filled in where it has none of its own. */
export interface MediaDescription {
  /** `audio`, `image`, `video`, … */
  readonly media: string;
  /** 0: rejected or switched off (RFC 3264 §6, §8.2). */
  readonly port: number;
  readonly portCount: number;
  /** `RTP/AVP`, `RTP/SAVP`, `udptl`, … as written. */
  readonly protocol: string;
  readonly formats: readonly string[];
  /** Undefined only when the media description is rejected. */
  readonly connection: ConnectionData | undefined;
  readonly direction: MediaDirection;
  readonly rtcp: RtcpAttribute | undefined;
  readonly isRtcpMux: boolean;
  readonly ptimeMs: number | undefined;
  /** Format to `encoding/clock rate[/channels]`. */
  readonly rtpmaps: ReadonlyMap<string, string>;
  readonly flowKind: FlowKind;
  /** SAVP profile, a=crypto (RFC 4568) or a=fingerprint (RFC 8122), own or the session's. */
  readonly isSecure: boolean;
  readonly isRejected: boolean;
  /** Any ICE attribute (RFC 8839), own or the session's. */
  readonly hasIce: boolean;
  /** Offsets of the port, with its count, in the text. */
  readonly portStart: number;
  readonly portEnd: number;
}
