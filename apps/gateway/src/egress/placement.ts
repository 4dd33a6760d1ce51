import type { EgressCandidate, Fallback, Placement } from "@tandem/b2bua";
import type { SnapshotConnection } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { apartFromCarriers } from "./carrier-door.ts";
import { egressPlace } from "./egress-place.ts";
import { type ChosenWay, chooseWay, literalAddress, pathOf, possibleWays, type Way } from "./egress-ways.ts";
import type { PlacingContext } from "./placing-context.ts";

/**
 * Where an attempt at that address leaves; undefined: without an address nobody can tell. A dead line is an objection
 * while anything else is left.
 */
export function placementOf(
  context: PlacingContext,
  address: string | undefined,
  isLastResort: boolean,
): Placement | undefined {
  const { call, candidate, place } = context;
  const chosen = chooseWay(candidate, call.table, place, address ?? literalAddress(candidate));
  if (chosen !== undefined) {
    const placement = ofWay(context, chosen, isLastResort);
    const isBehindLine = chosen.kind !== "way" || chosen.way.connection !== undefined;
    // Behind its line a customer may have what addresses it likes, a carrier's too.
    return isBehindLine ? placement : notACarrier(context, () => placement)(address, isLastResort);
  }
  // Whichever line the address will choose: when all are dead there is no need to ask for it.
  const placements = possibleWays(candidate, call.table, place).map((way) =>
    ofWay(context, way, isLastResort),
  );
  return placements.some(({ ok }) => ok) ? undefined : placements[0];
}

/** `placeOf` of a customer's URL, which may not lead to where a carrier takes our calls; a carrier's own gateway is one. */
export function notACarrier(
  { call, candidate }: Pick<PlacingContext, "call" | "candidate">,
  placeOf: EgressCandidate["placeOf"],
): EgressCandidate["placeOf"] {
  const { carrier, uri } = candidate;
  return carrier === undefined
    ? apartFromCarriers(call.table, uri, reasons.targetIsACarrier, placeOf)
    : placeOf;
}

function ofWay(context: PlacingContext, chosen: ChosenWay, isLastResort: boolean): Placement {
  if (chosen.kind === "none") {
    const { reason, text } = chosen;
    return { ok: false, reason, text, path: undefined, mayBeTriedLast: false, fallback: undefined };
  }
  if (chosen.kind === "unusable") {
    const { connection, text } = chosen;
    return dead(context, connection, text, undefined);
  }
  const { way } = chosen;
  const { connection } = way;
  if (connection === undefined) return { ok: true, place: egressPlace(context, way, undefined) };
  const objection = context.place.lines.objectionTo(connection.sid);
  if (objection !== undefined && !(isLastResort && objection.mayBeTried)) {
    return dead(context, connection, objection.text, objection.mayBeTried ? way : undefined);
  }
  const why = `line ${connection.sid} carried nothing`;
  return { ok: true, place: egressPlace(context, way, fallbackOf(context, connection, why)) };
}

function dead(
  context: PlacingContext,
  connection: SnapshotConnection,
  text: string,
  way: Way | undefined,
): Placement {
  return {
    ok: false,
    reason: reasons.connectionDown,
    text,
    path: way && pathOf(way),
    mayBeTriedLast: way !== undefined,
    fallback: fallbackOf(context, connection, text),
  };
}

function fallbackOf(
  context: PlacingContext,
  connection: SnapshotConnection,
  why: string,
): Fallback | undefined {
  return connection.fallback === "public" ? () => context.overInternet(connection, why) : undefined;
}
