import type { GatewayConfiguration } from "@tandem/contracts";
import { RemoteAgent } from "../agent/remote-agent.ts";
import { RemotePhone, type RemotePhoneOptions } from "../agent/remote-phone.ts";
import { Network } from "../builder/network.ts";
import { NetworkExchange } from "../exchange/network-exchange.ts";
import type { GatewayHost } from "../standard/gateway-host.ts";
import { type LinePasswords, type RoutingDaemons, startRoutingDaemons } from "../standard/routing-daemons.ts";
import { type StandardOptions, standardNetwork } from "../standard/standard-network.ts";
import type { Timeline } from "./timeline.ts";
import { Verdicts } from "./verdicts.ts";

/** Where a scenario on real links plays. Everything it starts ends with it. */
export class Stand {
  readonly timeline: Timeline;
  readonly verdicts: Verdicts;
  readonly #agents = new Map<string, Promise<RemoteAgent>>();
  #network: Network | undefined;
  #gateways: readonly GatewayHost[] = [];

  constructor(timeline: Timeline) {
    this.timeline = timeline;
    this.verdicts = new Verdicts(timeline);
  }

  /** The standard network, once `build` has made it. */
  get network(): Network {
    if (this.#network === undefined) throw new Error("the network has not been built");
    return this.#network;
  }

  get gateways(): readonly GatewayHost[] {
    return this.#gateways;
  }

  gateway(name: string): GatewayHost {
    const gateway = this.#gateways.find((one) => one.name === name);
    if (gateway === undefined) throw new Error(`no gateway is called ${name}`);
    return gateway;
  }

  /** Builds the standard network and returns this stand. */
  build(options: StandardOptions = {}): this {
    const { description, gateways } = standardNetwork(options);
    this.#network = Network.build(description);
    this.#gateways = gateways;
    this.timeline.tell(
      "lab",
      `${description.hosts.length} hosts, ${description.links.length} links: ${this.network.run}-…`,
    );
    return this;
  }

  /** BGP and BFD on every line. */
  async startRouting(passwords: LinePasswords = {}): Promise<RoutingDaemons> {
    const daemons = await startRoutingDaemons(this.network, this.#gateways, passwords);
    this.timeline.tell("FRR", "BGP and BFD are up on every line");
    return daemons;
  }

  /** Control and these gateways; all of them by default. */
  async startExchange(
    changes: Partial<GatewayConfiguration> = {},
    gateways: readonly GatewayHost[] = this.#gateways,
  ): Promise<NetworkExchange> {
    const controlAgent = await this.agent("control");
    const exchange = await NetworkExchange.start({ network: this.network, gateways, controlAgent, changes });
    this.timeline.tell("exchange", `control and ${gateways.map(({ name }) => name).join(", ")} serve`);
    return exchange;
  }

  agent(host: string): Promise<RemoteAgent> {
    const known = this.#agents.get(host);
    if (known !== undefined) return known;
    const started = RemoteAgent.start(this.network.host(host));
    this.#agents.set(host, started);
    return started;
  }

  async phone(host: string, options: RemotePhoneOptions): Promise<RemotePhone> {
    return RemotePhone.open(await this.agent(host), options);
  }

  async close(): Promise<void> {
    await this.#network?.close();
  }
}
