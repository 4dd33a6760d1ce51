import type { EgressCandidate } from "@tandem/b2bua";
import type { Reason } from "@tandem/reasons";
import { type ParsedCandidateUri, parseIpAddress, type RoutingTable } from "@tandem/routing";
import { literalAddress } from "./egress-ways.ts";

/** Ports of SIP that a carrier may listen on beside the one that its gateway's URL names. */
const usualPorts: readonly number[] = [5060, 5061];

/**
 * `placeOf` of a target that a customer's equipment has named, by a 302 or a REFER: not one where a carrier takes our calls. The
 * carrier trusts our address, so that whatever stands in the user part would be a call to the telephone network, past
 * the rules for numbers, the limits and the transfer mode. The addresses of a name are looked at one by one.
 */
export function apartFromCarriers(
  table: RoutingTable,
  uri: ParsedCandidateUri,
  reason: Reason,
  placeOf: EgressCandidate["placeOf"],
): EgressCandidate["placeOf"] {
  return (address, isLastResort) => {
    const known = address ?? literalAddress({ uri });
    if (isCarrierDoor(table, uri, known)) {
      const text = carrierDoorText(uri);
      return { ok: false, reason, text, path: undefined, mayBeTriedLast: false, fallback: undefined };
    }
    const placement = placeOf(address, isLastResort);
    return known === undefined && placement?.ok === true ? undefined : placement;
  };
}

/** @param address of the target, when it is known */
export function isCarrierDoor(
  table: RoutingTable,
  uri: Pick<ParsedCandidateUri, "host" | "port">,
  address: string | undefined,
): boolean {
  const wanted = address === undefined ? undefined : parseIpAddress(address);
  for (const { gateways } of table.objects("carriers")) {
    for (const gateway of gateways) {
      const door = table.uriOf(gateway);
      if (!door.ok || !mayBePort(uri.port, door.value.port)) continue;
      if (door.value.host === uri.host) return true;
      const own = literalAddress({ uri: door.value });
      if (wanted !== undefined && own !== undefined && parseIpAddress(own) === wanted) return true;
    }
  }
  return false;
}

export function carrierDoorText({ host }: Pick<ParsedCandidateUri, "host">): string {
  return `${host} is where a carrier takes calls`;
}

/** Without a port DNS may say any (RFC 3263 §4.2). */
function mayBePort(port: number | undefined, ofDoor: number | undefined): boolean {
  return port === undefined || port === ofDoor || usualPorts.includes(port);
}
