import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GatewayConfiguration } from "@tandem/contracts";
import { Api, type ApiCredentials } from "./api.ts";
import { freePort } from "./free-port.ts";
import { Program } from "./program.ts";
import { waitFor } from "./wait.ts";

const root = join(import.meta.dirname, "..", "..");

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
  /** Merged into the gateway's configuration. */
  readonly gateway?: Partial<GatewayConfiguration>;
  /** PEM files for a TLS port (5061, or a free one) towards customers. */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
  /** `postgres://…` in place of the embedded database. */
  readonly databaseUrl?: string;
  /** Kept after `stop` when given; a temporary directory otherwise. */
  readonly directory?: string;
  readonly baseDomain?: string;
}

/** One control and one gateway as real processes on loopback addresses: what a user runs. */
export class Exchange {
  readonly directory: string;
  readonly edge: string;
  readonly baseDomain: string;
  readonly customerAddress: string;
  readonly carrierAddress: string;
  sipPort = 0;
  tlsPort = 0;
  control!: Program;
  gateway!: Program;
  api!: Api;
  readonly #options: ExchangeOptions;
  readonly #token = randomBytes(24).toString("hex");
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

  get controlUrl(): string {
    return `http://127.0.0.1:${this.#httpPort}`;
  }

  /** `example.pstn.ashburn-ix.tandem.test` */
  terminationHost(label: string): string {
    return `${label}.pstn.${this.edge}.${this.baseDomain}`;
  }

  async startControl(): Promise<void> {
    this.control = new Program({
      name: "control",
      command: process.execPath,
      args: ["--disable-warning=ExperimentalWarning", join(root, "apps/control/src/main.ts")],
      environment: {
        TANDEM_DATA_DIRECTORY: join(this.directory, "control"),
        TANDEM_HTTP_ADDRESS: "127.0.0.1",
        TANDEM_HTTP_PORT: String(this.#httpPort),
        TANDEM_BASE_DOMAIN: this.baseDomain,
        TANDEM_DATABASE_URL: this.#options.databaseUrl,
        TANDEM_TOPOLOGY_FILE: join(root, "topology/loopback.yaml"),
        TANDEM_CREDENTIALS_FILE: join(this.directory, "credentials.json"),
        TANDEM_GATEWAY_TOKENS: `gateway-1=${this.#token}`,
      },
      logFile: join(this.directory, "control.log"),
    });
    await this.control.waitForOutput("control-started", 60_000);
  }

  /** Starts the gateway; `expectSnapshot` waits until it routes by one. */
  async startGateway(): Promise<void> {
    const file = join(this.directory, "gateway.json");
    writeFileSync(file, JSON.stringify(this.#gatewayConfiguration(), undefined, 2), { mode: 0o600 });
    this.gateway = new Program({
      name: "gateway",
      command: process.execPath,
      args: [
        "--disable-warning=ExperimentalWarning",
        ...(this.#options.gatewayNodeArguments ?? []),
        join(root, "apps/gateway/src/main.ts"),
        "--config",
        file,
      ],
      logFile: join(this.directory, "gateway.log"),
    });
    await this.gateway.waitForOutput('"serving"', 60_000);
    await this.gateway.waitForOutput('"snapshot-applied"', 30_000);
  }

  /** Waits until the gateway routes by what control's database says now. */
  async settled(): Promise<void> {
    await waitFor("the gateway to have the newest snapshot", async () => {
      const response = await fetch(`${this.controlUrl}/health`);
      const { snapshot_version: wanted } = (await response.json()) as { snapshot_version: number };
      const applied = [...this.gateway.output.matchAll(/"snapshot-applied".*?"version":(\d+)/g)];
      const last = applied[applied.length - 1]?.[1];
      return last !== undefined && Number(last) >= wanted;
    });
  }

  async stop(): Promise<void> {
    for (const program of [this.gateway, this.control] as (Program | undefined)[]) await program?.stop(3000);
    if (this.#options.directory === undefined) rmSync(this.directory, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const wanted = this.#options.sipPort ?? 5060;
    this.sipPort = wanted === 0 ? await freePort(this.customerAddress) : wanted;
    this.tlsPort = wanted === 0 ? await freePort(this.customerAddress) : 5061;
    this.#httpPort = await freePort("127.0.0.1");
    await this.startControl();
    const credentials = JSON.parse(
      readFileSync(join(this.directory, "credentials.json"), "utf8"),
    ) as ApiCredentials;
    this.api = new Api({ ...credentials, url: this.controlUrl });
    await this.startGateway();
  }

  #gatewayConfiguration(): GatewayConfiguration {
    const { region, mediaPorts, gateway, tls } = this.#options;
    const ports = { udpPort: this.sipPort, tcpPort: this.sipPort };
    return {
      name: "gateway-1",
      edge: this.edge,
      region: region ?? "us1",
      stateDirectory: join(this.directory, "gateway"),
      control: { url: this.controlUrl, token: this.#token },
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
