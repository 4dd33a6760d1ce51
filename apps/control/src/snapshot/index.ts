/** From the database to what gateways route by. */
export { compileSnapshot, snapshotOf } from "./compile-snapshot.ts";
export { type PublishedSnapshot, publishable } from "./published-snapshot.ts";
export {
  defaultPollIntervalMs,
  SnapshotPublisher,
  type SnapshotPublisherOptions,
} from "./snapshot-publisher.ts";
