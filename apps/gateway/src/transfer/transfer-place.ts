import type { EgressCandidate } from "@tandem/b2bua";
import { reasons } from "@tandem/reasons";
import type { ParsedCandidateUri, RoutingTable } from "@tandem/routing";
import type { Flow } from "@tandem/sip/transport";
import { apartFromCarriers } from "../egress/carrier-door.ts";
import { isPrivateHost } from "../egress/redirect-policy.ts";

/**
 * Where the target of a REFER is reached: by the rules that the stages hold against what stands in it, held against each address
 * of a name as well. Behind its private line a customer may have what addresses it likes.
 */
export function transferPlace(
  table: RoutingTable,
  uri: ParsedCandidateUri,
  transferor: Pick<Flow, "remoteAddress" | "connection">,
  placeOf: EgressCandidate["placeOf"],
): EgressCandidate["placeOf"] {
  const reason = reasons.transferNotAllowed;
  const mayBePrivate = transferor.connection !== undefined || isPrivateHost(transferor.remoteAddress);
  return apartFromCarriers(table, uri, reason, (address, isLastResort) => {
    if (address === undefined || mayBePrivate || !isPrivateHost(address))
      return placeOf(address, isLastResort);
    const text = `${address} is a private address, the transferor's is not`;
    return { ok: false, reason, text, path: undefined, mayBeTriedLast: false, fallback: undefined };
  });
}
