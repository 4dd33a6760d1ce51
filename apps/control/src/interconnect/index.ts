/** Private lines: their life, and what gateways say about them. */
export { type LineEvent, stepLine } from "./connection-machine.ts";
export { healthOf, isConnected } from "./gateway-reports.ts";
export { ipv4Text } from "./ipv4-text.ts";
export { interconnectLimits } from "./limits.ts";
export { lineAddressOf, lineNumbersOf, routingTableOf } from "./line-pool.ts";
export { missingParts } from "./missing-parts.ts";
export { lineStateOf, moveConnection } from "./move-connection.ts";
export { TransitionWatcher } from "./transition-watcher.ts";
