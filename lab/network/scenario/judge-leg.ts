import type { CallView } from "../agent/operations.ts";
import { isNone, legPackets } from "../capture/call-packets.ts";
import type { LinkDatagram } from "../capture/capture.ts";
import type { Stand } from "./stand.ts";

/** Share of a leg's packets that must be seen where they belong. */
const share = 0.95;
/** Fewer than in a second of talk show nothing. */
const minimumPackets = 50;

/**
 * Every packet of a phone's leg must have crossed these links, in both directions, and no other one of the network. The
 * first is the phone's own; at the others the near end is the exchange's.
 */
export function judgeLeg(
  { verdicts, network }: Stand,
  datagrams: readonly LinkDatagram[],
  leg: string,
  phone: CallView,
  links: readonly string[],
): void {
  const counts = legPackets(
    datagrams,
    phone.callId,
    network.links.map((link) => link.name),
  );
  const [own] = links;
  const sent = Math.max(minimumPackets, share * phone.sentPackets);
  const received = Math.max(minimumPackets, share * phone.receivedPackets);
  for (const link of links) {
    const seen = counts.get(link);
    if (seen === undefined) throw new Error(`${link} was not captured`);
    const fromPhone = link === own ? seen.rtpFromNear : seen.rtpToNear;
    const toPhone = link === own ? seen.rtpToNear : seen.rtpFromNear;
    verdicts.atLeast(`${leg}: RTP from the phone on ${link}`, fromPhone, sent, "packets");
    verdicts.atLeast(`${leg}: RTP to the phone on ${link}`, toPhone, received, "packets");
    verdicts.atLeast(`${leg}: SIP on ${link}`, Math.min(seen.sipFromNear, seen.sipToNear), 2, "each way");
  }
  const elsewhere = [...counts].filter(([link, seen]) => !links.includes(link) && !isNone(seen));
  verdicts.equal(
    `${leg}: links elsewhere with a packet of it`,
    elsewhere.map(([link]) => link).join(" "),
    "",
  );
}
