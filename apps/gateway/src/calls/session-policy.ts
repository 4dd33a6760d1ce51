import { defaultSessionPolicy, type SessionPolicy } from "@tandem/b2bua";
import type { GatewayConfiguration } from "@tandem/contracts";

/** Session timers of a gateway's calls (RFC 4028). An interval below the least one is that one. */
export function sessionPolicyOf(configuration: GatewayConfiguration): SessionPolicy {
  const minimumSeconds = configuration.minimumSessionIntervalSeconds ?? defaultSessionPolicy.minimumSeconds;
  const intervalSeconds = configuration.sessionIntervalSeconds ?? defaultSessionPolicy.intervalSeconds;
  return { minimumSeconds, intervalSeconds: Math.max(intervalSeconds, minimumSeconds) };
}
