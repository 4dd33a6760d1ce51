/** The hub of the gateway stream on a real server, with a clock by hand and gateways that a test drives. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HandClock } from "@tandem/clock/testing";
import { type GatewayState, GatewayStreamHub, serveGatewayStream } from "../src/gateway-stream/index.ts";
import type { ReceivedEntry } from "../src/records/store-entries.ts";
import { StreamGateway } from "./stream-gateway.ts";

const tokens: Record<string, string> = { "token-1": "gw-1", "token-2": "gw-2" };

export class HubHarness {
  readonly clock = new HandClock();
  readonly states: GatewayState[] = [];
  /** Of streams that ended. */
  readonly gone: GatewayState[] = [];
  /** Names of events. */
  readonly logged: string[] = [];
  readonly stored: { gateway: string; entries: readonly ReceivedEntry[] }[] = [];
  readonly hub: GatewayStreamHub;
  readonly server: Server = createServer();
  isDatabaseAway = false;
  readonly #gateways: StreamGateway[] = [];

  constructor() {
    const log = (event: string) => void this.logged.push(event);
    const logger = { info: log, warn: log, error: log };
    this.hub = new GatewayStreamHub({
      clock: this.clock,
      logger,
      store: (gateway, entries) => this.store(gateway, entries),
      onState: (state) => this.states.push(state),
      onGone: (state) => this.gone.push(state),
    });
    serveGatewayStream(this.server, {
      hub: this.hub,
      logger,
      authenticate: async (authorization) => {
        if (this.isDatabaseAway) throw new Error("away");
        return tokens[authorization?.replace("Bearer ", "") ?? ""];
      },
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** May be replaced. */
  store: (gateway: string, entries: readonly ReceivedEntry[]) => Promise<unknown> = async (
    gateway,
    entries,
  ) => {
    if (this.isDatabaseAway) throw new Error("away");
    this.stored.push({ gateway, entries });
  };

  async connect(token = "token-1", options: { autoPong?: boolean } = {}): Promise<StreamGateway> {
    const gateway = await StreamGateway.connect(this.port, token, options);
    this.#gateways.push(gateway);
    return gateway;
  }

  /** Past `hello`. */
  async open(
    name = "gw-1",
    fields: { snapshotVersion?: number; edge?: string; takesChanges?: boolean } = {},
  ): Promise<StreamGateway> {
    const gateway = await this.connect(name.replace("gw", "token"));
    gateway.hello({ gateway: name, ...fields });
    await gateway.next("welcome");
    return gateway;
  }

  async close(): Promise<void> {
    this.hub.close();
    for (const gateway of this.#gateways) gateway.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export async function startHub(): Promise<HubHarness> {
  const harness = new HubHarness();
  await new Promise<void>((resolve) => harness.server.listen(0, "127.0.0.1", resolve));
  return harness;
}
