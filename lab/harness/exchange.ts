import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GatewayConfiguration } from "@tandem/contracts";
import { Api, type ApiCredentials } from "./api.ts";
import { placeEmptyDatabase } from "./empty-database.ts";
import { freePort } from "./free-port.ts";
import { GatewayProcess } from "./gateway-process.ts";
import { Program } from "./program.ts";
import { waitFor } from "./wait.ts";

const root = join(import.meta.dirname, "..", "..");

/** A gateway beside the first one. */
export interface FurtherGateway {
  /** Default `gateway-2`, `gateway-3` … */
  readonly name?: string;
  readonly edge: string;
  readonly region?: string;
  readonly interfaces: GatewayConfiguration["interfaces"];
  readonly mediaPorts?: { readonly first: number; readonly last: number };
  /** Runs it: `ip netns exec …`, say. */
  readonly commandPrefix?: readonly string[];
  /** Merged into its configuration. */
  readonly gateway?: Partial<GatewayConfiguration>;
}

export interface ExchangeOptions {
  /** Loopback address towards customers. */
  readonly customerAddress: string;
  /** Loopback address towards carriers. */
  readonly carrierAddress: string;
  /** Default 5060; 0 takes free ports. */
  readonly sipPort?: number;
  readonly edge?: string;
  readonly region?: string;
  readonly mediaPorts?: { readonly first: number; readonly last: number };
  /** Options of Node for the gateway. */
  readonly gatewayNodeArguments?: readonly string[];
  /** Merged into the gateway's configuration: its interfaces, say, with one of role backbone. */
  readonly gateway?: Partial<GatewayConfiguration>;
  /** Runs the first gateway: `ip netns exec …`, say. */
  readonly gatewayCommandPrefix?: readonly string[];
  /** Started after the first, each with a token of its own. */
  readonly furtherGateways?: readonly FurtherGateway[];
  /** PEM files for a TLS port (5061, or a free one) towards customers. */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  /** `postgres://…` in place of the embedded database. */
  readonly databaseUrl?: string;
  /** Kept after `stop` when given; a temporary directory otherwise. */
  readonly directory?: string;
  readonly baseDomain?: string;
  /** Further variables of control's environment. */
  readonly controlEnvironment?: Readonly<Record<string, string>>;
}

/** One control and one gateway or more as real processes on loopback addresses: what a user runs. */
export class Exchange {
  readonly directory: string;
  readonly edge: string;
  readonly baseDomain: string;
  readonly customerAddress: string;
  readonly carrierAddress: string;
  sipPort = 0;
  tlsPort = 0;
  control!: Program;
  api!: Api;
  /** The first one, then the further ones in their order. */
  readonly gateways: GatewayProcess[] = [];
  readonly #options: ExchangeOptions;
  readonly #tokens = new Map<string, string>();
  #httpPort = 0;

  private constructor(options: ExchangeOptions) {
    this.#options = options;
    this.directory = options.directory ?? mkdtempSync(join(tmpdir(), "tandem-lab-"));
    this.edge = options.edge ?? "ashburn-ix";
    this.baseDomain = options.baseDomain ?? "tandem.test";
    this.customerAddress = options.customerAddress;
    this.carrierAddress = options.carrierAddress;
  }

  /** Starts both and waits until the gateway has its first snapshot. */
  static async start(options: ExchangeOptions): Promise<Exchange> {
    const exchange = new Exchange(options);
    try {
      await exchange.#start();
    } catch (error) {
      await exchange.stop();
      throw error;
    }
    return exchange;
  }

  /** Process of the first gateway. */
  get gateway(): Program {
    return this.node("gateway-1").program;
  }

  /** The gateway of that name. */
  node(name: string): GatewayProcess {
    const found = this.gateways.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no gateway ${name}`);
    return found;
  }

  get controlUrl(): string {
    return `http://127.0.0.1:${this.#httpPort}`;
  }

  /** `example.pstn.ashburn-ix.tandem.test` */
  terminationHost(label: string): string {
    return `${label}.pstn.${this.edge}.${this.baseDomain}`;
  }

  async startControl(): Promise<void> {
    const dataDirectory = join(this.directory, "control");
    if (this.#options.databaseUrl === undefined) await placeEmptyDatabase(join(dataDirectory, "database"));
    this.control = new Program({
      name: "control",
      command: process.execPath,
      args: ["--disable-warning=ExperimentalWarning", join(root, "apps/control/src/main.ts")],
      environment: {
        TANDEM_DATA_DIRECTORY: dataDirectory,
        TANDEM_HTTP_ADDRESS: "127.0.0.1",
        TANDEM_HTTP_PORT: String(this.#httpPort),
        TANDEM_BASE_DOMAIN: this.baseDomain,
        TANDEM_DATABASE_URL: this.#options.databaseUrl,
        TANDEM_TOPOLOGY_FILE: join(root, "topology/loopback.yaml"),
        TANDEM_CREDENTIALS_FILE: join(this.directory, "credentials.json"),
        TANDEM_GATEWAY_TOKENS: Array.from(this.#tokens, ([name, token]) => `${name}=${token}`).join(","),
        ...this.#options.controlEnvironment,
      },
      logFile: join(this.directory, "control.log"),
    });
    await this.control.waitForOutput("control-started", 60_000);
  }

  /** Starts the first gateway, or starts it again, and waits until it routes by a snapshot. */
  async startGateway(): Promise<void> {
    await this.node("gateway-1").start();
  }

  /** Waits until every gateway that runs routes by what control's database says now. */
  async settled(): Promise<void> {
    await waitFor("the gateways to have the newest snapshot", async () => {
      const response = await fetch(`${this.controlUrl}/health`);
      const { snapshot_version: wanted } = (await response.json()) as { snapshot_version: number };
      const running = this.gateways.filter((one) => one.isRunning);
      return running.every(
        ({ snapshotVersion }) => snapshotVersion !== undefined && snapshotVersion >= wanted,
      );
    });
  }

  async stop(): Promise<void> {
    const programs = [...this.gateways.map((one) => one.program), this.control];
    for (const program of programs as (Program | undefined)[]) await program?.stop(3000);
    if (this.#options.directory === undefined) rmSync(this.directory, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const wanted = this.#options.sipPort ?? 5060;
    this.sipPort = wanted === 0 ? await freePort(this.customerAddress) : wanted;
    this.tlsPort = wanted === 0 ? await freePort(this.customerAddress) : 5061;
    this.#httpPort = await freePort("127.0.0.1");
    this.#addGateways();
    await this.startControl();
    const credentials = JSON.parse(
      readFileSync(join(this.directory, "credentials.json"), "utf8"),
    ) as ApiCredentials;
    this.api = new Api({ ...credentials, url: this.controlUrl });
    for (const gateway of this.gateways) await gateway.start();
  }

  #addGateways(): void {
    const { directory } = this;
    const { gatewayNodeArguments: nodeArguments = [], gatewayCommandPrefix, furtherGateways } = this.#options;
    const first = { directory, nodeArguments, configuration: this.#gatewayConfiguration() };
    this.gateways.push(
      new GatewayProcess(
        gatewayCommandPrefix === undefined ? first : { ...first, commandPrefix: gatewayCommandPrefix },
      ),
    );
    for (const [index, further] of (furtherGateways ?? []).entries()) {
      const configuration = this.#furtherConfiguration(further, `gateway-${index + 2}`);
      const { commandPrefix = [] } = further;
      this.gateways.push(new GatewayProcess({ directory, nodeArguments, configuration, commandPrefix }));
    }
  }

  #furtherConfiguration(further: FurtherGateway, impliedName: string): GatewayConfiguration {
    const { name = impliedName, edge, region, interfaces, mediaPorts, gateway } = further;
    return {
      name,
      edge,
      region: region ?? "us1",
      stateDirectory: join(this.directory, name),
      control: { url: this.controlUrl, token: this.#newToken(name) },
      interfaces,
      mediaPorts: mediaPorts ?? { first: 20_000, last: 29_999 },
      ...gateway,
    };
  }

  #newToken(name: string): string {
    const token = randomBytes(24).toString("hex");
    this.#tokens.set(name, token);
    return token;
  }

  #gatewayConfiguration(): GatewayConfiguration {
    const { region, mediaPorts, gateway, tls } = this.#options;
    const ports = { udpPort: this.sipPort, tcpPort: this.sipPort };
    return {
      name: "gateway-1",
      edge: this.edge,
      region: region ?? "us1",
      stateDirectory: join(this.directory, "gateway"),
      control: { url: this.controlUrl, token: this.#newToken("gateway-1") },
      interfaces: [
        {
          name: "customers",
          roles: ["private", "public"],
          localAddress: this.customerAddress,
          ...ports,
          ...(tls === undefined ? {} : { tlsPort: this.tlsPort }),
        },
        { name: "carriers", roles: ["carrier"], localAddress: this.carrierAddress, ...ports },
      ],
      mediaPorts: mediaPorts ?? { first: 20_000, last: 29_999 },
      ...(tls === undefined
        ? {}
        : { tls: { certificates: [{ serverNames: [], ...tls }], verifyPeers: false } }),
      ...gateway,
    };
  }
}
