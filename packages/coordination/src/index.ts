/** Counts that the gateways of a region share. `./valkey` is apart, so that a gateway without a store never loads its client. */
export { BegunCalls, maximumBegunCounts } from "./begun-calls.ts";
export { CountExchange, type CountExchangeOptions, exchangeTiming } from "./count-exchange.ts";
export type { CountStore } from "./count-store.ts";
export { decodeCounts, encodeCounts, type GatewayCounts } from "./gateway-counts.ts";
export { RegionCounts } from "./region-counts.ts";
