/** The name server's composition root: `node main.ts [export] --config FILE`. */
import { randomInt } from "node:crypto";
import { enableCompileCache } from "node:module";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { SystemClock } from "@tandem/clock";
import { defaultMetricsAddress, type NameServerConfiguration } from "@tandem/contracts";
import { makeDirectory } from "@tandem/directories";
import { createLogger, type Logger, serveMetrics } from "@tandem/telemetry";
import { readConfiguration } from "./configuration.ts";
import { ZoneLink } from "./control-link/zone-link.ts";
import { bindZone } from "./export/bind-zone.ts";
import { nameServerMetrics, nameServerNotReady } from "./metrics/name-server-metrics.ts";
import { defaultTtlSeconds, NameServer } from "./name-server.ts";
import { ZoneFile } from "./state/zone-file.ts";
import { ZoneSerial } from "./state/zone-serial.ts";
import { ZoneIndex } from "./zone/zone-index.ts";

enableCompileCache();

const usage = "usage: dns --config FILE, or dns export [--format bind] --config FILE";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { config: { type: "string" }, format: { type: "string", default: "bind" } },
    allowPositionals: true,
  });
  const [verb, ...more] = positionals;
  const isKnown = (verb === undefined || verb === "export") && more.length === 0 && values.format === "bind";
  if (values.config === undefined || !isKnown) throw new Error(usage);
  const configuration = readConfiguration(values.config);
  if (verb === "export") await exportZone(configuration);
  else await serve(configuration);
}

/** The zone on disk to standard output; needs neither control nor a running name server. */
async function exportZone(configuration: NameServerConfiguration): Promise<void> {
  const zone = await new ZoneFile(configuration.stateDirectory).read();
  if (zone === undefined) throw new Error(`${configuration.stateDirectory} holds no zone yet`);
  const index = new ZoneIndex(zone, configuration.nameServers);
  await pipeline(
    Readable.from(bindZone(index, configuration.ttlSeconds ?? defaultTtlSeconds)),
    process.stdout,
  );
}

async function serve(configuration: NameServerConfiguration): Promise<void> {
  const logger = createLogger({ level: configuration.logLevel ?? "info" }).child({
    nameServer: configuration.name,
  });
  const clock = new SystemClock({
    onError: (error: unknown) => logger.error("fault", { in: "timer", error: String(error) }),
  });
  try {
    makeDirectory(configuration.stateDirectory);
    const serial = await ZoneSerial.open(configuration.stateDirectory, (error) =>
      logger.error("serial-not-kept", { error: String(error) }),
    );
    const server = new NameServer({ configuration, clock, serial, random, logger });
    const file = new ZoneFile(configuration.stateDirectory);
    await startFromDisk(server, file, logger);
    await server.open();
    const link = zoneLink({ configuration, server, file, clock, logger });
    link.start();
    logger.info("serving", { zoneVersion: server.zoneVersion });
    process.on("SIGUSR2", () => logger.info("status", server.status()));
    const { metrics } = configuration;
    if (metrics !== undefined) {
      await serveMetrics({
        program: "dns",
        metrics: nameServerMetrics(server, link),
        clock,
        logger,
        address: metrics.address ?? defaultMetricsAddress,
        port: metrics.port,
        notReady: () => nameServerNotReady(server),
      });
    }
    surviveFaults(logger);
    stopOnSignal(logger, () => {
      link.close();
      server.close();
      clock.close();
    });
  } finally {
    logger.flush();
  }
}

/** A name server that cannot reach control answers by what it knew last. */
async function startFromDisk(server: NameServer, file: ZoneFile, logger: Logger): Promise<void> {
  try {
    const zone = await file.read();
    if (zone !== undefined) server.applyZone(zone);
  } catch (error) {
    logger.error("zone-on-disk-refused", { error: String(error) });
  }
}

function zoneLink(parts: {
  readonly configuration: NameServerConfiguration;
  readonly server: NameServer;
  readonly file: ZoneFile;
  readonly clock: SystemClock;
  readonly logger: Logger;
}): ZoneLink {
  const { configuration, server, file, clock, logger } = parts;
  return new ZoneLink({
    clock,
    url: configuration.control.url,
    token: configuration.control.token,
    nameServer: configuration.name,
    random,
    zoneVersion: () => server.zoneVersion,
    applyZone: (zone) => {
      server.applyZone(zone);
      file.write(zone).catch((error: unknown) => {
        logger.error("zone-not-kept", { error: String(error) });
      });
    },
    onEvent: (event, text) => logger.info(`control-${event}`, { text }),
  });
}

/** An error in one place must not take all names away. */
function surviveFaults(logger: Logger): void {
  process.on("uncaughtException", (error) =>
    logger.error("fault", { in: "process", error: error.stack ?? error.message }),
  );
  process.on("unhandledRejection", (error) => logger.error("fault", { in: "promise", error: String(error) }));
}

function stopOnSignal(logger: Logger, stop: () => void): void {
  const onSignal = (signal: string): void => {
    stop();
    logger.info("stopped", { signal });
    logger.flush();
    process.exit(0);
  };
  process.once("SIGTERM", onSignal);
  process.once("SIGINT", onSignal);
}

function random(): number {
  return randomInt(2 ** 47) / 2 ** 47;
}

main().catch((error: unknown) => {
  process.stderr.write(`dns: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
