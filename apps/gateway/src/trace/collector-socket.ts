import { createSocket, type Socket } from "node:dgram";
import type { GatewayConfiguration } from "@tandem/contracts";
import { type DnsServer, parseDnsServer } from "../dns/dns-servers.ts";

/** Where collectors of HEP listen as a rule. */
export const defaultCollectorPort = 9060;
/** Bytes that the system has not taken yet; more is dropped. */
export const maximumUnsentBytes = 4 * 1024 * 1024;

/** From `address` or `address:port`. @returns undefined: it is neither */
export function parseCollector(text: string): DnsServer | undefined {
  return parseDnsServer(text, defaultCollectorPort);
}

/** Datagrams to one collector; whether anybody hears them is not known. */
export class CollectorSocket {
  readonly #collector: DnsServer;
  readonly #socket: Socket;

  constructor(collector: DnsServer) {
    this.#collector = collector;
    this.#socket = createSocket(collector.address.includes(":") ? "udp6" : "udp4");
    this.#socket.on("error", ignoreFailure);
    this.#socket.unref();
  }

  /** @returns false: dropped, too much is on its way already */
  send(packet: Buffer): boolean {
    if (this.#socket.getSendQueueSize() + packet.length > maximumUnsentBytes) return false;
    this.#socket.send(packet, this.#collector.port, this.#collector.address, ignoreFailure);
    return true;
  }

  /** What was given to it before still goes out. */
  close(): void {
    this.#socket.close();
  }
}

/** The socket to the configured collector, if there is one. The reader of the configuration has refused what is no address. */
export function collectorSocket({ trace }: GatewayConfiguration): CollectorSocket | undefined {
  const collector = trace === undefined ? undefined : parseCollector(trace.collector);
  return collector && new CollectorSocket(collector);
}

const ignoreFailure = (): void => {};
