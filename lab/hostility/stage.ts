import { join } from "node:path";
import { Exchange } from "../harness/exchange.ts";
import { provisionCarrier, provisionTrunk } from "../harness/provision.ts";
import { Sipp, type SippResult } from "../harness/sipp.ts";

const scenarios = join(import.meta.dirname, "..", "load", "scenarios");
const label = "load";

/** Last octets of 127.0.<network>.* in every test of this folder. */
const octets = { gatewayForCustomers: 1, gatewayForCarriers: 2, customer: 11, carrier: 21, guessed: 31 };

/** An exchange with a customer that makes calls, a trunk whose password can be guessed at, and room for strangers. */
export class HostilityStage {
  readonly exchange: Exchange;
  readonly #network: number;
  readonly #carrier: Sipp;
  #customers = 0;

  private constructor(exchange: Exchange, network: number) {
    this.exchange = exchange;
    this.#network = network;
    this.#carrier = this.#sipp("carrier", "carrier.xml", {
      localAddress: this.address(octets.carrier),
      localPort: 5060,
    });
  }

  static async start(network: number): Promise<HostilityStage> {
    const at = (octet: number): string => `127.0.${network}.${octet}`;
    const exchange = await Exchange.start({
      customerAddress: at(octets.gatewayForCustomers),
      carrierAddress: at(octets.gatewayForCarriers),
      gateway: { health: { enabled: false, intervalSeconds: 30 } },
    });
    const { api, baseDomain } = exchange;
    await provisionCarrier(api, {
      name: "SIPp",
      sourceAddresses: [at(octets.carrier)],
      gateways: [{ url: `sip:${at(octets.carrier)}:5060` }],
      prefixes: ["+"],
    });
    await provisionTrunk(api, { name: label, label, baseDomain, addresses: [at(octets.customer)] });
    await provisionTrunk(api, {
      name: "guessed",
      label: "guessed",
      baseDomain,
      credentials: { username: "pbx", password: "Correct1Horse2Battery" },
    });
    await exchange.settled();
    return new HostilityStage(exchange, network);
  }

  /** 127.0.<network>.<octet> */
  address(octet: number): string {
    return `127.0.${this.#network}.${octet}`;
  }

  get gatewayAddress(): string {
    return this.exchange.customerAddress;
  }

  /** A termination name that asks for a password. */
  get guessedHost(): string {
    return this.exchange.terminationHost("guessed");
  }

  /** Calls of the customer at a steady rate, each up for a second. */
  call(calls: number, ratePerSecond: number): Promise<SippResult> {
    this.#customers += 1;
    return this.#sipp(`customer-${this.#customers}`, "customer.xml", {
      localAddress: this.address(octets.customer),
      localPort: 5070 + this.#customers,
      remote: { address: this.gatewayAddress, port: this.exchange.sipPort },
      calls,
      ratePerSecond,
      pauseMs: 1000,
      fields: [this.exchange.terminationHost(label)],
      maximumConcurrent: 5000,
    }).finished();
  }

  /** `address cause` of every source that the gateway has banned so far, in order. */
  bans(): readonly string[] {
    const lines = this.exchange.gateway.output.split("\n").filter((line) => line.includes('"source-banned"'));
    return lines.map((line) => {
      const { address, cause } = JSON.parse(line) as { address: string; cause: string };
      return `${address} ${cause}`;
    });
  }

  async stop(): Promise<void> {
    await this.#carrier.stop();
    await this.exchange.stop();
  }

  #sipp(
    name: string,
    scenario: string,
    options: Omit<ConstructorParameters<typeof Sipp>[0], "name" | "scenarioFile" | "directory">,
  ): Sipp {
    const { directory } = this.exchange;
    return new Sipp({ name, scenarioFile: join(scenarios, scenario), directory, ...options });
  }
}
