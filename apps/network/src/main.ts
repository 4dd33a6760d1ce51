/** The network agent's composition root: `node main.ts --config GATEWAY.yaml [watch|apply|plan|clear]`. */
import { enableCompileCache } from "node:module";
import { parseArgs } from "node:util";
import { SystemClock } from "@tandem/clock";
import { createLogger, type Logger } from "@tandem/telemetry";
import { type HostConfiguration, readHostConfiguration } from "./configuration.ts";
import { Enforcer } from "./enforce/enforcer.ts";
import { holdNetwork } from "./enforce/exclusive.ts";
import { commandRunner } from "./kernel/command.ts";
import { kernelSettings } from "./kernel/device-settings.ts";
import { applyOnce, clearAll, type OnceParts, printPlan } from "./once.ts";
import { watchHost } from "./watch/watch-host.ts";

enableCompileCache();

const usage = "usage: network --config GATEWAY.yaml [watch|apply|plan|clear]";
const verbs = ["watch", "apply", "plan", "clear"] as const;
type Verb = (typeof verbs)[number];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { config: { type: "string" } },
    allowPositionals: true,
  });
  const verb = (positionals[0] ?? "watch") as Verb;
  if (values.config === undefined || positionals.length > 1 || !verbs.includes(verb)) throw new Error(usage);
  const configuration = readHostConfiguration(values.config);
  const clock = new SystemClock();
  const run = commandRunner(clock);
  const parts: OnceParts = {
    configuration,
    run,
    settings: kernelSettings,
    enforcer: new Enforcer(run, kernelSettings, configuration.edge),
    print: (text) => process.stdout.write(`${text}\n`),
    complain: (text) => process.stderr.write(`network: ${text}\n`),
  };
  if (verb === "plan") return await printPlan(parts);
  const hold = await holdNetwork();
  if (verb === "watch") return watch(configuration, clock, parts);
  try {
    const isDone = await (verb === "apply" ? applyOnce(parts) : clearAll(parts));
    if (!isDone) process.exitCode = 1;
  } finally {
    await hold.release();
    clock.close();
  }
}

function watch(configuration: HostConfiguration, clock: SystemClock, parts: OnceParts): void {
  const { gateway } = configuration;
  const logger = createLogger({ level: gateway.logLevel ?? "info" }).child({ gateway: gateway.name });
  const watching = watchHost({ ...parts, clock, logger });
  stopOnSignal(logger, async () => {
    await watching.close();
    clock.close();
  });
}

/** What is in the kernel stays there: lines go on working while the agent is replaced. */
function stopOnSignal(logger: Logger, stop: () => Promise<void>): void {
  const onSignal = (signal: string): void => {
    logger.info("stopping", { signal });
    const exit = (code: number): void => {
      logger.flush();
      process.exit(code);
    };
    stop().then(
      () => exit(0),
      () => exit(1),
    );
  };
  process.once("SIGTERM", onSignal);
  process.once("SIGINT", onSignal);
}

main().catch((error: unknown) => {
  process.stderr.write(`network: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
