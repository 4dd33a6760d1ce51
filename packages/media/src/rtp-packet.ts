/** Fields of RTP and RTCP packets that a relay looks at. RFC 3550 §5.1, §6.4. */

/** A fixed RTP header. */
export const minimumRtpBytes = 12;
/** An RTCP header with the sender's SSRC. */
export const minimumRtcpBytes = 8;

/** Whether a datagram has the version bits and the length of RTP. */
export function isRtp(data: Uint8Array): boolean {
  return data.length >= minimumRtpBytes && ((data[0] as number) & 0xc0) === 0x80;
}

/** Whether a datagram is RTCP. Packet types 192 to 223 are told from RTP as by RFC 5761 §4. */
export function isRtcp(data: Uint8Array): boolean {
  if (data.length < minimumRtcpBytes || ((data[0] as number) & 0xc0) !== 0x80) return false;
  const packetType = data[1] as number;
  return packetType >= 192 && packetType <= 223;
}

export function payloadTypeOf(rtp: Uint8Array): number {
  return (rtp[1] as number) & 0x7f;
}

export function sequenceNumberOf(rtp: Uint8Array): number {
  return ((rtp[2] as number) << 8) | (rtp[3] as number);
}

/** 32 bits, signed: only differences matter. */
export function timestampOf(rtp: Uint8Array): number {
  return readInt32(rtp, 4);
}

/** 32 bits, signed: only equality matters. */
export function ssrcOf(rtp: Uint8Array): number {
  return readInt32(rtp, 8);
}

/** SSRC of the sender of an RTCP packet. */
export function rtcpSsrcOf(rtcp: Uint8Array): number {
  return readInt32(rtcp, 4);
}

function readInt32(data: Uint8Array, at: number): number {
  return (
    ((data[at] as number) << 24) |
    ((data[at + 1] as number) << 16) |
    ((data[at + 2] as number) << 8) |
    (data[at + 3] as number)
  );
}
