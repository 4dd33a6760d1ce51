/** Who lives where during a load test. */
export const loadAddresses = {
  gatewayForCustomers: "127.0.78.1",
  gatewayForCarriers: "127.0.78.2",
  customer: "127.0.78.11",
  mediaCustomer: "127.0.78.12",
  carrier: "127.0.78.21",
  mediaCarrier: "127.0.78.22",
  kamailio: "127.0.78.31",
} as const;

export const trunkLabel = "load";
/** Numbers with this prefix go to the carrier that takes media; all others to SIPp. */
export const mediaPrefix = "+1999";

/** No OPTIONS while counting: a probe is a transaction that belongs to no call. */
export const noProbes = { enabled: false, intervalSeconds: 30 } as const;
