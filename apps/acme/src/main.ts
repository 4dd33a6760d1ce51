/** Gets and renews certificates: `node main.ts [--once] --config FILE`. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Clock, SystemClock } from "@tandem/clock";
import { type AcmeConfiguration, defaultMetricsAddress } from "@tandem/contracts";
import { createLogger, type Logger, serveMetrics } from "@tandem/telemetry";
import { accountKey } from "./account-key.ts";
import { AcmeAuthority } from "./acme-authority.ts";
import { CertificateKeeper } from "./certificate-keeper.ts";
import { CertificateStore } from "./certificate-store.ts";
import { readConfiguration } from "./configuration.ts";
import { CertificateTally } from "./metrics/certificate-tally.ts";
import { CommandSolver } from "./solvers/command-solver.ts";
import { HttpSolver } from "./solvers/http-solver.ts";
import type { Solver } from "./solvers/solver.ts";

const usage = "usage: acme --config FILE, or acme --once --config FILE";

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: "string" }, once: { type: "boolean" } } });
  if (values.config === undefined) throw new Error(usage);
  const configuration = readConfiguration(values.config);
  const logger = createLogger({ level: configuration.logLevel ?? "info" });
  const clock = new SystemClock({
    onError: (error: unknown) => logger.error("fault", { in: "timer", error: String(error) }),
  });
  const tally = new CertificateTally();
  const keeper = await certificateKeeper(configuration, { clock, logger, tally });
  if (values.once === true) {
    // Everything that is due, once: for cron, and for the first start.
    const failed = await keeper.renewDue();
    clock.close();
    logger.flush();
    process.exitCode = failed === 0 ? 0 : 1;
    return;
  }
  keeper.start();
  const { metrics } = configuration;
  if (metrics !== undefined) {
    await serveMetrics({
      program: "acme",
      metrics: tally.metrics(),
      clock,
      logger,
      address: metrics.address ?? defaultMetricsAddress,
      port: metrics.port,
      notReady: () => [],
    });
  }
  logger.info("serving", { certificates: configuration.certificates.length });
  const stop = (signal: string): void => {
    logger.info("stopped", { signal });
    keeper.close();
    clock.close();
    logger.flush();
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

async function certificateKeeper(
  configuration: AcmeConfiguration,
  {
    clock,
    logger,
    tally,
  }: { readonly clock: Clock; readonly logger: Logger; readonly tally: CertificateTally },
): Promise<CertificateKeeper> {
  const { directory, directoryUrl, authoritiesFile, email, certificates } = configuration;
  const authority = new AcmeAuthority({
    directoryUrl,
    authorities: authoritiesFile === undefined ? undefined : readFileSync(authoritiesFile, "utf8"),
    accountKey: await accountKey(directory),
    email,
    solver: solverOf(configuration, clock),
  });
  return new CertificateKeeper({
    clock,
    certificates,
    store: new CertificateStore(directory),
    order: (domains) => authority.order(domains),
    onPair: (name, pair) => tally.holds(name, pair),
    onEvent: (event, fields) => {
      tally.count(event);
      if (event === "certificate-failed") logger.error(event, fields);
      else logger.info(event, fields);
    },
  });
}

function solverOf({ solver }: AcmeConfiguration, clock: Clock): Solver {
  return solver.type === "http-01"
    ? new HttpSolver(solver.address, solver.port)
    : new CommandSolver(clock, solver.command, solver.settleSeconds);
}

main().catch((error: unknown) => {
  process.stderr.write(`acme: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
