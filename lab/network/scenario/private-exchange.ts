import type { GatewayConfiguration } from "@tandem/contracts";
import type { ApiObject } from "../../harness/api.ts";
import { type LineWishes, provisionLine, untilActive, untilLineIs } from "../exchange/lines.ts";
import { startNetworkAgent } from "../exchange/network-agent.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import { type LineName, linePlans } from "../standard/addresses.ts";
import type { RoutingDaemons } from "../standard/routing-daemons.ts";
import type { Stand } from "./stand.ts";

export interface PrivateExchange {
  readonly exchange: NetworkExchange;
  readonly daemons: RoutingDaemons;
  /** SID of each provisioned line. */
  readonly lines: ReadonlyMap<LineName, string>;
}

/** The exchange with its network agents, FRR everywhere, and these lines made over REST and up on every gateway. */
export async function startPrivateExchange(
  stand: Stand,
  wanted: Partial<Record<LineName, LineWishes>>,
  changes: Partial<GatewayConfiguration> = {},
): Promise<PrivateExchange> {
  const [exchange, daemons] = await Promise.all([
    stand.startExchange({ lineAttribution: "kernel", ...changes }),
    stand.startRouting(),
  ]);
  const privateGateways = stand.gateways.filter((gateway) => gateway.privateAddress !== undefined);
  for (const gateway of privateGateways) startNetworkAgent(stand.network.host(gateway.name));
  const lines = new Map<LineName, string>();
  for (const plan of linePlans) {
    const wishes = wanted[plan.name];
    if (wishes === undefined) continue;
    const { sid }: ApiObject = await provisionLine(exchange, plan, wishes);
    lines.set(plan.name, sid);
  }
  for (const plan of linePlans) {
    const sid = lines.get(plan.name);
    if (sid === undefined || wanted[plan.name]?.isActive === false) continue;
    await untilActive(exchange, sid);
    for (const gateway of privateGateways.filter(({ edge }) => edge.name === plan.edge)) {
      await untilLineIs(exchange, sid, gateway.name, "up");
      stand.timeline.tell(plan.name, `${sid} is active, and up on ${gateway.name}`);
    }
  }
  return { exchange, daemons, lines };
}
