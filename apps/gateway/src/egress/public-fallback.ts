import { type EgressCandidate, placedAt, type SkippedCandidate } from "@tandem/b2bua";
import type { SnapshotConnection } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { egressPlace } from "./egress-place.ts";
import { interfaceFor } from "./interface-choice.ts";
import { placeOnOtherEdge } from "./other-edge.ts";
import { notACarrier } from "./placement.ts";
import type { PlacingContext } from "./placing-context.ts";
import { skip } from "./skip.ts";

/**
 * The URL once more, over the internet, in place of a line that carried nothing: from this gateway if it has a public
 * interface, otherwise from the public edge of the line's region.
 */
export function publicFallback(
  context: PlacingContext,
  connection: SnapshotConnection,
  why: string,
): EgressCandidate | SkippedCandidate {
  const { call, candidate, place } = context;
  const insteadOf = { reason: reasons.placedOverInternet, text: `over the internet instead: ${why}` };
  const overInternet = interfaceFor(place.interfaces, "public", candidate.uri);
  if (overInternet !== undefined) {
    const way = { interface: overInternet, connection: undefined };
    const placeOf = placedAt(egressPlace(context, way, undefined));
    const made = context.attemptBy(notACarrier(context, placeOf));
    return { ...made, downReason: undefined, insteadOf };
  }
  const { edges } = call.table.snapshot;
  const region = edges.find((edge) => edge.name === connection.edge)?.region;
  const publicEdge = edges.find((edge) => edge.kind === "public" && edge.region === region);
  if (publicEdge === undefined) {
    return skip(
      candidate,
      reasons.noUsableInterface,
      `neither this gateway nor its region ${region} has a public edge`,
    );
  }
  const made = placeOnOtherEdge(context, publicEdge.name);
  return "invite" in made ? { ...made, downReason: undefined, insteadOf } : made;
}
