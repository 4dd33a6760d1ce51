/** DNS by the wire: the adapter behind the Resolver port of `@tandem/sip/locate`. */
export { DnsResolver, type DnsResolverOptions } from "./dns-resolver.ts";
export { type ConfiguredDns, dnsResolver } from "./dns-resolver-from-configuration.ts";
export { type DnsServer, parseDnsServer, systemDnsServers } from "./dns-servers.ts";
