/** The programs of one `up`: control first, then the gateway that connects to it, then the name server if one is wanted. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GatewayConfiguration } from "@tandem/contracts";
import { CliError } from "../cli-error.ts";
import { type Connection, credentialsFileName, findConnection } from "../client/connection.ts";
import { RestClient } from "../client/rest-client.ts";
import type { Context } from "../context.ts";
import { controlProgram, controlUrl, readyPath } from "./control-program.ts";
import type { DataDirectory } from "./data-directory.ts";
import { edgeRegion } from "./edge-region.ts";
import { FamilyMember, type Program } from "./family-member.ts";
import { type GatewayPlace, gatewayConfiguration } from "./gateway-configuration.ts";
import type { NameServerPorts } from "./listen-options.ts";
import { nameServerConfiguration } from "./name-server-configuration.ts";
import { acceptsTcp, answersHttp, waitUntil } from "./readiness.ts";
import type { UpOptions } from "./welcome-text.ts";

/** The embedded database takes some seconds to be made at the first start. */
const readyTimeoutMs = 120_000;
/** A program that crashed this often before it was ever ready will not get better. */
const hopelessCrashes = 3;

const endWithParent = join(import.meta.dirname, "end-with-parent.ts");

/** Of the gateway of an edge that is still to be made. */
const regionWithoutEdges = "us1";

export interface Started {
  readonly connection: Connection;
  readonly gateway: GatewayPlace;
}

export class Family {
  readonly #options: UpOptions;
  readonly #directory: DataDirectory;
  readonly #context: Context;
  readonly #members: FamilyMember[] = [];

  constructor(options: UpOptions, directory: DataDirectory, context: Context) {
    this.#options = options;
    this.#directory = directory;
    this.#context = context;
  }

  /** Resolves when calls can come. Throws CliError, with the log's last lines, when a program does not get ready. */
  async start(): Promise<Started> {
    const { listenAddress, sipPort, nameServer } = this.#options;
    const gatewayToken = this.#directory.secret("gateway-token");
    const nameServerToken =
      nameServer === undefined ? undefined : this.#directory.secret("name-server-token");
    const url = controlUrl(this.#options);
    const control = this.#add(
      controlProgram(this.#options, this.#directory, gatewayToken, this.#context, nameServerToken),
    );
    await this.#untilReady(control, () => answersHttp(url + readyPath));
    const connection = findConnection({ TANDEM_URL: url }, this.#directory.path);
    this.#directory.writePrivate(credentialsFileName, `${JSON.stringify(connection, undefined, 2)}\n`);
    const place = await this.#placeOf(connection);
    const gateway = this.#add(this.#gatewayProgram(place, { url, token: gatewayToken }));
    // Without a snapshot a gateway knows nobody and answers nobody.
    const snapshotFile = this.#directory.file(join("gateway", "snapshot.json"));
    const isServing = async (): Promise<boolean> =>
      existsSync(snapshotFile) && (await acceptsTcp(localOf(listenAddress), sipPort));
    await this.#untilReady(gateway, isServing);
    if (nameServer !== undefined && nameServerToken !== undefined) {
      await this.#startNameServer(nameServer, { url, token: nameServerToken });
    }
    return { connection, gateway: place };
  }

  /** Gateways first: they hand over their last call records. */
  async stop(): Promise<void> {
    for (const member of this.#members.toReversed()) {
      await member.stop();
      member.log.close();
    }
    this.#members.length = 0;
  }

  async #placeOf(connection: Connection): Promise<GatewayPlace> {
    const { gateway } = this.#options;
    const region = await edgeRegion(new RestClient(connection), gateway);
    if (region !== undefined) return { ...gateway, region };
    this.#context.note(`there are no edges yet: make ${gateway.edge} with './tandem edges create'`);
    return { ...gateway, region: gateway.region ?? regionWithoutEdges };
  }

  #add(program: Program): FamilyMember {
    const log = this.#directory.logFile(program.name);
    const args = ["--import", endWithParent, ...program.args];
    const member = new FamilyMember({ ...program, args }, log, this.#context.clock, {
      onCrash: (name, how, delayMs) =>
        this.#context.note(
          `${name} ended (${how}); starting it again in ${delayMs / 1000} s; see ${log.path}`,
        ),
    });
    this.#members.push(member);
    member.start();
    return member;
  }

  async #untilReady(member: FamilyMember, isReady: () => Promise<boolean>): Promise<void> {
    const probe = async (): Promise<boolean> => member.mode === "running" && (await isReady());
    const isHopeless = (): boolean => member.crashes >= hopelessCrashes;
    if (await waitUntil(this.#context.clock, readyTimeoutMs, probe, isHopeless)) return;
    const why = isHopeless()
      ? `crashed ${member.crashes} times`
      : `was not ready after ${readyTimeoutMs / 1000} s`;
    throw new CliError(`${member.program.name} ${why}; the end of ${member.log.path}:\n${member.log.tail()}`);
  }

  async #startNameServer(ports: NameServerPorts, control: { url: string; token: string }): Promise<void> {
    const stateDirectory = this.#directory.file("dns");
    const configuration = nameServerConfiguration(this.#options, ports, control, stateDirectory);
    this.#directory.writePrivate("dns.json", `${JSON.stringify(configuration, undefined, 2)}\n`);
    const main = join(this.#context.root, "apps", "dns", "src", "main.ts");
    const member = this.#add({
      name: "dns",
      file: process.execPath,
      args: ["--disable-warning=ExperimentalWarning", main, "--config", this.#directory.file("dns.json")],
      environment: this.#context.environment,
    });
    // Without a zone it answers everybody with SERVFAIL.
    const zoneFile = join(stateDirectory, "zone.json");
    await this.#untilReady(
      member,
      async () => existsSync(zoneFile) && (await acceptsTcp(this.#options.listenAddress, ports.port)),
    );
  }

  #gatewayProgram(place: GatewayPlace, control: GatewayConfiguration["control"]): Program {
    const file = this.#directory.file("gateway.json");
    const configuration = gatewayConfiguration(
      this.#options,
      place,
      control,
      this.#directory.file("gateway"),
    );
    this.#directory.writePrivate("gateway.json", `${JSON.stringify(configuration, undefined, 2)}\n`);
    const folder = join(this.#context.root, "apps", "gateway");
    const options = readFileSync(join(folder, "node-options.txt"), "utf8").trim().split("\n");
    const main = join(folder, "src", "main.ts");
    return {
      name: "gateway",
      file: process.execPath,
      args: ["--disable-warning=ExperimentalWarning", ...options, main, "--config", file],
      environment: this.#context.environment,
    };
  }
}

function localOf(address: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  return address === "::" ? "::1" : address;
}
