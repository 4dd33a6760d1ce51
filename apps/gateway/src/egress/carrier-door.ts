import type { EgressCandidate } from "@tandem/b2bua";
import type { Reason } from "@tandem/reasons";
import { type IpAddress, type ParsedCandidateUri, parseIpAddress, type RoutingTable } from "@tandem/routing";
import { literalAddress } from "./egress-ways.ts";

/** Ports of SIP that a carrier may listen on beside the one that its gateway's URL names. */
const usualPorts: readonly number[] = [5060, 5061];

/**
 * `placeOf` of a target that a customer has named, by a 302, a REFER or an origination URL: not one where a carrier takes our calls. The
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
  const doors = doorsOf(table);
  const isDoor = (port: number | undefined): boolean => mayBePort(uri.port, port);
  if (doors.byHost.get(uri.host)?.some(isDoor) === true) return true;
  const wanted = address === undefined ? undefined : parseIpAddress(address);
  if (address === undefined || wanted === undefined) return false;
  if (doors.byAddress.get(wanted)?.some(isDoor) === true) return true;
  // What a carrier's name means is not known here; where its calls come from is.
  return table
    .carrierBySource(address)
    .some(({ sid }) => doors.namedByCarrier.get(sid)?.some(isDoor) === true);
}

/** The ports of carriers' gateways, as their URLs name them. */
interface Doors {
  readonly byHost: Map<string, (number | undefined)[]>;
  /** Of those whose host is an address. */
  readonly byAddress: Map<IpAddress, (number | undefined)[]>;
  /** Of those whose host is a name, by the SID of the carrier. */
  readonly namedByCarrier: Map<string, (number | undefined)[]>;
}

/** Made once for each version of the routing: every call of a customer's URL asks. */
const doorsByTable = new WeakMap<RoutingTable, Doors>();

function doorsOf(table: RoutingTable): Doors {
  const known = doorsByTable.get(table);
  if (known !== undefined) return known;
  const doors: Doors = { byHost: new Map(), byAddress: new Map(), namedByCarrier: new Map() };
  for (const { sid, gateways } of table.objects("carriers")) {
    for (const gateway of gateways) {
      const door = table.uriOf(gateway);
      if (!door.ok) continue;
      const { host, port } = door.value;
      put(doors.byHost, host, port);
      const address = parseIpAddress(literalAddress({ uri: door.value }) ?? "");
      if (address === undefined) put(doors.namedByCarrier, sid, port);
      else put(doors.byAddress, address, port);
    }
  }
  doorsByTable.set(table, doors);
  return doors;
}

function put<K>(map: Map<K, (number | undefined)[]>, key: K, port: number | undefined): void {
  const ports = map.get(key);
  if (ports === undefined) map.set(key, [port]);
  else ports.push(port);
}

export function carrierDoorText({ host }: Pick<ParsedCandidateUri, "host">): string {
  return `${host} is where a carrier takes calls`;
}

/** Without a port DNS may say any (RFC 3263 §4.2). */
function mayBePort(port: number | undefined, ofDoor: number | undefined): boolean {
  return port === undefined || port === ofDoor || usualPorts.includes(port);
}
