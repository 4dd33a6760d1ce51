import type { Routes } from "../conventions/route-scope.ts";
import { alertRoutes } from "./alerts.ts";
import { banRoutes } from "./bans.ts";
import { callRoutes, type LiveCallSource } from "./calls.ts";
import { captureRoutes } from "./captures.ts";
import { carrierGatewayRoutes, carrierRouteRoutes, carrierSourceRoutes } from "./carrier-parts.ts";
import { carrierRoutes } from "./carriers.ts";
import { connectionPartRoutes } from "./connection-parts.ts";
import { connectionRoutes } from "./connections.ts";
import { edgeRoutes } from "./edges.ts";
import { exchangePlaceRoutes } from "./exchanges.ts";
import { type Explainer, explainRoutes } from "./explain.ts";
import { type GatewaySource, gatewayRoutes } from "./gateways.ts";
import { ipRangeRoutes } from "./ip-ranges.ts";

/** Resources of the exchange itself, among them those that need the gateways. */
export interface ExchangeRoutes {
  readonly v1: readonly Routes[];
  readonly v2010: readonly Routes[];
}

export function exchangeRoutes(gateways: LiveCallSource & Explainer & GatewaySource): ExchangeRoutes {
  return {
    v1: [
      carrierRoutes,
      carrierGatewayRoutes,
      carrierRouteRoutes,
      carrierSourceRoutes,
      edgeRoutes,
      exchangePlaceRoutes,
      ipRangeRoutes,
      connectionRoutes,
      connectionPartRoutes,
      alertRoutes,
      explainRoutes(gateways),
      gatewayRoutes(gateways),
      banRoutes(gateways),
      captureRoutes(gateways),
    ],
    v2010: [callRoutes(gateways)],
  };
}
