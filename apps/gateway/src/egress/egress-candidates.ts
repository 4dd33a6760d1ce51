import type { EgressCandidate, SkippedCandidate } from "@tandem/b2bua";
import { reasonByCode, reasons } from "@tandem/reasons";
import type { CallContext } from "../pipeline/call-context.ts";
import { egressCandidate, placingContext } from "./egress-candidate.ts";
import type { GatewayPlace } from "./egress-ways.ts";
import { placeOnOtherEdge } from "./other-edge.ts";
import { placementOf } from "./placement.ts";
import type { PlacingContext } from "./placing-context.ts";
import { skip } from "./skip.ts";

export interface EgressRoutes {
  readonly candidates: readonly EgressCandidate[];
  readonly skipped: readonly SkippedCandidate[];
}

/** What routing refused, as it is recorded. */
export function skippedRoutes(call: CallContext): readonly SkippedCandidate[] {
  return call.skipped.map((one) => ({
    sid: one.sid,
    carrierSid: undefined,
    url: one.url,
    edge: undefined,
    reason: reasonByCode(one.reasonCode) ?? reasons.candidateDisabled,
    text: one.text,
  }));
}

/** The routed candidates as attempts of this gateway: which network, which INVITE, whose credentials. */
export function egressCandidates(
  call: CallContext,
  place: GatewayPlace,
  exchangeCallId: string,
): EgressRoutes {
  const candidates: EgressCandidate[] = [];
  const skipped: SkippedCandidate[] = [...skippedRoutes(call)];
  for (const candidate of call.candidates) {
    const context = placingContext(call, candidate, place, exchangeCallId);
    const made = attemptFor(context);
    if ("invite" in made) candidates.push(made);
    const passedOver = "invite" in made ? deadLine(context) : made;
    if (passedOver !== undefined) skipped.push(passedOver);
  }
  return { candidates, skipped };
}

function attemptFor(context: PlacingContext): EgressCandidate | SkippedCandidate {
  const { call, candidate, place } = context;
  if (
    candidate.edge !== undefined &&
    call.table.edgeNameOf(candidate.edge) !== call.table.edgeNameOf(place.edge)
  ) {
    return placeOnOtherEdge(context, candidate.edge);
  }
  const placement = placementOf(context, undefined, true);
  // What nothing can change while the call is set up needs no attempt to be found out.
  const isHopeless = placement?.ok === false && placement.fallback === undefined && !placement.mayBeTriedLast;
  return isHopeless ? skip(candidate, placement.reason, placement.text) : egressCandidate(context);
}

/** A candidate that routing put last since its line is down: the record says so where its turn would have been. */
function deadLine(context: PlacingContext): SkippedCandidate | undefined {
  const { candidate } = context;
  if (candidate.isDown === undefined) return undefined;
  const placement = placementOf(context, undefined, false);
  if (placement?.ok !== false || placement.reason !== reasons.connectionDown) return undefined;
  return skip(candidate, placement.reason, placement.text);
}
