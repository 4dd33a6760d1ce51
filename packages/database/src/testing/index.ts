/** Databases for tests: a real PostgreSQL and PGlite, both shared by one test process. */
export { describeOnBothEngines, type OpenTestDatabase } from "./on-both-engines.ts";
export { openPgliteDatabase } from "./pglite-schemas.ts";
export { createPostgresqlDatabase, openPostgresqlDatabase, postgresqlUrl } from "./postgresql-databases.ts";
export { findPostgresql, PostgresqlServer } from "./postgresql-server.ts";
