/** How many packets of one call crossed each link. */
import type { LinkDatagram } from "./capture.ts";

export interface PacketCounts {
  readonly sipFromNear: number;
  readonly sipToNear: number;
  readonly rtpFromNear: number;
  readonly rtpToNear: number;
}

const none: PacketCounts = { sipFromNear: 0, sipToNear: 0, rtpFromNear: 0, rtpToNear: 0 };

/**
 * The leg with that SIP Call-ID: its messages, and the RTP and RTCP to or from any address and port that its session
 * descriptions name. Every captured link has an entry.
 */
export function legPackets(
  datagrams: readonly LinkDatagram[],
  callId: string,
  links: readonly string[],
): ReadonlyMap<string, PacketCounts> {
  const messages = datagrams.filter((one) => isOfCall(one, callId));
  const endpoints = new Set(messages.flatMap((one) => mediaEndpoints(one.payload.toString("latin1"))));
  const media = datagrams.filter(
    (one) => isRtpVersion2(one.payload) && (endpoints.has(one.source) || endpoints.has(one.destination)),
  );
  return new Map(
    links.map((link) => [
      link,
      {
        ...none,
        sipFromNear: count(messages, link, "from-near"),
        sipToNear: count(messages, link, "to-near"),
        rtpFromNear: count(media, link, "from-near"),
        rtpToNear: count(media, link, "to-near"),
      },
    ]),
  );
}

export function isNone(counts: PacketCounts): boolean {
  return Object.values(counts).every((count) => count === 0);
}

function count(
  datagrams: readonly LinkDatagram[],
  link: string,
  direction: LinkDatagram["direction"],
): number {
  return datagrams.filter((one) => one.link === link && one.direction === direction).length;
}

function isOfCall({ payload }: LinkDatagram, callId: string): boolean {
  const text = payload.toString("latin1");
  return /^(?:call-id|i)[ \t]*:[ \t]*(\S+)/im.exec(text)?.[1] === callId && text.includes("SIP/2.0");
}

/** `address:port` of each media line and, for RTCP, of the port after it. */
function mediaEndpoints(message: string): string[] {
  const body = message.slice(message.indexOf("\r\n\r\n") + 4);
  const [session = "", ...sections] = body.split(/^(?=m=)/m);
  return sections.flatMap((section) => {
    const port = Number(/^m=\S+ (\d+)/.exec(section)?.[1] ?? 0);
    const address = connectionAddress(section) ?? connectionAddress(session);
    return port === 0 || address === undefined ? [] : [`${address}:${port}`, `${address}:${port + 1}`];
  });
}

function connectionAddress(text: string): string | undefined {
  return /^c=IN IP4 ([\d.]+)/m.exec(text)?.[1];
}

function isRtpVersion2(payload: Buffer): boolean {
  return payload.length >= 8 && (payload[0] ?? 0) >> 6 === 2;
}
