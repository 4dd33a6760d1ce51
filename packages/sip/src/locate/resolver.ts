/** RFC 3403 §4, of which RFC 3263 uses flags "s" with a replacement. */
export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly services: string;
  readonly regexp: string;
  readonly replacement: string;
}

/** RFC 2782. A target of "." says that the service is not offered. */
export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

/** A or AAAA. */
export interface AddressRecord {
  readonly address: string;
}

/** What each question type is answered with. */
export interface RecordOf {
  readonly NAPTR: NaptrRecord;
  readonly SRV: SrvRecord;
  readonly A: AddressRecord;
  readonly AAAA: AddressRecord;
}
export type RecordType = keyof RecordOf;

/** NXDOMAIN and NODATA are answers (the name or the type does not exist); TIMEOUT and SERVFAIL mean that nobody knows. */
export type DnsFailureCode = "NXDOMAIN" | "NODATA" | "TIMEOUT" | "SERVFAIL";

/** ttlSeconds: how long the answer may be kept; 0: not at all. */
export type DnsAnswer<R> =
  | { readonly ok: true; readonly records: readonly R[]; readonly ttlSeconds: number }
  | { readonly ok: false; readonly code: DnsFailureCode; readonly ttlSeconds: number };

/** Port to the DNS. Aliases (CNAME) are followed by the adapter. Never rejects. */
export interface Resolver {
  naptr(name: string): Promise<DnsAnswer<NaptrRecord>>;
  srv(name: string): Promise<DnsAnswer<SrvRecord>>;
  a(name: string): Promise<DnsAnswer<AddressRecord>>;
  aaaa(name: string): Promise<DnsAnswer<AddressRecord>>;
}
