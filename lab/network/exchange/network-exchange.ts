import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GatewayConfiguration } from "@tandem/contracts";
import { Api, type ApiCredentials } from "../../harness/api.ts";
import { gatewayNodeOptions } from "../../harness/gateway-process.ts";
import type { Program } from "../../harness/program.ts";
import { waitFor } from "../../harness/wait.ts";
import type { RemoteAgent } from "../agent/remote-agent.ts";
import type { Network } from "../builder/network.ts";
import { controlAddress, nameServer } from "../standard/addresses.ts";
import type { GatewayHost } from "../standard/gateway-host.ts";
import { gatewayFile } from "./gateway-file.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const controlPort = 8080;
/** Nothing is judged by how long a start takes: a busy machine may have so much time. */
const startLimitMs = 150_000;

export interface NetworkExchangeOptions {
  readonly network: Network;
  readonly gateways: readonly GatewayHost[];
  /** The agent in control's host: REST is reachable from there. */
  readonly controlAgent: RemoteAgent;
  readonly baseDomain?: string;
  /** Merged into the configuration of every gateway. */
  readonly changes?: Partial<GatewayConfiguration>;
  /** Options of Node for every gateway. */
  readonly gatewayNodeArguments?: readonly string[];
}

/** Control and gateways as real programs, each in its host. */
export class NetworkExchange {
  readonly baseDomain: string;
  readonly controlUrl = `http://${controlAddress}:${controlPort}`;
  /** Of the name server in host `dns`, whether that runs or not. */
  readonly nameServerToken = randomBytes(24).toString("hex");
  readonly #options: NetworkExchangeOptions;
  readonly #tokens: ReadonlyMap<string, string>;
  readonly #running = new Map<string, Program>();
  #api: Api | undefined;

  private constructor(options: NetworkExchangeOptions) {
    this.#options = options;
    this.baseDomain = options.baseDomain ?? "tandem.test";
    this.#tokens = new Map(options.gateways.map(({ name }) => [name, randomBytes(24).toString("hex")]));
  }

  /** Starts control, then all gateways at once, and waits until each routes by a snapshot. */
  static async start(options: NetworkExchangeOptions): Promise<NetworkExchange> {
    const exchange = new NetworkExchange(options);
    await exchange.startControl();
    await Promise.all(options.gateways.map((gateway) => exchange.startGateway(gateway)));
    return exchange;
  }

  get api(): Api {
    if (this.#api === undefined) throw new Error("control has not been started");
    return this.#api;
  }

  /** `control`, or the name of a gateway. */
  program(name: string): Program {
    const program = this.#running.get(name);
    if (program === undefined) throw new Error(`${name} has not been started`);
    return program;
  }

  terminationHost(label: string, edge: string): string {
    return `${label}.pstn.${edge}.${this.baseDomain}`;
  }

  async startControl(): Promise<void> {
    const { network, controlAgent } = this.#options;
    const host = network.host("control");
    const credentialsFile = join(host.directory, "credentials.json");
    const control = host.start({
      name: "control",
      command: process.execPath,
      args: ["--disable-warning=ExperimentalWarning", join(root, "apps/control/src/main.ts")],
      environment: {
        TANDEM_DATA_DIRECTORY: join(host.directory, "data"),
        TANDEM_HTTP_ADDRESS: controlAddress,
        TANDEM_HTTP_PORT: String(controlPort),
        TANDEM_BASE_DOMAIN: this.baseDomain,
        TANDEM_DATABASE_URL: undefined,
        TANDEM_CREDENTIALS_FILE: credentialsFile,
        TANDEM_GATEWAY_TOKENS: [...this.#tokens].map(([name, token]) => `${name}=${token}`).join(","),
        TANDEM_NAME_SERVER_TOKENS: `${nameServer.name}=${this.nameServerToken}`,
      },
    });
    this.#running.set("control", control);
    await control.waitForOutput("control-started", startLimitMs);
    const credentials = JSON.parse(readFileSync(credentialsFile, "utf8")) as ApiCredentials;
    this.#api = new Api({ ...credentials, url: this.controlUrl }, async (url, request) => {
      const { status, text } = await controlAgent.perform("fetch", { url, ...request });
      return { ok: status >= 200 && status < 300, status, text: async () => text };
    });
  }

  async startGateway(gateway: GatewayHost): Promise<void> {
    const { network, changes, gatewayNodeArguments = [] } = this.#options;
    const host = network.host(gateway.name);
    const file = join(host.directory, "gateway.json");
    const configuration = gatewayFile(gateway, {
      directory: host.directory,
      controlUrl: this.controlUrl,
      token: this.#tokens.get(gateway.name) ?? "",
      pathspace: host.namespace,
      ...(changes === undefined ? {} : { changes }),
    });
    writeFileSync(file, JSON.stringify(configuration, undefined, 2), { mode: 0o600 });
    const program = host.start({
      name: "gateway",
      command: process.execPath,
      args: [
        "--disable-warning=ExperimentalWarning",
        ...gatewayNodeOptions(),
        ...gatewayNodeArguments,
        join(root, "apps/gateway/src/main.ts"),
        "--config",
        file,
      ],
    });
    this.#running.set(gateway.name, program);
    await program.waitForOutput('"serving"', startLimitMs);
    await program.waitForOutput('"snapshot-applied"', startLimitMs);
  }

  /** Waits until every running gateway routes by what control's database says now. */
  async settled(): Promise<void> {
    const { text } = await this.#options.controlAgent.perform("fetch", {
      url: `${this.controlUrl}/health`,
      method: "GET",
      headers: {},
    });
    const { snapshot_version: wanted } = JSON.parse(text) as { snapshot_version: number };
    for (const [name, program] of this.#running) {
      if (name === "control" || program.hasExited) continue;
      await waitFor(`${name} to have snapshot ${wanted}`, () => appliedVersion(program) >= wanted);
    }
  }
}

function appliedVersion(gateway: Program): number {
  const applied = [...gateway.output.matchAll(/"snapshot-applied".*?"version":(\d+)/g)];
  return Number(applied[applied.length - 1]?.[1] ?? -1);
}
