/** SQL migrations and typed queries, PostgreSQL 15 dialect, on PGlite or a PostgreSQL server. */
export { bumpSnapshot } from "./bump-snapshot.ts";
export type { Database, Queryable, Transaction } from "./database.ts";
export type { DatabaseCounts } from "./engine/counted-engine.ts";
export { DirectoryLockedError } from "./engine/directory-lock.ts";
export { MigrationError, type MigrationFile, migrate, readMigrations } from "./migrate.ts";
export { type DatabaseLocation, openDatabase } from "./open-database.ts";
export * from "./queries/alerts.ts";
export * from "./queries/audit-events.ts";
export * from "./queries/call-legs.ts";
export * from "./queries/calls.ts";
export * from "./queries/carrier-parts.ts";
export * from "./queries/carriers.ts";
export * from "./queries/connection-routes.ts";
export * from "./queries/connection-shares.ts";
export * from "./queries/connection-transitions.ts";
export * from "./queries/connections.ts";
export * from "./queries/dialing-permissions.ts";
export * from "./queries/edges.ts";
export * from "./queries/exchanges.ts";
export * from "./queries/followed-topology.ts";
export * from "./queries/gateways.ts";
export * from "./queries/index.ts";
export * from "./queries/installation.ts";
export * from "./queries/ip-ranges.ts";
export * from "./queries/media-ranges.ts";
export * from "./queries/number-prefixes.ts";
export * from "./queries/outbox-entries.ts";
export * from "./queries/regions.ts";
export * from "./queries/risk-prefixes.ts";
export * from "./queries/snapshot-rows.ts";
export * from "./queries/topology-settings.ts";
export {
  connectionLost,
  isCheckViolation,
  isDataFault,
  isForeignKeyViolation,
  isUniqueViolation,
  QueryError,
} from "./query-error.ts";
export { createSid, isSid } from "./sid.ts";
