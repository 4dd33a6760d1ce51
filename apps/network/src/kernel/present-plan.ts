import { holdsAddress, type Ipv4Network, parseIpv4 } from "../ipv4.ts";
import { type HostPlan, ownLabel } from "../plan/host-plan.ts";
import type { DeviceAddress, HostState } from "./host-state.ts";

/** What of the kernel's state is ours: to be kept when it is still wanted, and taken away when not. */
export function presentPlan(host: HostState, pool: Ipv4Network): HostPlan {
  return {
    addresses: host.addresses
      .filter((one) => isOurs(one, pool))
      .map((one) => `${one.address}/${one.prefixLength}`),
    rules: host.rules,
    routes: host.routes.filter((route) => route.isOurs),
  };
}

/** By our label, whatever the pool was then; or in the pool, whoever put it there. */
function isOurs({ device, address, label }: DeviceAddress, pool: Ipv4Network): boolean {
  if (device !== "lo") return false;
  const number = parseIpv4(address);
  return label === ownLabel || (number !== undefined && holdsAddress(pool, number));
}
