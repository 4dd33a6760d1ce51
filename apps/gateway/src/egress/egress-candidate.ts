import { type EgressCandidate, type EgressPlace, type Placement, placedAt } from "@tandem/b2bua";
import { reasons } from "@tandem/reasons";
import type { Candidate } from "@tandem/routing";
import type { CallContext } from "../pipeline/call-context.ts";
import { sayIdentity } from "../stir/outgoing-identity.ts";
import type { GatewayPlace } from "./egress-ways.ts";
import { placeOfNamed } from "./named-target.ts";
import { originationInvite } from "./origination-invite.ts";
import { placementOf } from "./placement.ts";
import type { PlacingContext } from "./placing-context.ts";
import { byRoute, preloadedRoute, withRoute } from "./preloaded-route.ts";
import { publicFallback } from "./public-fallback.ts";
import { followRedirect, isPrivateHost } from "./redirect-policy.ts";
import { requestUriOf } from "./sip-uri-text.ts";
import { terminationInvite } from "./termination-invite.ts";

/** What the placing of one candidate of a call is about. */
export function placingContext(
  call: CallContext,
  candidate: Candidate,
  place: GatewayPlace,
  exchangeCallId: string,
): PlacingContext {
  const context: PlacingContext = {
    call,
    candidate,
    place,
    exchangeCallId,
    attemptBy: (placeOf) => egressCandidate(context, placeOf),
    overInternet: (connection, why) => publicFallback(context, connection, why),
  };
  return context;
}

/** A routed candidate as an attempt. @param placeOf left out: by the networks of this gateway */
export function egressCandidate(
  context: PlacingContext,
  placeOf?: EgressCandidate["placeOf"],
): EgressCandidate {
  const { call, candidate, place, exchangeCallId } = context;
  const { carrier, timers, uri } = candidate;
  const route = preloadedRoute(candidate, place);
  const routed = route === undefined ? context : { ...context, candidate: byRoute(candidate, route) };
  return {
    sid: candidate.sid,
    carrierSid: carrier?.sid,
    url: candidate.url,
    edge: candidate.edge,
    nextHop: requestUriOf(uri, undefined),
    firstHop: route?.nextHop,
    placeOf: placeOf ?? ((address, isLastResort) => placementOf(routed, address, isLastResort)),
    credentials: carrier?.credentials ?? undefined,
    firstResponseMs: timers.firstResponseSeconds * 1000,
    progressMs: timers.progressSeconds * 1000,
    ringMs: timers.ringSeconds * 1000,
    failoverOverrides: candidate.failoverOverrides,
    downReason: candidate.isDown,
    insteadOf: undefined,
    isUrgent: call.isEmergency,
    invite: () => {
      if (call.direction !== "termination") return originationInvite(call, uri, exchangeCallId);
      const invite = terminationInvite(call, uri);
      sayIdentity(invite.headerFields, call, carrier, place.authentication);
      return route === undefined ? invite : withRoute(invite, route);
    },
    redirect: (contactUri, from) => {
      if (call.direction === "termination") return reasons.redirectFailed;
      const followed = followRedirect(call, uri, contactUri);
      if ("code" in followed) return followed;
      const redirected = placingContext(call, { ...candidate, uri: followed }, place, exchangeCallId);
      const named = {
        table: call.table,
        uri: followed,
        interfaces: place.interfaces,
        mayBePrivate: from.path.connection !== undefined || isPrivateHost(uri.host),
        reason: reasons.redirectFailed,
      };
      return redirected.attemptBy(placeOfNamed(named, staysOn(call, from, place)));
    },
  };
}

/** A redirected attempt leaves as the one before it: by the same line, and so only to what is behind it. */
function staysOn(call: CallContext, from: EgressPlace, place: GatewayPlace): EgressCandidate["placeOf"] {
  const { connection } = from.path;
  if (connection === undefined) return placedAt(from);
  return (address): Placement | undefined => {
    if (address === undefined) return undefined;
    const isBehind = call.table.linesTo(place.edge, address).some(({ value }) => value.sid === connection);
    if (isBehind) return { ok: true, place: from };
    return {
      ok: false,
      reason: reasons.redirectFailed,
      text: `line ${connection} has no route to ${address}`,
      path: from.path,
      mayBeTriedLast: false,
      fallback: undefined,
    };
  };
}
