import type { NetworkDescription } from "../../network/builder/description.ts";
import { benchAddresses } from "./bench-addresses.ts";

const { customer, gatewayToCustomer, gatewayToCarrier, carrier } = benchAddresses;

/** A customer, a gateway that also forwards as a router would, for comparison, and a carrier. */
export const mediaNetwork: NetworkDescription = {
  hosts: [
    { name: "customer", routes: [{ to: "10.72.0.0/24", via: gatewayToCustomer, device: "uplink" }] },
    { name: "gateway", isRouter: true },
    { name: "carrier", routes: [{ to: "10.71.0.0/24", via: gatewayToCarrier, device: "uplink" }] },
  ],
  links: [
    {
      name: "customer",
      near: { host: "customer", device: "uplink", addresses: [`${customer}/24`] },
      far: { host: "gateway", device: "wan0", addresses: [`${gatewayToCustomer}/24`] },
    },
    {
      name: "carrier",
      near: { host: "carrier", device: "uplink", addresses: [`${carrier}/24`] },
      far: { host: "gateway", device: "wan1", addresses: [`${gatewayToCarrier}/24`] },
    },
  ],
};
