import { isNone, legPackets } from "../capture/call-packets.ts";
import type { LinkDatagram } from "../capture/capture.ts";
import type { BackboneCall } from "./judge-backbone-record.ts";
import type { Stand } from "./stand.ts";

/** Share of the packets that must be seen. */
const share = 0.95;

/** Between the two gateways, and nowhere else: a SIP leg with a Call-ID of its own, and media in both directions. */
export function judgeBackboneLeg(
  { verdicts, network }: Stand,
  datagrams: readonly LinkDatagram[],
  { what, entry, sister, sentPackets, ...call }: BackboneCall,
): void {
  const callId = callIdBetween(datagrams, entry.backboneAddress, sister.backboneAddress);
  const isOwn = callId !== undefined && callId !== call.ingressCallId && callId !== call.egressCallId;
  verdicts.expect(`${what}: the backbone's leg has a Call-ID of its own`, isOwn, String(callId));
  const links = network.links.map(({ name }) => name);
  const own = [`backbone:${entry.name}`, `backbone:${sister.name}`];
  const elsewhere: string[] = [];
  for (const [link, seen] of legPackets(datagrams, callId ?? "", links)) {
    if (own.includes(link)) {
      const rtp = Math.min(seen.rtpFromNear, seen.rtpToNear);
      verdicts.atLeast(`${what}: RTP on ${link}`, rtp, share * sentPackets, "packets each way");
      verdicts.atLeast(`${what}: SIP on ${link}`, Math.min(seen.sipFromNear, seen.sipToNear), 2, "each way");
    } else if (!isNone(seen)) elsewhere.push(link);
  }
  verdicts.equal(`${what}: links elsewhere with a packet of the backbone's leg`, elsewhere.join(" "), "");
}

/** Of the signed INVITE between these addresses. */
function callIdBetween(
  datagrams: readonly LinkDatagram[],
  ...addresses: readonly string[]
): string | undefined {
  const isBetween = (one: LinkDatagram): boolean =>
    addresses.every((address) => [one.source, one.destination].some((end) => end.startsWith(`${address}:`)));
  const invite = datagrams.find((one) => isBetween(one) && one.payload.includes("\r\nX-Tandem-Backbone:"));
  return /^Call-ID:\s*(\S+)/im.exec(invite?.payload.toString("latin1") ?? "")?.[1];
}
