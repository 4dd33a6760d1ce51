import { carrierGateways, carrierRoutes, carrierSources, edgeExists } from "@tandem/database";
import Type from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import { Nullable } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";
import { checkCarrierUrl } from "../rules/carrier-url.ts";
import { refusing } from "../rules/constraints.ts";
import { networkOf, refusingHostBits } from "../rules/network.ts";
import { carrierPartRoutes } from "./carrier-part-routes.ts";

const Priority = Type.Integer({
  minimum: 0,
  maximum: 65_535,
  description: "The lowest is tried first. Default 10.",
});
const Weight = Type.Integer({
  minimum: 1,
  maximum: 65_535,
  description: "Share at equal priority. Default 10.",
});
const order = { priority: Type.Integer(), weight: Type.Integer() };

/** Where calls to the carrier go. */
export const carrierGatewayRoutes: Routes = carrierPartRoutes({
  queries: carrierGateways,
  segment: "Gateways",
  name: "CarrierGateway",
  sidPrefix: "KG",
  create: Type.Object({
    SipUrl: Type.String(),
    Priority: Type.Optional(Priority),
    Weight: Type.Optional(Weight),
    Enabled: Type.Optional(Type.Boolean()),
    Edge: Type.Optional(Nullable(Type.String({ description: "Whose gateways call it; empty: any." }))),
  }),
  fields: { sip_url: Type.String(), ...order, enabled: Type.Boolean(), edge: Nullable(Type.String()) },
  valuesOf: async (database, body) => {
    if (body.SipUrl !== undefined) checkCarrierUrl(body.SipUrl);
    if (typeof body.Edge === "string" && !(await edgeExists(database, body.Edge)))
      throw new ApiError("unknownEdge");
    return {
      sip_url: body.SipUrl,
      priority: body.Priority,
      weight: body.Weight,
      enabled: body.Enabled,
      edge: body.Edge,
    };
  },
  present: (row) => ({
    sip_url: row.sip_url,
    priority: row.priority,
    weight: row.weight,
    enabled: row.enabled,
    edge: row.edge,
  }),
  // A legacy id names an edge, too, but a gateway is stored with the edge's own name.
  guard: (statement) => refusing({ carrier_gateways_edge_fkey: "unknownEdge" }, statement),
});

/** Which numbers the carrier is used for. */
export const carrierRouteRoutes: Routes = carrierPartRoutes({
  queries: carrierRoutes,
  segment: "Routes",
  name: "CarrierRoute",
  sidPrefix: "KT",
  create: Type.Object({
    Prefix: Type.String({ description: "+44, or + for all numbers. The longest wins." }),
    Priority: Type.Optional(Priority),
    Weight: Type.Optional(Weight),
  }),
  fields: { prefix: Type.String(), ...order },
  valuesOf: async (_database, body) => {
    const { Prefix: prefix } = body;
    if (prefix !== undefined && !/^\+\d{0,15}$/.test(prefix)) throw new ApiError("invalidCarrierPrefix");
    return { prefix, priority: body.Priority, weight: body.Weight };
  },
  present: (row) => ({ prefix: row.prefix, priority: row.priority, weight: row.weight }),
  guard: (statement) => refusing({ carrier_routes_prefix: "conflict" }, statement),
});

/** Networks from which the carrier's calls come. */
export const carrierSourceRoutes: Routes = carrierPartRoutes({
  queries: carrierSources,
  segment: "Sources",
  name: "CarrierSource",
  sidPrefix: "KS",
  create: Type.Object({
    Network: Type.String({ maxLength: 64, description: "192.0.2.0/24, or one address." }),
  }),
  fields: { network: Type.String() },
  valuesOf: async (_database, body) => ({
    network: body.Network === undefined ? undefined : networkOf(body.Network),
  }),
  present: (row) => ({ network: row.network }),
  guard: (statement) => refusing({ carrier_sources_network: "conflict" }, () => refusingHostBits(statement)),
});
