/** What most scenarios provision, over REST. */
import { provisionCarrier, provisionTrunk, type TrunkWishes } from "../../harness/provision.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import type { CarrierPlan, EdgeName } from "../standard/addresses.ts";

/** A number of the PSTN, and a customer's. */
export const pstnNumber = "+13105550111";
export const customerNumber = "+12025550123";

export async function provisionTrunkOf(
  { api, baseDomain }: NetworkExchange,
  label: string,
  wishes: Omit<TrunkWishes, "name" | "label" | "baseDomain">,
): Promise<void> {
  await provisionTrunk(api, { name: label, label, baseDomain, ...wishes });
}

/**
 * A carrier that takes every call at its switch, and whose calls come from its switch or its dispatcher. `edge`: whose
 * gateways call it; default any.
 */
export async function provisionCarrierOf(
  { api }: NetworkExchange,
  { name, switchAddress, dispatcherAddress }: CarrierPlan,
  edge?: EdgeName,
): Promise<void> {
  await provisionCarrier(api, {
    name,
    sourceAddresses: [switchAddress, dispatcherAddress],
    gateways: [{ url: `sip:${switchAddress}:5060`, ...(edge === undefined ? {} : { edge }) }],
    prefixes: ["+"],
  });
}
