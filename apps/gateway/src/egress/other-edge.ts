import type { EgressCandidate, Fallback, SkippedCandidate } from "@tandem/b2bua";
import type { SnapshotConnection } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { mayUse } from "@tandem/routing";
import { literalAddress } from "./egress-ways.ts";
import type { PlacingContext } from "./placing-context.ts";
import { skip } from "./skip.ts";

/**
 * A candidate that a gateway of another edge must place: the one place where such candidates are made. Without a way to
 * its gateways there is none.
 * @param edge of the gateway that is to place it; another one than the candidate's: over the internet
 */
export function placeOnOtherEdge(context: PlacingContext, edge: string): EgressCandidate | SkippedCandidate {
  const { call, candidate, place, exchangeCallId } = context;
  const overInternet = edge !== candidate.edge;
  const route = place.backbone?.route(
    call,
    { ...candidate, edge },
    { exchangeCallId, overInternet, fallback: overInternet ? undefined : fallbackHere(context) },
  ) ?? { ok: false, text: `this gateway is on ${place.edge}` };
  if (route.ok) return route.candidate;
  return { ...skip(candidate, reasons.edgeUnreachable, route.text), edge };
}

/** A sister leaves the internet to us: where the call entered it is known what comes next. */
function fallbackHere(context: PlacingContext): Fallback | undefined {
  const line = lineOf(context);
  if (line?.fallback !== "public") return undefined;
  return () => context.overInternet(line, `line ${line.sid} carried nothing`);
}

/** The line that the sister will take, as far as it is known before DNS is asked. */
function lineOf({ call, candidate }: PlacingContext): SnapshotConnection | undefined {
  const { network, edge } = candidate;
  if (network.kind === "line") return network.connection;
  const address = literalAddress(candidate);
  if (network.kind !== "lines" || address === undefined || edge === undefined) return undefined;
  return call.table.linesTo(edge, address).find(({ value }) => mayUse(value, network.accountSid))?.value;
}
