import { isIP } from "node:net";
import type { Clock } from "@tandem/clock";
import type { GatewayConfiguration, RtpengineConfiguration } from "@tandem/contracts";
import { NgSocket, type RtpengineOptions, RtpengineRelay } from "@tandem/media";
import { parseDnsServer } from "../dns/dns-servers.ts";

/** The configured rtpengines with their sockets. */
export interface Rtpengines {
  readonly relay: RtpengineRelay;
  close(): void;
}

export interface RtpenginesOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly onChange: (name: string, isUp: boolean) => void;
}

/** Undefined: none is configured. @throws Error when a socket can't be had */
export function openRtpengines(
  { rtpengines = [] }: Pick<GatewayConfiguration, "rtpengines">,
  options: RtpenginesOptions,
): Rtpengines | undefined {
  if (rtpengines.length === 0) return undefined;
  const sockets = new Map<string, NgSocket>();
  const relay = new RtpengineRelay({
    ...options,
    rtpengines: rtpengines.map(rtpengineOptions),
    send: (name, datagram) => sockets.get(name)?.send(datagram),
  });
  for (const { address: name } of rtpengines) {
    const server = parseDnsServer(name, defaultPort);
    if (server === undefined) throw new Error(`${name} is no address of an rtpengine`);
    const receive = (datagram: string): void => relay.receive(name, datagram);
    sockets.set(name, new NgSocket(server.address, server.port, receive));
  }
  relay.start();
  return {
    relay,
    close: () => {
      relay.close();
      for (const socket of sockets.values()) socket.close();
    },
  };
}

export function rtpengineOptions(configuration: RtpengineConfiguration): RtpengineOptions {
  const { address: name, weight = 1, interfaces } = configuration;
  return {
    name,
    weight,
    interfaces: new Map(
      interfaces.map((one) => [one.interface, { name: one.name ?? one.interface, address: one.address }]),
    ),
  };
}

/** What is wrong with them that a schema can't say. */
export function rtpengineFault({
  rtpengines = [],
}: Pick<GatewayConfiguration, "rtpengines">): string | undefined {
  const names = new Set<string>();
  for (const [index, { address, interfaces }] of rtpengines.entries()) {
    const path = `/rtpengines/${index}`;
    if (parseDnsServer(address, defaultPort) === undefined)
      return `${path}/address: ${address} is no address`;
    if (names.has(address)) return `${path}/address: ${address} stands twice`;
    names.add(address);
    const nameless = interfaces.find((one) => one.name === undefined && one.interface.includes("/"));
    if (nameless !== undefined) return `${path}/interfaces: ${nameless.interface} needs a name in rtpengine`;
    const unreal = interfaces.find((one) => isIP(one.address) === 0);
    if (unreal !== undefined) return `${path}/interfaces: ${unreal.address} is no address`;
  }
  return undefined;
}

/** Where rtpengine's own example configuration listens. */
const defaultPort = 2223;
