import type { Clock } from "@tandem/clock";
import type { GatewayConfiguration } from "@tandem/contracts";
import { Locator, type Resolver } from "@tandem/sip/locate";
import { defaultTransactionTimers } from "@tandem/sip/transaction";
import type { MessageSink } from "@tandem/sip/transport";
import { UserAgent } from "@tandem/sip/user-agent";
import type { GatewayOverloadControl } from "./overload-control/gateway-overload-control.ts";
import { servedFamilies, servedProtocols } from "./served-networks.ts";

export const productName = "Tandem";
const dnsCacheLimit = 10_000;

/** The user agent of a gateway: it looks for nothing by DNS that none of its interfaces could reach. */
export function gatewayAgent(
  options: {
    readonly configuration: GatewayConfiguration;
    readonly clock: Clock;
    readonly resolver: Resolver;
    readonly random: () => number;
  },
  sink: MessageSink,
  overload: GatewayOverloadControl,
): UserAgent {
  const { configuration, clock, resolver, random } = options;
  return new UserAgent({
    clock,
    sink,
    locator: new Locator({
      clock,
      resolver,
      random,
      cacheLimit: dnsCacheLimit,
      protocols: servedProtocols(configuration.interfaces),
      families: servedFamilies(configuration.interfaces),
    }),
    timers: { ...defaultTransactionTimers, ...configuration.timers },
    productName,
    overload,
  });
}
