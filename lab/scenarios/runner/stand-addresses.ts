/** Who lives where in the network of a theme. */
export interface StandAddresses {
  readonly forCustomers: string;
  readonly forCarriers: string;
  readonly customers: string;
  readonly carriers: string;
}

export function addressesOf(network: string, firstHost: number): StandAddresses {
  const address = (host: number): string => `${network}.${firstHost + host}`;
  return {
    forCustomers: address(1),
    forCarriers: address(2),
    customers: address(10),
    carriers: address(20),
  };
}

/** Ports of every gateway: not 5060, which somebody may hold for all addresses. */
export const sipPort = 5580;
export const sipsPort = 5581;

export const baseDomain = "tandem.test";

export function trunkHost(label: string): string {
  return `${label}.pstn.${baseDomain}`;
}

/** Of the trunks that demand a password. */
export const trunkCredentials = { username: "pbx", password: "correct-horse-battery" } as const;
/** Of the carriers that challenge. */
export const carrierCredentials = { username: "tandem", password: "carrier-secret" } as const;
