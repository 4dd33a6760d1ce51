import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { defaultMetricsAddress, type Validation, validator } from "@tandem/contracts";
import { parseNetwork } from "@tandem/routing";
import Type from "typebox";
import { ipv4Text } from "./interconnect/index.ts";

/** What control is told from outside; every name begins with `TANDEM_`. */
export interface ControlConfiguration {
  /** `TANDEM_DATA_DIRECTORY`, default `data`: the embedded database, key and credentials lie in it. */
  readonly dataDirectory: string;
  /** `TANDEM_HTTP_ADDRESS`, default 127.0.0.1. */
  readonly httpAddress: string;
  /** `TANDEM_HTTP_PORT`, default 8080; 0 takes a free one. */
  readonly httpPort: number;
  /** `TANDEM_PUBLIC_URL`: origin that stands in answers; default the address and port it listens on. */
  readonly publicUrl: string | undefined;
  /** `TANDEM_DATABASE_URL`, `postgres://…`; undefined: the embedded database. */
  readonly databaseUrl: string | undefined;
  /** `TANDEM_KEY_FILE`, default `{data}/secret.key`. */
  readonly keyFile: string;
  /** `TANDEM_CREDENTIALS_FILE`, default `{data}/credentials.json`: gets the operator's credentials at first start. */
  readonly credentialsFile: string;
  /** `TANDEM_BASE_DOMAIN`; undefined: as it is, at first start `tandem.test`. */
  readonly baseDomain: string | undefined;
  /** `TANDEM_REALM`; undefined: as it is, at first start the base domain. */
  readonly realm: string | undefined;
  /** `TANDEM_LINE_POOL`, an IPv4 network of /8 to /28; undefined: as it is, at first start 100.127.0.0/16. */
  readonly linePool: string | undefined;
  /** `TANDEM_TOPOLOGY_FILE`, followed at every start; undefined: the reference topology; `none`: none. */
  readonly topologyFile: string | undefined;
  /** `TANDEM_GATEWAY_TOKENS`, `name=token,name=token`, or a JSON object in `TANDEM_GATEWAY_TOKENS_FILE`. */
  readonly gatewayTokens: ReadonlyMap<string, string>;
  /** `TANDEM_NAME_SERVER_TOKENS`, `name=token,name=token`, or a JSON object in `TANDEM_NAME_SERVER_TOKENS_FILE`. */
  readonly nameServerTokens: ReadonlyMap<string, string>;
  /** `TANDEM_CONSOLE_DIRECTORY`; undefined: the console that comes with the program; `none`: none is served. */
  readonly consoleDirectory: string | undefined;
  /** `TANDEM_TRUST_PROXY`, `true`: X-Forwarded-For is believed. */
  readonly trustProxy: boolean;
  /** `TANDEM_METRICS_PORT`, unset: nothing is served, 0: a free one; `TANDEM_METRICS_ADDRESS`, default 127.0.0.1. */
  readonly metrics: { readonly address: string; readonly port: number } | undefined;
  /** `TANDEM_LOG_LEVEL`, default `info`. */
  readonly logLevel: "debug" | "info" | "warn" | "error";
}

/** A setting is not usable; the message names the variable. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

export const defaultBaseDomain = "tandem.test";
const minimumTokenLength = 16;
const validateTokens: (value: unknown) => Validation<Record<string, string>> = validator(
  Type.Record(Type.String(), Type.String()),
);

/** Reads `process.env` or its like. An empty value counts as not set. Throws a `ConfigurationError`. */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
): ControlConfiguration {
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const dataDirectory = read("TANDEM_DATA_DIRECTORY") ?? "data";
  return {
    dataDirectory,
    httpAddress: read("TANDEM_HTTP_ADDRESS") ?? "127.0.0.1",
    httpPort: portOf("TANDEM_HTTP_PORT", read("TANDEM_HTTP_PORT") ?? "8080"),
    publicUrl: originOf(read("TANDEM_PUBLIC_URL")),
    databaseUrl: databaseUrlOf(read("TANDEM_DATABASE_URL")),
    keyFile: read("TANDEM_KEY_FILE") ?? join(dataDirectory, "secret.key"),
    credentialsFile: read("TANDEM_CREDENTIALS_FILE") ?? join(dataDirectory, "credentials.json"),
    baseDomain: domainOf(read("TANDEM_BASE_DOMAIN")),
    realm: realmOf(read("TANDEM_REALM")),
    linePool: linePoolOf(read("TANDEM_LINE_POOL")),
    topologyFile: read("TANDEM_TOPOLOGY_FILE"),
    gatewayTokens: tokensOf("TANDEM_GATEWAY_TOKENS", "gateway", read),
    nameServerTokens: tokensOf("TANDEM_NAME_SERVER_TOKENS", "name server", read),
    consoleDirectory: read("TANDEM_CONSOLE_DIRECTORY"),
    trustProxy: read("TANDEM_TRUST_PROXY") === "true",
    metrics: metricsOf(read),
    logLevel: logLevelOf(read("TANDEM_LOG_LEVEL") ?? "info"),
  };
}

function portOf(name: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new ConfigurationError(`${name} must be 0-65535, not ${text}`);
}

function metricsOf(read: (name: string) => string | undefined): ControlConfiguration["metrics"] {
  const port = read("TANDEM_METRICS_PORT");
  const address = read("TANDEM_METRICS_ADDRESS") ?? defaultMetricsAddress;
  if (isIP(address) === 0) {
    throw new ConfigurationError(`TANDEM_METRICS_ADDRESS must be an IP address, not ${address}`);
  }
  return port === undefined ? undefined : { address, port: portOf("TANDEM_METRICS_PORT", port) };
}

function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const origin = text.replace(/\/+$/, "");
  if (URL.canParse(origin) && /^https?:\/\/[^/?#@]+$/i.test(origin)) return origin;
  throw new ConfigurationError(`TANDEM_PUBLIC_URL must be http(s)://host[:port], not ${text}`);
}

function databaseUrlOf(text: string | undefined): string | undefined {
  if (text === undefined || /^postgres(ql)?:\/\//.test(text)) return text;
  throw new ConfigurationError("TANDEM_DATABASE_URL must begin with postgres://");
}

function domainOf(text: string | undefined): string | undefined {
  const domain = text?.toLowerCase();
  const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  if (domain === undefined || new RegExp(`^${label}(\\.${label})*$`).test(domain)) return domain;
  throw new ConfigurationError(`TANDEM_BASE_DOMAIN must be a domain name, not ${text}`);
}

/** It stands in a quoted string of the challenge, and before a colon in HA1. */
function realmOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[\x20\x21\x23-\x39\x3b-\x5b\x5d-\x7e]{1,255}$/.test(text)) return text;
  throw new ConfigurationError("TANDEM_REALM must be printable ASCII without quotes, colons and backslashes");
}

/** The network as PostgreSQL writes it. */
function linePoolOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const { first } = parseNetwork(text) ?? {};
  const [address, length = "32"] = text.split("/");
  const isUsable = typeof first === "number" && Number(length) >= 8 && Number(length) <= 28;
  if (isUsable && ipv4Text(first) === address) return text;
  throw new ConfigurationError(`TANDEM_LINE_POOL must be an IPv4 network of /8 to /28, not ${text}`);
}

/** Tokens of all `whose`, from a variable and the file that a second one, `{variable}_FILE`, names. */
function tokensOf(
  variable: string,
  whose: "gateway" | "name server",
  read: (name: string) => string | undefined,
): ReadonlyMap<string, string> {
  const tokens = new Map<string, string>();
  const file = `${variable}_FILE`;
  for (const [name, token] of [...fileTokens(file, read(file)), ...listedTokens(variable, read(variable))]) {
    if (name === "" || name.length > 64)
      throw new ConfigurationError(`a ${whose}'s name has 1-64 characters`);
    if (!/^[\x21-\x7e]+$/.test(token) || token.length < minimumTokenLength || token.length > 256) {
      throw new ConfigurationError(`the token of ${whose} ${name} must have 16-256 printable characters`);
    }
    tokens.set(name, token);
  }
  return tokens;
}

function listedTokens(variable: string, text: string | undefined): [string, string][] {
  if (text === undefined) return [];
  return text.split(",").map((pair) => {
    const equals = pair.indexOf("=");
    if (equals < 0) throw new ConfigurationError(`${variable} must be name=token,name=token`);
    return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
  });
}

function fileTokens(variable: string, file: string | undefined): [string, string][] {
  if (file === undefined) return [];
  try {
    const checked = validateTokens(JSON.parse(readFileSync(file, "utf8")));
    if (checked.ok) return Object.entries(checked.value);
    throw new ConfigurationError(checked.error);
  } catch (cause) {
    throw new ConfigurationError(`${variable} ${file} is no JSON object of names and tokens`, { cause });
  }
}

function logLevelOf(text: string): ControlConfiguration["logLevel"] {
  if (text === "debug" || text === "info" || text === "warn" || text === "error") return text;
  throw new ConfigurationError(`TANDEM_LOG_LEVEL must be debug, info, warn or error, not ${text}`);
}
