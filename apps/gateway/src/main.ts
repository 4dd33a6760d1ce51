/** The gateway's composition root: `node main.ts --config FILE`. */
import { randomInt } from "node:crypto";
import { enableCompileCache } from "node:module";
import { parseArgs } from "node:util";
import { SystemClock, sleep } from "@tandem/clock";
import { defaultMetricsAddress, type GatewayConfiguration } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { createLogger, type Logger, serveMetrics } from "@tandem/telemetry";
import { limitStore } from "./calls/limit-store.ts";
import { readConfiguration } from "./configuration.ts";
import { ControlLink } from "./control-link/control-link.ts";
import { dnsResolver } from "./dns/index.ts";
import { FaultLog } from "./fault-log.ts";
import { Gateway } from "./gateway.ts";
import { HeartbeatSender } from "./heartbeat/heartbeat-sender.ts";
import { HeartbeatSocket, heartbeatTargets } from "./heartbeat/heartbeat-socket.ts";
import { DiskAlarm } from "./ledger/disk-alarm.ts";
import { WorkerLedger } from "./ledger/worker-ledger.ts";
import { NetworkStateFile } from "./lines/network-state-file.ts";
import { mediaRelay } from "./media/media-relay.ts";
import { openRtpengines } from "./media/rtpengines.ts";
import { type GatewayMetricsSource, gatewayMetrics, gatewayNotReady } from "./metrics/gateway-metrics.ts";
import { KeptSnapshot } from "./snapshot/kept-snapshot.ts";
import { SnapshotIntake } from "./snapshot/snapshot-intake.ts";
import { SnapshotStore } from "./snapshot/snapshot-store.ts";
import { stirFiles } from "./stir/stir-files.ts";
import { StirServices } from "./stir/stir-services.ts";
import { raisePriority } from "./thread-priority.ts";
import { CertificateFiles } from "./tls/certificate-files.ts";
import { type FollowedFiles, tlsFiles } from "./tls/tls-parts.ts";
import { collectorSocket } from "./trace/collector-socket.ts";
import { promoteYoungObjects } from "./young-objects.ts";

enableCompileCache();

/** After SIGTERM calls may go on for so long; then they are ended. */
const drainLimitMs = 4 * 3600 * 1000;
/** After the last call its record may still reach control, and its BYE be answered. */
const settleMs = 500;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: "string" } } });
  if (values.config === undefined) throw new Error("usage: gateway --config FILE");
  const configuration = readConfiguration(values.config);
  const logger = createLogger({ level: configuration.logLevel ?? "info" }).child({
    gateway: configuration.name,
  });
  try {
    await serve(configuration, logger);
  } finally {
    logger.flush();
  }
}

async function serve(configuration: GatewayConfiguration, logger: Logger): Promise<void> {
  const faults = new FaultLog(logger);
  const clock = new SystemClock({ onError: (error: unknown) => faults.onFault(error, { in: "timer" }) });
  const disk = new DiskAlarm(clock, logger);
  const ledger = await WorkerLedger.open({
    clock,
    directory: configuration.stateDirectory,
    onDegraded: (isDegraded, error, lost) => disk.onDegraded(isDegraded, error, lost),
    onFault: (error) => faults.onFault(error, { in: "ledger" }),
  });
  const relay = await mediaRelay(configuration, clock, (event, fields) => logger.info(event, fields));
  const rtpengines = openRtpengines(configuration, {
    clock,
    random,
    onChange: (name, isUp) => gateway.onRtpengine(name, isUp),
  });
  const follow = <T>(files: FollowedFiles<T>, apply: (value: T) => void): CertificateFiles<T> =>
    new CertificateFiles({
      files,
      clock,
      apply,
      onEvent: (event, fields) => {
        if (event === "certificates-refused") logger.error(event, fields);
        else logger.info(event, fields);
      },
      onLastingFault: (text) => void gateway.onFileFault(reasons.certificateFilesRefused, text),
      onExpiring: (text) => {
        logger.warn("certificate-expiring", { text });
        gateway.onFileFault(reasons.certificateExpiring, text);
      },
    });
  const certificates =
    configuration.tls && follow(tlsFiles(configuration.tls), (tls) => gateway.transport.reloadTls(tls));
  const tls = await certificates?.first();
  const resolver = dnsResolver({ clock, servers: configuration.dnsServers });
  const stir = configuration.stir && new StirServices(clock, resolver, configuration.stir);
  const stirTexts =
    configuration.stir && follow(stirFiles(configuration.stir), (texts) => stir?.apply(texts));
  if (stirTexts !== undefined) stir?.apply(await stirTexts.first());
  const collector = collectorSocket(configuration);
  const gateway: Gateway = new Gateway({
    configuration,
    clock,
    resolver,
    relay,
    sdpRelay: rtpengines?.relay,
    ledger,
    tls,
    random,
    stir,
    onEvent: (event, fields) => logger.info(event, fields),
    onFault: (error, fields) => faults.onFault(error, fields),
    limitStore: await limitStore(configuration),
    collect: collector && ((packet) => collector.send(packet)),
  });
  const file = new SnapshotStore(configuration.stateDirectory);
  await startFromDisk(gateway, file, logger);
  promoteYoungObjects();
  await gateway.open();
  const networkState = followNetworkState(configuration, gateway, clock, logger);
  const recovery = gateway.recover();
  await relay.open();
  const link = controlLink({ configuration, gateway, ledger, clock, file, logger });
  gateway.lines.onHealthChange = () => link.onStateChange();
  link.onOpened = () => disk.onConnected();
  link.start();
  disk.follow({
    raise: (reason, text) => gateway.onFileFault(reason, text),
    tell: (alertText) => link.tellAlert(alertText),
  });
  const stopHeartbeats = startHeartbeats(configuration, gateway, clock);
  const notRaised = raisePriority(configuration.nice);
  if (notRaised !== undefined) logger.info("priority-not-raised", { why: notRaised });
  logger.info("serving", { edge: configuration.edge, ...recovery, ...gateway.transport.counts() });
  tellStatusOnSignal(gateway, clock, faults, logger);
  const stopMetrics = await watched(configuration, logger, {
    clock,
    gateway,
    ledger,
    link,
    faults,
    relay,
    sdpRelay: rtpengines?.relay,
    certificateEndMs: () => certificates?.firstEndMs,
  });
  followFiles([certificates, stirTexts]);
  surviveFaults(faults);
  stopOnSignal(logger, async (signal) => {
    logger.info("draining", { signal, calls: gateway.calls.size });
    gateway.core.drain();
    stir?.verification?.stopWaiting();
    clock.schedule(drainLimitMs, () => gateway.endAllCalls(), undefined);
    await gateway.calls.whenEmpty();
    await sleep(clock, settleMs);
    stopHeartbeats();
    await stopMetrics();
    link.close();
    networkState.close();
    certificates?.close();
    stirTexts?.close();
    await gateway.close();
    collector?.close();
    await relay.close();
    rtpengines?.close();
    await ledger.close();
    clock.close();
    logger.info("stopped", {});
  });
}

/** Signs of life for the name servers, every second and when draining begins. Returns what ends them. */
function startHeartbeats(
  configuration: GatewayConfiguration,
  gateway: Gateway,
  clock: SystemClock,
): () => void {
  const { name, edge, heartbeatTargets: texts = [] } = configuration;
  const socket = new HeartbeatSocket(heartbeatTargets(texts));
  const sender = new HeartbeatSender({
    clock,
    key: () => gateway.snapshots.table?.snapshot.backboneKeys[0],
    fields: () => ({
      gateway: name,
      edge,
      draining: gateway.core.isDraining,
      liveCalls: gateway.calls.entered,
    }),
    send: (text) => socket.send(text),
  });
  if (texts.length > 0) sender.start();
  gateway.core.onDrain = () => sender.sendNow();
  return () => {
    sender.close();
    socket.close();
  };
}

/** Serves metrics, where the configuration wants it. Returns what ends it. */
async function watched(
  { metrics, interfaces }: GatewayConfiguration,
  logger: Logger,
  source: Omit<GatewayMetricsSource, "mediaInterfaces" | "perCarrier">,
): Promise<() => Promise<void>> {
  if (metrics === undefined) return async () => {};
  const { clock, gateway } = source;
  const mediaInterfaces = new Set(interfaces.map(({ name }) => name));
  const { address = defaultMetricsAddress, port, perCarrier = false } = metrics;
  return serveMetrics({
    program: "gateway",
    metrics: gatewayMetrics({ ...source, mediaInterfaces, perCarrier }),
    clock,
    logger,
    address,
    port,
    notReady: () => gatewayNotReady(gateway),
  });
}

/** What the network agent of this host says of the private lines, if there is one. */
function followNetworkState(
  configuration: GatewayConfiguration,
  gateway: Gateway,
  clock: SystemClock,
  logger: Logger,
): NetworkStateFile {
  const file = new NetworkStateFile({
    clock,
    stateDirectory: configuration.stateDirectory,
    onState: (lines) => gateway.lines.onAgent(lines),
    onFault: (text) => logger.warn("network-state-refused", { text }),
  });
  file.start();
  return file;
}

/** SIGUSR2 writes what there is to the log. */
function tellStatusOnSignal(gateway: Gateway, clock: SystemClock, faults: FaultLog, logger: Logger): void {
  process.on("SIGUSR2", () => {
    // With --expose-gc the heap is told as it is after a collection.
    globalThis.gc?.();
    logger.info("status", {
      ...gateway.counts(),
      timers: clock.pendingTimers,
      transport: gateway.transport.counts(),
      ...process.memoryUsage(),
      faults: faults.count,
      oneWayAudio: gateway.oneWayAlerts.counts,
      sharedLimits: gateway.sharedLimits?.counts(),
      registrations: Object.fromEntries(gateway.registrations()),
      sisters: gateway.backbone.state(),
      backboneSilences: Object.fromEntries(gateway.backbone.gate.silences),
    });
  });
}

/** New files are noticed, and SIGHUP reads them at once: what begins from then on gets the new ones, connections stay. */
function followFiles(
  followed: readonly (Pick<CertificateFiles<unknown>, "reload" | "start"> | undefined)[],
): void {
  process.on("SIGHUP", () => {
    for (const files of followed) void files?.reload();
  });
  for (const files of followed) files?.start();
}

/** From here on there are calls that an error elsewhere must not end. */
function surviveFaults(faults: FaultLog): void {
  process.on("uncaughtException", (error) => faults.onFault(error, { in: "process" }));
  process.on("unhandledRejection", (error) => faults.onFault(error, { in: "promise" }));
}

/** A gateway that can't reach control routes by what it knew last. */
async function startFromDisk(gateway: Gateway, file: SnapshotStore, logger: Logger): Promise<void> {
  try {
    const table = await file.read();
    if (table !== undefined) gateway.applyTable(table);
  } catch (error) {
    logger.error("snapshot-on-disk-refused", { error: String(error) });
  }
}

function controlLink(parts: {
  readonly configuration: GatewayConfiguration;
  readonly gateway: Gateway;
  readonly ledger: WorkerLedger;
  readonly clock: SystemClock;
  readonly file: SnapshotStore;
  readonly logger: Logger;
}): ControlLink {
  const { configuration, gateway, clock, logger } = parts;
  const kept = new KeptSnapshot({
    clock,
    store: parts.file,
    table: () => gateway.snapshots.table,
    onFailed: (error) => logger.error("snapshot-not-kept", { error: String(error) }),
  });
  return new ControlLink({
    clock,
    url: configuration.control.url,
    token: configuration.control.token,
    gateway: configuration.name,
    edge: configuration.edge,
    ledger: parts.ledger,
    random,
    snapshots: new SnapshotIntake({
      table: () => gateway.snapshots.table,
      applyTable: (table) => gateway.applyTable(table),
      applyChange: (change) => gateway.applyChange(change),
      keep: (table, change) => kept.keep(table, change),
    }),
    perform: (command) => {
      if (command.name === "drain" && command.exitWhenIdle) process.kill(process.pid, "SIGTERM");
      return gateway.perform(command);
    },
    state: () => gateway.state(),
    interfaces: () => gateway.reportedInterfaces(),
    onEvent: (event, text) => logger.info(`control-${event}`, { text }),
  });
}

/** The first signal stops in order, a second one at once. */
function stopOnSignal(logger: Logger, stop: (signal: string) => Promise<void>): void {
  let isStopping = false;
  const exit = (code: number): void => {
    logger.flush();
    process.exit(code);
  };
  const onSignal = (signal: string): void => {
    if (isStopping) {
      logger.warn("stopped-at-once", { signal });
      exit(1);
    }
    isStopping = true;
    stop(signal).then(
      () => exit(0),
      (error: unknown) => {
        logger.error("stop-failed", { error: String(error) });
        exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

function random(): number {
  return randomInt(2 ** 47) / 2 ** 47;
}

main().catch((error: unknown) => {
  process.stderr.write(`gateway: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
