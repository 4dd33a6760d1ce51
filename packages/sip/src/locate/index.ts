/** Locating SIP servers (RFC 3263): from a URI to transport, address and port. DNS itself is a port. */
export { type DnsCacheTimes, defaultDnsCacheTimes } from "./dns-cache.ts";
export type { Located, LocatedTarget, LocateFailureCode } from "./located.ts";
export { Locator, type LocatorOptions } from "./locator.ts";
export type {
  AddressRecord,
  DnsAnswer,
  DnsFailureCode,
  NaptrRecord,
  RecordType,
  Resolver,
  SrvRecord,
} from "./resolver.ts";
