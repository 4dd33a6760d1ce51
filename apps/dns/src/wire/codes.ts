/** Numbers of the DNS protocol that this server knows by name. IANA "Domain Name System (DNS) Parameters". */

export const recordTypes = { A: 1, NS: 2, SOA: 6, HINFO: 13, AAAA: 28, SRV: 33, NAPTR: 35 } as const;
export type RecordTypeName = keyof typeof recordTypes;

export const optType = 41;
/** Types that only stand in questions. RFC 1035 §3.2.3, RFC 1995. */
export const queryTypes = { IXFR: 251, AXFR: 252, ANY: 255 } as const;
/** RFC 6895 §3.1: from here to 255 stand types of questions and of protocol machinery. */
export const firstMetaType = 128;

export const internetClass = 1;

export const queryOpcode = 0;

/** RFC 1035 §4.1.1; BADVERS: RFC 6891 §9. Above 15 the upper bits stand in OPT. */
export const responseCodes = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;

/** Bits of the second word of the header. */
export const headerFlags = {
  response: 0x8000,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
} as const;

export const headerBytes = 12;
/** RFC 1035 §2.3.4. */
export const maximumLabelBytes = 63;
export const maximumNameBytes = 255;

/** What a client without EDNS takes over UDP (RFC 1035 §2.3.4); smaller announcements count as this (RFC 6891 §6.2.3). */
export const minimumUdpPayloadBytes = 512;
/** What we take and send over UDP: fits into any path without fragments (DNS flag day 2020). */
export const maximumUdpPayloadBytes = 1232;
/** The length in front of a message over TCP has 16 bits. */
export const maximumTcpMessageBytes = 65_535;
