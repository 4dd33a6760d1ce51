/** The program `control`. Ends on SIGTERM or SIGINT; exit code 1 when it cannot start. */
import { enableCompileCache } from "node:module";
import { SystemClock } from "@tandem/clock";
import { createLogger } from "@tandem/telemetry";
import { readConfiguration } from "./configuration.ts";
import { startControl } from "./control.ts";
import type { OperatorCredentials } from "./installation/index.ts";

enableCompileCache();

async function main(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const clock = new SystemClock();
  const logger = createLogger({ level: configuration.logLevel, clock });
  const control = await startControl(configuration, { clock, logger });
  if (control.firstCredentials !== undefined)
    welcome(control.firstCredentials, configuration.credentialsFile);
  let isStopping = false;
  const stop = (signal: string): void => {
    if (isStopping) return;
    isStopping = true;
    logger.info("control-stopping", { signal });
    void control.close().then(
      () => {
        logger.info("control-stopped");
        logger.flush();
        clock.close();
      },
      (error: unknown) => fail(error),
    );
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
}

/** Once. The token goes to a person's terminal only: what is piped ends in log files. */
function welcome({ accountSid, authToken }: OperatorCredentials, credentialsFile: string): void {
  const token = process.stdout.isTTY ? `token ${authToken}; they are` : "token";
  process.stdout.write(`The operator's account is ${accountSid}; its ${token} in ${credentialsFile}\n`);
}

function fail(error: unknown): never {
  process.stderr.write(
    `control: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`,
  );
  process.exit(1);
}

await main().catch(fail);
