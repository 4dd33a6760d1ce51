import type { MediaDescription } from "./session-description.ts";

/** Where the writer of a media description wants to receive. */
export interface MediaRemote {
  readonly address: string;
  readonly port: number;
  readonly rtcpAddress: string;
  /** 0: there is none. */
  readonly rtcpPort: number;
}

/**
 * Transport addresses of a media description; undefined when it is rejected or its address is unspecified (RFC 2543
 * hold). RTCP is at a=rtcp (RFC 3605) or at the next port (RFC 3550 §11). One address of ours sends both: there is no RTCP
 * where it is wanted at an address of the other family.
 */
export function remoteOf(media: MediaDescription): MediaRemote | undefined {
  const { connection, rtcp, port } = media;
  if (media.isRejected || connection === undefined || connection.isUnspecified) return undefined;
  const { address } = connection;
  const rtcpAddress = rtcp?.address ?? address;
  if (rtcpAddress.includes(":") !== address.includes(":")) {
    return { address, port, rtcpAddress: address, rtcpPort: 0 };
  }
  const rtcpPort = rtcp?.port ?? (port === 65_535 ? 0 : port + 1);
  return { address, port, rtcpAddress, rtcpPort };
}
