import type { ConnectionData } from "./connection-data.ts";
import type { MediaLine } from "./media-line.ts";
import type { RtcpAttribute } from "./rtcp-attribute.ts";
import type { FlowKind, MediaDescription, MediaDirection } from "./session-description.ts";

/** What attributes say at session level, or of one media description while it is read. */
export interface AttributeValues {
  connection: ConnectionData | undefined;
  direction: MediaDirection;
  isSecure: boolean;
  hasIce: boolean;
}

/** A media description while its lines are read; seen through `MediaDescription` afterwards. */
export class MediaDraft implements MediaDescription, AttributeValues {
  readonly media: string;
  readonly port: number;
  readonly portCount: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly flowKind: FlowKind;
  readonly isRejected: boolean;
  readonly portStart: number;
  readonly portEnd: number;
  connection: ConnectionData | undefined;
  direction: MediaDirection;
  isSecure: boolean;
  hasIce: boolean;
  rtcp: RtcpAttribute | undefined = undefined;
  isRtcpMux = false;
  ptimeMs: number | undefined = undefined;
  /** Values of the a=rtpmap attributes, in order. */
  readonly rtpmapValues: string[] = [];
  #rtpmaps: Map<string, string> | undefined = undefined;

  constructor(line: MediaLine, valueStart: number, session: AttributeValues) {
    this.media = line.media;
    this.port = line.port;
    this.portCount = line.portCount;
    this.protocol = line.protocol;
    this.formats = line.formats;
    this.flowKind = flowKindOf(line.protocol);
    this.isRejected = line.port === 0;
    this.portStart = valueStart + line.portStart;
    this.portEnd = valueStart + line.portEnd;
    this.connection = session.connection;
    this.direction = session.direction;
    this.isSecure = session.isSecure || line.protocol.includes("SAVP");
    this.hasIce = session.hasIce;
  }

  get rtpmaps(): ReadonlyMap<string, string> {
    this.#rtpmaps ??= readRtpmaps(this.rtpmapValues);
    return this.#rtpmaps;
  }
}

function flowKindOf(protocol: string): FlowKind {
  if (protocol.includes("RTP/")) return "rtp";
  // RFC 3362 writes `udptl`, ITU-T T.38 Annex D `UDPTL`.
  return protocol.toLowerCase() === "udptl" ? "udptl" : "opaque";
}

function readRtpmaps(values: readonly string[]): Map<string, string> {
  const rtpmaps = new Map<string, string>();
  for (const value of values) {
    const space = value.indexOf(" ");
    if (space !== -1) rtpmaps.set(value.slice(0, space), value.slice(space + 1).trim());
  }
  return rtpmaps;
}
