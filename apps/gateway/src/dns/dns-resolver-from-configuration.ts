import type { Clock } from "@tandem/clock";
import { DnsResolver } from "./dns-resolver.ts";
import { type DnsServer, parseDnsServer, systemDnsServers } from "./dns-servers.ts";

/** As the configuration has it: `address` or `address:port`, an IPv6 one with port in []. None: those of the system. */
export interface ConfiguredDns {
  readonly clock: Clock;
  readonly servers?: readonly string[] | undefined;
}

/** The resolver of a gateway. Throws on what is no server: a fault of the operator. */
export function dnsResolver(configured: ConfiguredDns): DnsResolver {
  const servers = configured.servers ?? [];
  return new DnsResolver({
    clock: configured.clock,
    servers: servers.length > 0 ? servers.map(serverFrom) : systemDnsServers(),
  });
}

function serverFrom(text: string): DnsServer {
  const server = parseDnsServer(text);
  if (server === undefined) throw new Error(`"${text}" is no DNS server: an address, or address:port`);
  return server;
}
