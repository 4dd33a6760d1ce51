/** Where the programs of `up` listen: options that `up` and `doctor` share. */
import { isIP } from "node:net";
import { resolve } from "node:path";
import { defaultHeartbeatPort } from "@tandem/contracts";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import type { Context } from "../context.ts";

export interface ListenOptions {
  readonly dataDirectory: string;
  /** Address that SIP and media are bound to. */
  readonly listenAddress: string;
  /** Address that stands in Via, Contact and SDP. */
  readonly advertisedAddress: string;
  readonly sipPort: number;
  readonly httpAddress: string;
  readonly httpPort: number;
  /** Both inclusive, the first even. */
  readonly mediaPorts: { readonly first: number; readonly last: number };
  readonly tls:
    | { readonly port: number; readonly certificateFile: string; readonly keyFile: string }
    | undefined;
  /** A rtpengine for secure media that runs already; undefined: none. */
  readonly rtpengine: AddressAndPort | undefined;
  /** Where a collector takes SIP messages by HEP; undefined: nothing is told. */
  readonly collector: AddressAndPort | undefined;
  /** Undefined: no name server is run. */
  readonly nameServer: NameServerPorts | undefined;
  /** Undefined: no metrics are served. */
  readonly metrics: MetricsPlace | undefined;
}

export interface MetricsPlace {
  /** Loopback. */
  readonly address: string;
  /** Control's; the gateway's and the name server's follow. */
  readonly firstPort: number;
}

export interface AddressAndPort {
  readonly address: string;
  readonly port: number;
}

export interface NameServerPorts {
  /** UDP and TCP, for questions. */
  readonly port: number;
  /** UDP on loopback, for the gateway's heartbeats. */
  readonly heartbeatPort: number;
}

export function addListenOptions(command: Command, context: Context): Command {
  return command
    .option("--data <directory>", "data directory", context.defaultDataDirectory)
    .option("--listen <address>", "address for SIP and media", "127.0.0.1")
    .option(
      "--advertise <address>",
      "address that others see, behind 1:1 NAT; the listen address when left out",
    )
    .option("--sip-port <port>", "port for SIP over UDP and TCP", "5060")
    .option("--http-address <address>", "address for the REST API", "127.0.0.1")
    .option("--http-port <port>", "port for the REST API", "8080")
    .option("--media-ports <first-last>", "UDP ports for media", "10000-19999")
    .option("--tls-certificate <file>", "PEM certificate: also serve SIP over TLS")
    .option("--tls-key <file>", "PEM key of the certificate")
    .option("--tls-port <port>", "port for SIP over TLS", "5061")
    .option(
      "--rtpengine <address:port>",
      "rtpengine for secure media, with one interface on the same address",
    )
    .option("--trace <address:port>", "tell a collector of HEP (sngrep, Homer) of every SIP message")
    .option("--dns-port <port>", "also run the name server of the base domain, on this port (53, 5353)")
    .option(
      "--heartbeat-port <port>",
      "port on loopback for heartbeats to the name server",
      String(defaultHeartbeatPort),
    )
    .option(
      "--metrics-port <port>",
      "first of three ports on loopback for Prometheus: control, gateway, name server; off: none",
      String(defaultMetricsPort),
    );
}

/** The first of those that are given to exporters of OpenTelemetry. */
const defaultMetricsPort = 9464;
/** Programs with metrics. */
const metricsPorts = 3;

type Given = Readonly<Record<string, string | boolean | undefined>>;

/** Throws CliError for what cannot be. */
export function readListenOptions(given: Given): ListenOptions {
  const listenAddress = addressOf(given, "listen");
  return {
    dataDirectory: resolve(textOf(given, "data")),
    listenAddress,
    advertisedAddress: advertisedOf(given, listenAddress),
    sipPort: portOf(given, "sipPort"),
    httpAddress: addressOf(given, "httpAddress"),
    httpPort: portOf(given, "httpPort"),
    mediaPorts: mediaPortsOf(textOf(given, "mediaPorts")),
    tls: tlsOf(given),
    rtpengine: addressAndPortOf(given, "rtpengine", "127.0.0.1:2223"),
    collector: addressAndPortOf(given, "trace", "127.0.0.1:9060"),
    nameServer: nameServerOf(given, listenAddress),
    metrics: metricsOf(given),
  };
}

function textOf(given: Given, name: string): string {
  const value = given[name];
  return typeof value === "string" ? value : "";
}

function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function addressOf(given: Given, name: string): string {
  const address = textOf(given, name);
  if (isIP(address) === 0) throw new CliError(`${flagOf(name)} ${address}: an IP address`);
  return address;
}

/** Nobody can answer to 0.0.0.0, so it cannot stand in Via or SDP. */
function advertisedOf(given: Given, listenAddress: string): string {
  const advertised = given["advertise"] === undefined ? listenAddress : addressOf(given, "advertise");
  if (advertised === "0.0.0.0" || advertised === "::") {
    throw new CliError(
      `--listen ${listenAddress} needs --advertise with the address that others reach us at`,
    );
  }
  return advertised;
}

function portOf(given: Given, name: string): number {
  const text = textOf(given, name);
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
    throw new CliError(`${flagOf(name)} ${text}: a port from 1 to 65535`);
  }
  return port;
}

function mediaPortsOf(text: string): ListenOptions["mediaPorts"] {
  const match = /^(\d{4,5})-(\d{4,5})$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2]);
  const isRange = match !== null && first >= 1024 && first % 2 === 0 && last > first && last <= 65_535;
  if (!isRange)
    throw new CliError(`--media-ports ${text}: FIRST-LAST, from an even port of 1024 or more to 65535`);
  return { first, last };
}

function tlsOf(given: Given): ListenOptions["tls"] {
  const { tlsCertificate, tlsKey } = given;
  if (tlsCertificate === undefined && tlsKey === undefined) return undefined;
  if (typeof tlsCertificate !== "string" || typeof tlsKey !== "string") {
    throw new CliError("TLS needs both --tls-certificate and --tls-key");
  }
  return {
    port: portOf(given, "tlsPort"),
    certificateFile: resolve(tlsCertificate),
    keyFile: resolve(tlsKey),
  };
}

function addressAndPortOf(given: Given, name: string, example: string): AddressAndPort | undefined {
  const text = given[name];
  if (typeof text !== "string") return undefined;
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? match?.[2] ?? "";
  const port = Number(match?.[3]);
  if (isIP(address) === 0 || port < 1 || port > 65_535) {
    throw new CliError(`${flagOf(name)} ${text}: an IP address and a port, ${example}`);
  }
  return { address, port };
}

/** On the loopback address of the REST interface if it has one: several of `up` may run beside each other. */
function metricsOf(given: Given): MetricsPlace | undefined {
  if (given["metricsPort"] === "off") return undefined;
  const firstPort = portOf(given, "metricsPort");
  if (firstPort + metricsPorts - 1 > 65_535) {
    throw new CliError(`--metrics-port ${firstPort}: three ports must follow each other from there`);
  }
  const httpAddress = addressOf(given, "httpAddress");
  const isLoopback = httpAddress === "::1" || httpAddress.startsWith("127.");
  return { address: isLoopback ? httpAddress : "127.0.0.1", firstPort };
}

/** An answer must leave from the address that was asked, and nobody is asked at 0.0.0.0. */
function nameServerOf(given: Given, listenAddress: string): NameServerPorts | undefined {
  if (given["dnsPort"] === undefined) return undefined;
  if (listenAddress === "0.0.0.0" || listenAddress === "::") {
    throw new CliError(`--dns-port needs --listen with an address, not ${listenAddress}`);
  }
  return { port: portOf(given, "dnsPort"), heartbeatPort: portOf(given, "heartbeatPort") };
}
