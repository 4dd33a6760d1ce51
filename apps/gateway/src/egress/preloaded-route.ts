import type { EgressInvite } from "@tandem/b2bua";
import type { Candidate } from "@tandem/routing";
import type { ServiceRoute } from "../registration/service-route.ts";
import type { GatewayPlace } from "./egress-ways.ts";

/** The route that the registrar of a candidate's carrier gave for calls by its binding; undefined: none. */
export function preloadedRoute({ carrier }: Candidate, place: GatewayPlace): ServiceRoute | undefined {
  return carrier === undefined || carrier.registration === null
    ? undefined
    : place.serviceRoute?.(carrier.sid);
}

/**
 * The INVITE with its preloaded route set (RFC 3608 §6.1, RFC 3261 §12.2.1.1): to a strict router it goes with that one as
 * Request-URI, and the one that it had stands last in the Route.
 */
export function withRoute(invite: EgressInvite, route: ServiceRoute): EgressInvite {
  const { headerFields } = invite;
  const { strictRouter, values } = route;
  if (strictRouter === undefined) {
    for (const value of values) headerFields.append("Route", value);
    return invite;
  }
  for (const value of values.slice(1)) headerFields.append("Route", value);
  headerFields.append("Route", `<${invite.requestUri}>`);
  return { ...invite, requestUri: strictRouter };
}

/** The candidate as the choice of an interface sees it: the first hop's transport, not that of the gateway behind it. */
export function byRoute(candidate: Candidate, route: ServiceRoute): Candidate {
  return { ...candidate, uri: { ...candidate.uri, transport: route.transport } };
}
