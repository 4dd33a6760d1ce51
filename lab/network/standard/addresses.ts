/** Who has which address in the standard network. All of it is inside namespaces; nothing is ever sent outside. */

export interface EdgePlan {
  readonly name: string;
  readonly region: string;
  readonly kind: "private" | "public";
  /** First of the addresses towards customers: the edge's own on a private edge, the internet's on a public one. */
  readonly firstCustomerAddress: string;
  /** First of the addresses on the internet. */
  readonly firstInternetAddress: string;
  /** Third number of its addresses on backbone and peering. */
  readonly number: number;
}

export const edgePlans = [
  {
    name: "ashburn-ix",
    region: "us1",
    kind: "private",
    firstCustomerAddress: "208.78.112.64",
    firstInternetAddress: "198.51.100.10",
    number: 1,
  },
  {
    name: "ashburn",
    region: "us1",
    kind: "public",
    firstCustomerAddress: "54.172.60.1",
    firstInternetAddress: "54.172.60.1",
    number: 2,
  },
  {
    name: "san-jose-ix",
    region: "us2",
    kind: "private",
    firstCustomerAddress: "67.213.136.64",
    firstInternetAddress: "198.51.100.20",
    number: 3,
  },
  {
    name: "umatilla",
    region: "us2",
    kind: "public",
    firstCustomerAddress: "54.244.51.1",
    firstInternetAddress: "54.244.51.1",
    number: 4,
  },
] as const satisfies readonly EdgePlan[];

export type EdgeName = (typeof edgePlans)[number]["name"];

/** Most gateways that an edge's addresses allow for here. */
export const maximumGateways = 3;

export const exchangeAsn = 64_500;
/** The router of the internet, next hop of everybody's default route. */
export const internetRouter = "100.64.0.1";
export const controlAddress = "10.10.0.2";
export const nameServer = {
  name: "ns1",
  backboneAddress: "10.10.0.3",
  internetAddress: "192.0.2.53",
} as const;

export interface CustomerPlan {
  readonly name: string;
  /** Customer whose site it is. */
  readonly customer: number;
  readonly asn: number;
  readonly internetAddress: string;
  /** Its SBC, an address of `prefix`; undefined: it has nothing but the internet. */
  readonly sbcAddress?: string;
  readonly prefix?: string;
}

/** `customer-1b` is the spare site of customer 1: the same network behind another line. */
export const customerPlans = [
  {
    name: "customer-1",
    customer: 1,
    asn: 65_001,
    internetAddress: "192.0.2.11",
    sbcAddress: "203.0.113.10",
    prefix: "203.0.113.0/28",
  },
  {
    name: "customer-1b",
    customer: 1,
    asn: 65_001,
    internetAddress: "192.0.2.12",
    sbcAddress: "203.0.113.10",
    prefix: "203.0.113.0/28",
  },
  {
    name: "customer-2",
    customer: 2,
    asn: 65_002,
    internetAddress: "192.0.2.21",
    sbcAddress: "203.0.113.26",
    prefix: "203.0.113.16/28",
  },
  { name: "customer-3", customer: 3, asn: 65_003, internetAddress: "192.0.2.31" },
] as const satisfies readonly CustomerPlan[];

export type CustomerName = (typeof customerPlans)[number]["name"];

/** A private line: device of that name on the customer's site and on every gateway of the edge. */
export interface LinePlan {
  readonly name: string;
  readonly site: CustomerName;
  readonly edge: EdgeName;
  /** Third number of its /28, 100.64.N.0: gateways from .1 on, the customer is .14. */
  readonly number: number;
}

export const linePlans = [
  { name: "line-1a", site: "customer-1", edge: "ashburn-ix", number: 1 },
  { name: "line-1b", site: "customer-1b", edge: "ashburn-ix", number: 2 },
  { name: "line-1w", site: "customer-1", edge: "san-jose-ix", number: 3 },
  { name: "line-2", site: "customer-2", edge: "ashburn-ix", number: 4 },
] as const satisfies readonly LinePlan[];

export type LineName = (typeof linePlans)[number]["name"];

export interface CarrierPlan {
  readonly name: string;
  /** Its switch, which takes and places calls. */
  readonly switchAddress: string;
  /** Its way in to us: a dispatcher that chooses among our gateways. */
  readonly dispatcherAddress: string;
}

export const carrierPlans = [
  { name: "carrier-1", switchAddress: "10.20.101.1", dispatcherAddress: "10.20.101.2" },
  { name: "carrier-2", switchAddress: "10.20.102.1", dispatcherAddress: "10.20.102.2" },
] as const satisfies readonly CarrierPlan[];

export function customerSideOf(line: LinePlan): string {
  return `100.64.${line.number}.14`;
}

export function gatewaySideOf(line: LinePlan, index: number): string {
  return `100.64.${line.number}.${index + 1}`;
}

/** The address `count` after this one, within its last number. */
export function addressAfter(address: string, count: number): string {
  const dot = address.lastIndexOf(".") + 1;
  return `${address.slice(0, dot)}${Number(address.slice(dot)) + count}`;
}
