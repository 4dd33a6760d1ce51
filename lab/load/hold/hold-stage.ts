import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { GatewayConfiguration } from "@tandem/contracts";
import type { Program } from "../../harness/program.ts";
import { Sipp } from "../../harness/sipp.ts";
import { runCommand } from "../../network/builder/run-command.ts";
import { NetworkExchange } from "../../network/exchange/network-exchange.ts";
import { provisionCarrierOf, provisionTrunkOf } from "../../network/scenario/provisioned.ts";
import { Stand } from "../../network/scenario/stand.ts";
import { Timeline } from "../../network/scenario/timeline.ts";
import { carrierPlans, customerPlans } from "../../network/standard/addresses.ts";
import { scenarios } from "../gateway-load.ts";
import { noProbes, trunkLabel } from "../load-network.ts";

export type HoldEngine = "kernel" | "userspace";

const customer = customerPlans[3];
const [carrier] = carrierPlans;
const gatewayName = "ashburn-1";
/** Longer than any run: nobody sends RTP. */
const mediaInactivitySeconds = 7200;
/** Longer than any call is held; SIPp gives up a call that waits longer for a message. */
const patienceMs = 7_200_000;

/** A gateway between a customer and a carrier that are SIPp, each in a host of its own: what the kernel engine asks for. */
export class HoldStage {
  readonly gateway: Program;
  readonly directory: string;
  /** Pin of the map that tells which ports have flows; undefined in user space. */
  readonly portsPin: string | undefined;
  readonly #stand: Stand;
  readonly #exchange: NetworkExchange;

  private constructor(stand: Stand, exchange: NetworkExchange, portsPin: string | undefined) {
    this.#stand = stand;
    this.#exchange = exchange;
    this.gateway = exchange.program(gatewayName);
    this.directory = stand.network.directory;
    this.portsPin = portsPin;
  }

  static async start(engine: HoldEngine): Promise<HoldStage> {
    const stand = new Stand(new Timeline((line) => console.log(line)));
    try {
      const { network } = stand.build({ gateways: { "ashburn-ix": 0, "san-jose-ix": 0, umatilla: 0 } });
      const bpfDirectory = join(network.directory, "bpf");
      mkdirSync(bpfDirectory);
      // Outside the gateway's own mount namespace: its maps are counted from here.
      if (engine === "kernel") runCommand("mount", ["-t", "bpf", "bpf", bpfDirectory]);
      const exchange = await NetworkExchange.start({
        network,
        gateways: stand.gateways,
        controlAgent: await stand.agent("control"),
        gatewayNodeArguments: ["--expose-gc"],
        changes: {
          // The kernel engine has the last three quarters: 18,000 pairs of ports on each media address.
          mediaPorts: { first: 16_000, last: 63_999 },
          media: engine === "kernel" ? { engine, bpfDirectory } : { engine },
          health: noProbes,
          mediaInactivitySeconds,
        } satisfies Partial<GatewayConfiguration>,
      });
      await provisionTrunkOf(exchange, trunkLabel, { addresses: [customer.internetAddress] });
      await provisionCarrierOf(exchange, carrier);
      await exchange.settled();
      const pin = engine === "kernel" ? portsPinIn(join(bpfDirectory, gatewayName)) : undefined;
      return new HoldStage(stand, exchange, pin);
    } catch (error) {
      await stand.close();
      throw error;
    }
  }

  /** The carrier's SIPp; it takes every call until it is stopped. */
  carrier(): Sipp {
    const host = this.#stand.network.host(carrier.name);
    const sipp = new Sipp({
      name: "carrier",
      scenarioFile: join(scenarios, "carrier.xml"),
      localAddress: carrier.switchAddress,
      localPort: 5060,
      directory: host.directory,
      launcher: host.launcher,
      extra: ["-recv_timeout", String(patienceMs)],
    });
    host.keep(sipp.program);
    return sipp;
  }

  /** The customer's SIPp: so many calls at so many a second, each released after `heldMs`. */
  customer(name: string, calls: number, ratePerSecond: number, heldMs: number): Sipp {
    const host = this.#stand.network.host(customer.name);
    const sipp = new Sipp({
      name,
      scenarioFile: join(scenarios, "customer.xml"),
      localAddress: customer.internetAddress,
      localPort: 5060,
      remote: { address: this.#stand.gateway(gatewayName).internetAddress, port: 5060 },
      calls,
      ratePerSecond,
      pauseMs: heldMs,
      maximumConcurrent: calls,
      fields: [this.#exchange.terminationHost(trunkLabel, "ashburn")],
      directory: host.directory,
      launcher: host.launcher,
      extra: ["-recv_timeout", String(patienceMs)],
    });
    host.keep(sipp.program);
    return sipp;
  }

  async close(): Promise<void> {
    await this.#stand.close();
  }
}

/** A gateway that runs has one layout of its maps. */
function portsPinIn(directory: string): string {
  const [layout = ""] = readdirSync(directory);
  return join(directory, layout, "ports");
}
