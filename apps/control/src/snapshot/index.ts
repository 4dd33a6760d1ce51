/** From the database to what gateways route by. */
export { compileSnapshot } from "./compile-snapshot.ts";
export type { PublishedFrame, PublishedSnapshot } from "./published-snapshot.ts";
export { SnapshotPublisher } from "./snapshot-publisher.ts";
