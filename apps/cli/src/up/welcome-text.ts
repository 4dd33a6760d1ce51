/** What `up` says once everything runs. */
import type { Connection } from "../client/connection.ts";
import type { WantedEdge } from "./edge-region.ts";
import type { GatewayPlace } from "./gateway-configuration.ts";
import type { ListenOptions } from "./listen-options.ts";
import { metricsLines } from "./metrics-ports.ts";

export interface UpOptions extends ListenOptions {
  readonly baseDomain: string;
  /** Undefined: the embedded database in the data directory. */
  readonly databaseUrl: string | undefined;
  /** Control serves it. */
  readonly hasConsole: boolean;
  /** What control follows. */
  readonly topologyFile: string;
  readonly gateway: WantedEdge & { readonly name: string };
}

export function welcomeText(
  options: UpOptions,
  gateway: GatewayPlace,
  { url, accountSid, authToken }: Connection,
): string {
  const { advertisedAddress, sipPort, mediaPorts, tls, baseDomain, nameServer } = options;
  const lines = [
    "Tandem is up.",
    "",
    ...(options.hasConsole ? [`  console       ${url}/console/`] : []),
    `  REST API      ${url}`,
    `  SIP           ${hostText(advertisedAddress)}:${sipPort} UDP and TCP`,
    ...(tls === undefined ? [] : [`  SIP over TLS  ${hostText(advertisedAddress)}:${tls.port}`]),
    `  media         ${hostText(advertisedAddress)} UDP ${mediaPorts.first}-${mediaPorts.last}`,
    `  gateway       ${gateway.name} on edge ${gateway.edge}, region ${gateway.region}`,
    `  termination   sip:+NUMBER@{trunk}.pstn.${baseDomain}`,
    `  topology      ${options.topologyFile}`,
    ...(nameServer === undefined
      ? []
      : [
          `  names         ${hostText(options.listenAddress)}:${nameServer.port} UDP and TCP (.${baseDomain})`,
        ]),
    ...metricsLines(options),
    `  data          ${options.dataDirectory}`,
    `  database      ${options.databaseUrl === undefined ? "embedded (not safe against power loss)" : "PostgreSQL"}`,
    "",
    `  account SID   ${accountSid}`,
    `  auth token    ${authToken}`,
    "",
    "The client verbs of ./tandem use these credentials by themselves. Ctrl-C stops everything.",
  ];
  return lines.join("\n");
}

function hostText(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
