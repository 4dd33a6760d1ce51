/** The REST interface of control. */
export { buildApplication } from "./application.ts";
export type { ApiDependencies } from "./dependencies.ts";
export { type ResourceLimits, resourceLimits } from "./limits.ts";
export { type ExchangeRoutes, exchangeRoutes } from "./routes/exchange-routes.ts";
