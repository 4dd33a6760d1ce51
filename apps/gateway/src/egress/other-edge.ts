import type { EgressCandidate, SkippedCandidate } from "@tandem/b2bua";
import { reasons } from "@tandem/reasons";
import type { PlacingContext } from "./placing-context.ts";
import { skip } from "./skip.ts";

/**
 * A candidate that a gateway of another edge must place: the one place where such candidates are made. Without a way to
 * its gateways there is none.
 * @param edge of the gateway that is to place it
 */
export function placeOnOtherEdge(
  { call, candidate, place, exchangeCallId }: PlacingContext,
  edge: string,
): EgressCandidate | SkippedCandidate {
  const there = { ...candidate, edge };
  const route = place.backbone?.route(call, there, exchangeCallId);
  if (route?.ok === true) return route.candidate;
  return skip(there, reasons.edgeUnreachable, route?.text ?? `this gateway is on ${place.edge}`);
}
