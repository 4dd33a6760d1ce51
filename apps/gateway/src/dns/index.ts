/** DNS by the wire: the adapter behind the Resolver port of `@tandem/sip/locate`. */
export { dnsResolver } from "./dns-resolver-from-configuration.ts";
