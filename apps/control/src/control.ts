/** Control put together: database, REST interface, console, snapshot publisher, gateway stream. */
import { open } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Clock } from "@tandem/clock";
import {
  type Database,
  findInstallation,
  hashAccessToken,
  migrate,
  openDatabase,
  snapshotVersion,
  upsertGateway,
} from "@tandem/database";
import { makeDirectory } from "@tandem/directories";
import { serveMetrics } from "@tandem/telemetry";
import type { FastifyInstance } from "fastify";
import { buildApplication, exchangeRoutes } from "./api/index.ts";
import { type ControlConfiguration, defaultBaseDomain } from "./configuration.ts";
import { readConsoleFiles, serveConsole, shippedConsoleDirectory } from "./console/index.ts";
import type { ControlLogger } from "./control-logger.ts";
import {
  authenticateGateway,
  GatewayRegister,
  GatewayStreamHub,
  serveGatewayStream,
} from "./gateway-stream/index.ts";
import {
  bootstrapInstallation,
  changeLinePool,
  changeNames,
  checkKey,
  followTopology,
  KeyRotation,
  type OperatorCredentials,
  readTopologyFile,
  shippedTopologyFile,
  type TopologyChoice,
} from "./installation/index.ts";
import { TransitionWatcher } from "./interconnect/index.ts";
import { ApiTally } from "./metrics/api-tally.ts";
import { controlMetrics, controlNotReady } from "./metrics/control-metrics.ts";
import { RecordTally } from "./records/record-tally.ts";
import { storeEntries } from "./records/store-entries.ts";
import { readKeyFile, SecretBox } from "./secrets/index.ts";
import { SnapshotPublisher } from "./snapshot/index.ts";
import { nameServerAuthentication, ZoneStreamHub } from "./zone-stream/index.ts";

export interface ControlParts {
  readonly clock: Clock;
  readonly logger: ControlLogger;
  /** Default: the one that the configuration names. It is closed with control. */
  readonly database?: Database;
}

export interface Control {
  /** Origin it listens on, `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The operator's credentials, at the first start only. */
  readonly firstCredentials: OperatorCredentials | undefined;
  /** Idempotent. Lets requests end, tells gateways, closes the database. */
  close(): Promise<void>;
}

/** Starts control; resolves when it listens. Throws what stands in its way, with nothing left open. */
export async function startControl(
  configuration: ControlConfiguration,
  parts: ControlParts,
): Promise<Control> {
  makeDirectory(configuration.dataDirectory);
  const database = parts.database ?? (await openConfigured(configuration));
  try {
    return await startOn(database, configuration, parts);
  } catch (error) {
    await database.close();
    throw error;
  }
}

function openConfigured({ databaseUrl, dataDirectory }: ControlConfiguration): Promise<Database> {
  return databaseUrl === undefined
    ? openDatabase({ kind: "embedded", dataDirectory: join(dataDirectory, "database") })
    : openDatabase({ kind: "server", url: databaseUrl });
}

async function startOn(
  database: Database,
  configuration: ControlConfiguration,
  parts: ControlParts,
): Promise<Control> {
  const { logger } = parts;
  const applied = await migrate(database);
  if (applied.length > 0) logger.info("database-migrated", { migrations: applied });
  const installed = await install(database, configuration, parts);
  for (const [name, token] of configuration.gatewayTokens) {
    await upsertGateway(database, name, hashAccessToken(token));
  }
  const assembled = assemble(database, installed, configuration, parts);
  let closing: Promise<void> | undefined;
  let stopMetrics = async (): Promise<void> => {};
  const close = () => {
    closing ??= stopMetrics().then(() => closeAll(assembled, database));
    return closing;
  };
  try {
    await assembled.rotation.start();
    await assembled.publisher.start();
    await assembled.watcher.start();
    await assembled.application.listen({ host: configuration.httpAddress, port: configuration.httpPort });
    stopMetrics = await watched(database, assembled, configuration, parts);
  } catch (error) {
    await close();
    throw error;
  }
  const { address, port } = assembled.application.server.address() as AddressInfo;
  const url = originOf(address, port);
  logger.info("control-started", { url, engine: database.engine });
  return { url, firstCredentials: installed.firstCredentials, close };
}

/** Serves metrics where the configuration wants it. Returns what ends it. */
async function watched(
  database: Database,
  assembled: Assembled,
  { metrics }: ControlConfiguration,
  { clock, logger }: ControlParts,
): Promise<() => Promise<void>> {
  if (metrics === undefined) return async () => {};
  return serveMetrics({
    program: "control",
    metrics: controlMetrics({ ...assembled, database }),
    clock,
    logger,
    ...metrics,
    notReady: () => controlNotReady(database),
  });
}

interface Assembled {
  readonly api: ApiTally;
  readonly records: RecordTally;
  readonly hub: GatewayStreamHub;
  readonly zones: ZoneStreamHub;
  readonly register: GatewayRegister;
  readonly publisher: SnapshotPublisher;
  readonly rotation: KeyRotation;
  readonly watcher: TransitionWatcher;
  readonly application: FastifyInstance;
}

function assemble(
  database: Database,
  { box, names }: { readonly box: SecretBox; readonly names: { baseDomain: string; realm: string } },
  configuration: ControlConfiguration,
  { clock, logger }: ControlParts,
): Assembled {
  const common = { database, box, clock, logger };
  const zones = new ZoneStreamHub({ clock, logger });
  const records = new RecordTally(clock);
  const publisher = new SnapshotPublisher({
    ...common,
    publish: (snapshot) => hub.publish(snapshot),
    ...(configuration.nameServerTokens.size > 0 && { publishZone: (zone) => zones.publish(zone) }),
  });
  const watcher = new TransitionWatcher({ database, clock, logger, onMoved: () => publisher.notify() });
  const register = new GatewayRegister({
    database,
    clock,
    logger,
    onNews: () => watcher.notify(),
    onPlaced: () => publisher.notify(),
  });
  const hub: GatewayStreamHub = new GatewayStreamHub({
    clock,
    logger,
    store: (gateway, entries) => storeEntries(database, gateway, entries, records),
    onState: (state) => void register.record(state),
    onGone: (state) => void register.gone(state),
  });
  const rotation = new KeyRotation({ ...common, onRotated: () => publisher.notify() });
  const application = buildApplication(
    {
      ...common,
      ...names,
      publicUrl: publicUrlOf(configuration),
      trustProxy: configuration.trustProxy,
      configurationChanged: () => {
        publisher.notify();
        watcher.notify();
      },
    },
    exchangeRoutes(hub),
  );
  const api = new ApiTally();
  api.watch(application);
  addHealth(application, database);
  addConsole(application, configuration);
  serveGatewayStream(application.server, {
    hub,
    logger,
    authenticate: (authorization) => authenticateGateway(database, authorization),
    nameServers: {
      authenticate: nameServerAuthentication(configuration.nameServerTokens),
      adopt: (socket, name) => zones.adopt(socket, name),
    },
  });
  return { api, records, hub, zones, register, publisher, rotation, watcher, application };
}

/** Gateways are told first: their streams keep the server open. The database goes last. */
async function closeAll(
  { hub, zones, register, publisher, rotation, watcher, application }: Assembled,
  database: Database,
): Promise<void> {
  rotation.close();
  hub.close();
  zones.close();
  await application.close();
  await watcher.close();
  await publisher.close();
  await register.settled();
  await database.close();
}

/** The installation of this database: made at the first start, checked against key and names at every other. */
async function install(
  database: Database,
  configuration: ControlConfiguration,
  { clock, logger }: ControlParts,
) {
  const existing = await findInstallation(database);
  const box = new SecretBox(await readKeyFile(configuration.keyFile, existing === undefined));
  const choice = await topologyOf(configuration);
  const baseDomain = configuration.baseDomain ?? choice.topology?.baseDomain ?? defaultBaseDomain;
  const firstCredentials =
    existing === undefined
      ? await bootstrapInstallation({
          database,
          box,
          baseDomain,
          realm: configuration.realm ?? baseDomain,
          nowMs: clock.wallMs(),
          topology: choice,
          keep: (credentials) => writeCredentials(configuration, credentials),
        })
      : undefined;
  const installation = await findInstallation(database);
  if (installation === undefined) throw new Error("the installation has gone");
  checkKey(installation, box);
  await changeLinePool(database, configuration.linePool);
  if (existing !== undefined) await follow(database, choice, logger);
  return { box, firstCredentials, names: await changeNames(database, configuration) };
}

async function topologyOf({ topologyFile: file }: ControlConfiguration): Promise<TopologyChoice> {
  if (file === "none") return { file, topology: undefined };
  return { file, topology: await readTopologyFile(file ?? shippedTopologyFile) };
}

async function follow(database: Database, choice: TopologyChoice, logger: ControlLogger): Promise<void> {
  const outcome = await followTopology(database, choice);
  if (outcome === undefined) return;
  const { isChanged, keptAsEdited, keptInUse, refused } = outcome;
  if (isChanged) logger.info("topology-followed", { file: choice.file ?? shippedTopologyFile });
  if (keptAsEdited.length > 0) logger.info("topology-rows-edited", { rows: keptAsEdited });
  if (keptInUse.length > 0) logger.warn("topology-rows-in-use", { rows: keptInUse });
  if (refused.length > 0) logger.warn("topology-rows-refused", { rows: refused });
}

/** Readable by the owner only; on disk before the installation is. */
async function writeCredentials(
  configuration: ControlConfiguration,
  credentials: OperatorCredentials,
): Promise<void> {
  const file = await open(configuration.credentialsFile, "w", 0o600);
  try {
    await file.chmod(0o600);
    const url = publicUrlOf(configuration);
    await file.writeFile(`${JSON.stringify({ url, ...credentials }, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** For load balancers and `up`: 200 when requests can be served. */
function addHealth(application: FastifyInstance, database: Database): void {
  application.get("/health", { schema: { hide: true } }, async () => ({
    status: "ok",
    snapshot_version: await snapshotVersion(database),
  }));
}

function addConsole(
  application: FastifyInstance,
  { consoleDirectory: directory }: ControlConfiguration,
): void {
  if (directory === "none") return;
  serveConsole(application, readConsoleFiles(directory ?? shippedConsoleDirectory));
}

function publicUrlOf({ publicUrl, httpAddress, httpPort }: ControlConfiguration): string {
  return publicUrl ?? originOf(httpAddress, httpPort);
}

function originOf(address: string, port: number): string {
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
}
