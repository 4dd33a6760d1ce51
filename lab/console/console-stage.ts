import { SystemClock } from "@tandem/clock";
import type { ApiObject } from "../harness/api.ts";
import { Exchange } from "../harness/exchange.ts";
import { provisionCarrier, provisionTrunk } from "../harness/provision.ts";
import { waitFor } from "../harness/wait.ts";
import { Phone, type PhoneCall } from "../user-agents/phone.ts";

const addresses = {
  customers: "127.2.21.1",
  carriers: "127.2.21.2",
  customer: "127.2.21.11",
  refusingCustomer: "127.2.21.12",
  carrier: "127.2.21.21",
} as const;
const phonePort = 5080;
const number = "+12025550122";
/** A name that would be a script, were it put into a page as it is. */
export const hostileName = "<script>alert(1)</script>";

/** An exchange with a customer and a carrier: what an operator looks at in the console. */
export class ConsoleStage {
  readonly exchange: Exchange;
  readonly trunk: ApiObject;
  readonly line: ApiObject;
  readonly #phones: { readonly customer: Phone; readonly refusing: Phone; readonly carrier: Phone };
  readonly #clock: SystemClock;

  private constructor(
    exchange: Exchange,
    made: { readonly trunk: ApiObject; readonly line: ApiObject },
    clock: SystemClock,
  ) {
    this.exchange = exchange;
    this.trunk = made.trunk;
    this.line = made.line;
    this.#clock = clock;
    const phone = (address: string, toneHz: number) => ({ clock, address, port: phonePort, toneHz });
    this.#phones = {
      customer: new Phone(phone(addresses.customer, 600)),
      refusing: new Phone({ ...phone(addresses.refusingCustomer, 440), answer: { statusCode: 503 } }),
      carrier: new Phone(phone(addresses.carrier, 1000)),
    };
  }

  static async open(): Promise<ConsoleStage> {
    const exchange = await Exchange.start({
      customerAddress: addresses.customers,
      carrierAddress: addresses.carriers,
      sipPort: 0,
      gateway: { health: { enabled: false, intervalSeconds: 30 } },
    });
    const stage = new ConsoleStage(exchange, await provision(exchange), new SystemClock());
    for (const phone of Object.values(stage.#phones)) await phone.open();
    await exchange.settled();
    return stage;
  }

  async close(): Promise<void> {
    for (const phone of Object.values(this.#phones)) await phone.close();
    await this.exchange.stop();
    this.#clock.close();
  }

  /** Places of objects that have a page of their own: `trunks/TK…`. */
  async objects(): Promise<readonly string[]> {
    const { api } = this.exchange;
    const lists = [
      ["carriers", "/v1/Carriers", "carriers"],
      ["access-lists", `${api.accountPath}/SIP/IpAccessControlLists.json`, "ip_access_control_lists"],
      ["credential-lists", `${api.accountPath}/SIP/CredentialLists.json`, "credential_lists"],
      ["calls", `${api.accountPath}/Calls.json`, "calls"],
    ] as const;
    const places = lists.map(async ([page, path, key]) => {
      const [first] = (await api.get(path))[key] as readonly ApiObject[];
      return `${page}/${first?.sid}`;
    });
    return [`trunks/${this.trunk.sid}`, `connections/${this.line.sid}`, ...(await Promise.all(places))];
  }

  /** A call from the PSTN that the trunk's first URL refuses and its second one answers. */
  async talk(): Promise<PhoneCall> {
    const call = await this.#phones.carrier.call({
      requestUri: `sip:${number}@${addresses.carriers}`,
      from: `sip:+13105550199@${addresses.carrier}`,
      to: { address: addresses.carriers, port: this.exchange.sipPort },
    });
    await waitFor("an answer", () => call.state === "answered");
    return call;
  }

  /** A call to the PSTN with a wrong password. */
  async beRefused(): Promise<void> {
    const call = await this.#phones.customer.call({
      requestUri: `sip:+14155550100@${this.exchange.terminationHost("guarded")}`,
      from: `sip:${number}@${addresses.customer}`,
      to: { address: addresses.customers, port: this.exchange.sipPort },
      credentials: { username: "office", password: "Wrong-Horse-42" },
    });
    await waitFor("a refusal", () => call.state === "refused");
  }
}

async function provision(exchange: Exchange): Promise<{ trunk: ApiObject; line: ApiObject }> {
  const { api, baseDomain, edge } = exchange;
  await provisionCarrier(api, {
    name: "East Carrier",
    sourceAddresses: [addresses.carrier],
    gateways: [{ url: `sip:${addresses.carrier}:${phonePort}` }],
    prefixes: ["+"],
  });
  await provisionTrunk(api, {
    name: hostileName,
    label: "guarded",
    baseDomain,
    credentials: { username: "office", password: "Correct-Horse-42" },
  });
  const url = (address: string) => `sip:${address}:${phonePort};edge=${edge}`;
  const trunk = await provisionTrunk(api, {
    name: "Headquarters",
    label: "headquarters",
    baseDomain,
    addresses: [addresses.customer],
    originationUrls: [
      { url: url(addresses.refusingCustomer), priority: 10 },
      { url: url(addresses.customer), priority: 20 },
    ],
    numbers: [number],
  });
  // At another edge: at this one the account's calls would have to go over it.
  const line = await api.post("/v1/Interconnect/Connections", {
    FriendlyName: "Office cross-connect",
    Type: "crossconnect",
    Edge: "san-jose-ix",
    BandwidthMbps: 100,
    IpRoutes: "203.0.113.0/24",
    AllowPrivateAddresses: true,
  });
  return { trunk, line };
}
