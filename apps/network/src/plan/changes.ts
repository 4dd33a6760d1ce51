/** From what the kernel has to what is wanted, as lines for `ip -batch`. */
import { type HostPlan, ownLabel, ownProtocol } from "./host-plan.ts";

/**
 * First what is new, in an order in which nothing is reachable half done: routes with their unreachable end, the rules
 * that lead to them, then the addresses that sockets are bound to. What is no longer wanted goes the other way round.
 */
export function changes(wanted: HostPlan, present: HostPlan): readonly string[] {
  const routeKeys = new Set(wanted.routes.map((route) => route.key));
  const obsoleteRoutes = present.routes.filter((route) => !routeKeys.has(route.key));
  const presentRoutes = new Set(present.routes.map((route) => route.text));
  const missingRoutes = wanted.routes.filter((route) => !presentRoutes.has(route.text));
  return [
    ...missingRoutes.map(({ text }) => `route replace ${text} proto ${ownProtocol}`),
    ...without(wanted.rules, present.rules).map((text) => `rule add ${text} protocol ${ownProtocol}`),
    // Of scope host, the kernel never takes one as the source of something else.
    ...without(wanted.addresses, present.addresses).map(
      (text) => `address add ${text} dev lo label ${ownLabel} scope host`,
    ),
    ...without(present.addresses, wanted.addresses).map((text) => `address del ${text} dev lo`),
    ...without(present.rules, wanted.rules).map((text) => `rule del ${text} protocol ${ownProtocol}`),
    ...obsoleteRoutes.map(({ text }) => `route del ${text} proto ${ownProtocol}`),
  ];
}

function without(values: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return values.filter((value) => !known.has(value));
}
