/** How `up` starts control: its environment is the contract of `apps/control/src/main.ts`. */
import { join } from "node:path";
import { credentialsFileName } from "../client/connection.ts";
import type { Context } from "../context.ts";
import type { DataDirectory } from "./data-directory.ts";
import type { Program } from "./family-member.ts";
import type { ListenOptions } from "./listen-options.ts";
import { metricsOf } from "./metrics-ports.ts";
import { nameServerName } from "./name-server-configuration.ts";
import type { UpOptions } from "./welcome-text.ts";

/** Answers without credentials once control works. */
export const readyPath = "/health";

/** Where the programs and the client of this machine reach control. */
export function controlUrl({ httpAddress, httpPort }: ListenOptions): string {
  const local = { "0.0.0.0": "127.0.0.1", "::": "::1" }[httpAddress] ?? httpAddress;
  return `http://${local.includes(":") ? `[${local}]` : local}:${httpPort}`;
}

export function controlProgram(
  options: UpOptions,
  directory: DataDirectory,
  gatewayToken: string,
  context: Context,
  nameServerToken?: string,
): Program {
  const metrics = metricsOf(options, "control");
  const main = join(context.root, "apps", "control", "src", "main.ts");
  return {
    name: "control",
    file: process.execPath,
    args: ["--disable-warning=ExperimentalWarning", main],
    environment: {
      ...context.environment,
      TANDEM_DATA_DIRECTORY: directory.file("control"),
      TANDEM_HTTP_ADDRESS: options.httpAddress,
      TANDEM_HTTP_PORT: String(options.httpPort),
      TANDEM_PUBLIC_URL: controlUrl(options),
      TANDEM_BASE_DOMAIN: options.baseDomain,
      TANDEM_DATABASE_URL: options.databaseUrl,
      TANDEM_TOPOLOGY_FILE: options.topologyFile,
      TANDEM_CREDENTIALS_FILE: directory.file(credentialsFileName),
      TANDEM_GATEWAY_TOKENS: `${options.gateway.name}=${gatewayToken}`,
      ...(metrics !== undefined && {
        TANDEM_METRICS_ADDRESS: metrics.address,
        TANDEM_METRICS_PORT: String(metrics.port),
      }),
      ...(nameServerToken !== undefined && {
        TANDEM_NAME_SERVER_TOKENS: `${nameServerName}=${nameServerToken}`,
      }),
    },
  };
}
