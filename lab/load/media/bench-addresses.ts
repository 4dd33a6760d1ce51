/** Of the network of `tandem bench media`. */
export const benchAddresses = {
  customer: "10.71.0.2",
  gatewayToCustomer: "10.71.0.1",
  gatewayToCarrier: "10.72.0.1",
  carrier: "10.72.0.2",
} as const;
