import type { ApiObject } from "../../harness/api.ts";
import { waitFor } from "../../harness/wait.ts";
import { type CustomerPlan, customerPlans, customerSideOf, type LinePlan } from "../standard/addresses.ts";
import type { NetworkExchange } from "./network-exchange.ts";

export interface LineWishes {
  readonly fallback?: "none" | "public";
  /** Left inactive when false. */
  readonly isActive?: boolean;
  readonly accountSid?: string;
}

/** Makes a private line over REST, as an operator does, and asks for its activation. */
export async function provisionLine(
  { api }: NetworkExchange,
  plan: LinePlan,
  { fallback = "none", isActive = true, accountSid }: LineWishes = {},
): Promise<ApiObject> {
  const site: CustomerPlan | undefined = customerPlans.find((one) => one.name === plan.site);
  const connection = await api.post("/v1/Interconnect/Connections", {
    FriendlyName: plan.name,
    Type: "crossconnect",
    Edge: plan.edge,
    BandwidthMbps: 1000,
    IpRoutes: site?.prefix ?? "",
    Fallback: fallback,
    Device: plan.name,
    NextHop: customerSideOf(plan),
    ...(accountSid === undefined ? {} : { AccountSid: accountSid }),
  });
  if (isActive) await api.post(`/v1/Interconnect/Connections/${connection.sid}`, { Status: "active" });
  return connection;
}

interface ConnectionView {
  readonly status: string;
  readonly health: readonly {
    readonly gateway: string;
    readonly state: string;
    readonly reason: string | null;
  }[];
}

/** What control says of the line on that gateway. */
export async function lineHealth(
  { api }: NetworkExchange,
  sid: string,
  gateway: string,
): Promise<ConnectionView["health"][number] | undefined> {
  const view = (await api.get(`/v1/Interconnect/Connections/${sid}`)) as unknown as ConnectionView;
  return view.health.find((one) => one.gateway === gateway);
}

export async function untilActive({ api }: NetworkExchange, sid: string): Promise<void> {
  await waitFor(
    `${sid} to be active`,
    async () => (await api.get(`/v1/Interconnect/Connections/${sid}`))["status"] === "active",
    90_000,
  );
}

export async function untilLineIs(
  exchange: NetworkExchange,
  sid: string,
  gateway: string,
  state: "up" | "down",
): Promise<void> {
  await waitFor(
    `${sid} to be ${state} on ${gateway}`,
    async () => (await lineHealth(exchange, sid, gateway))?.state === state,
    60_000,
  );
}
