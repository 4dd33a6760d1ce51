import type { EgressCandidate, Unplaced } from "@tandem/b2bua";
import type { Reason } from "@tandem/reasons";
import { type ParsedCandidateUri, parseIpAddress, type RoutingTable } from "@tandem/routing";
import { apartFromCarriers } from "./carrier-door.ts";
import { type GatewayPlace, literalAddress } from "./egress-ways.ts";
import { isPrivateHost } from "./redirect-policy.ts";

/** A target that a customer's equipment has named, by a 302 or a REFER. */
export interface NamedTarget {
  readonly table: RoutingTable;
  readonly uri: ParsedCandidateUri;
  /** Interfaces of this gateway: their addresses are no targets. */
  readonly interfaces: GatewayPlace["interfaces"];
  /** Who named it is on a private address itself, or behind a private line, where a customer may have what addresses it likes. */
  readonly mayBePrivate: boolean;
  /** Of a refusal. */
  readonly reason: Reason;
}

/**
 * `placeOf` of such a target: by the rules that are held against what stands in its URI, held against each address of a
 * name as well. A name is whoever's who writes it into DNS, and may mean us, or something that only we can reach.
 */
export function placeOfNamed(
  target: NamedTarget,
  placeOf: EgressCandidate["placeOf"],
): EgressCandidate["placeOf"] {
  const { table, uri, reason, mayBePrivate, interfaces } = target;
  return apartFromCarriers(table, uri, reason, (address, isLastResort) => {
    const known = address ?? literalAddress({ uri });
    if (known !== undefined && !mayBePrivate && isPrivateHost(known)) {
      return refused(reason, `${known} is a private address, and who named it has none`);
    }
    const placement = placeOf(address, isLastResort);
    if (known === undefined || placement?.ok !== true) return placement;
    // Behind a line an address that we have too is somebody else's.
    const isOurs = placement.place.path.connection === undefined && isAddressOf(interfaces, known);
    return isOurs ? refused(reason, `${known} is an address of this gateway`) : placement;
  });
}

function isAddressOf(interfaces: GatewayPlace["interfaces"], address: string): boolean {
  const wanted = parseIpAddress(address);
  const isIt = (own: string | undefined) => own !== undefined && parseIpAddress(own) === wanted;
  return interfaces.some((one) => isIt(one.localAddress) || isIt(one.advertisedAddress));
}

function refused(reason: Reason, text: string): Unplaced {
  return { ok: false, reason, text, path: undefined, mayBeTriedLast: false, fallback: undefined };
}
