/** The REST interface of control. */
export { buildApplication } from "./application.ts";
export type { ApiDependencies } from "./dependencies.ts";
export { exchangeRoutes } from "./routes/exchange-routes.ts";
