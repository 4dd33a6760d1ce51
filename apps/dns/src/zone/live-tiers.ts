import type { GatewayHost } from "./gateway-host.ts";
import type { HealthView } from "./health-view.ts";
import type { Tiers } from "./tiers.ts";

/**
 * Only the hosts of the best rank that any of them has, tiers that are left empty gone. So the silent ones are left out
 * while anybody else is there, and when all are silent all are told: a name server that is cut off from the gateways
 * must not take the names away (it *fails open*).
 */
export function liveTiers(tiers: Tiers, health: HealthView): Tiers {
  const best = Math.min(...tiers.flat().map((host: GatewayHost) => health(host.gateway)));
  return tiers
    .map((tier) => tier.filter((host) => health(host.gateway) === best))
    .filter((tier) => tier.length > 0);
}
