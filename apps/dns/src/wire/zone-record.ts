import type { IpAddress } from "@tandem/routing";

/** Names are in lower case with dots between their labels and none at the end. */
export type RecordData =
  | { readonly type: "A"; readonly address: IpAddress & number }
  | { readonly type: "AAAA"; readonly address: IpAddress & string }
  | { readonly type: "NS"; readonly host: string }
  | SoaData
  | SrvData
  | NaptrData
  | { readonly type: "HINFO"; readonly cpu: string; readonly os: string };

/** RFC 1035 §3.3.13; times in seconds, `minimum` by RFC 2308 §4. */
export interface SoaData {
  readonly type: "SOA";
  readonly primary: string;
  readonly mailbox: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

/** RFC 2782. */
export interface SrvData {
  readonly type: "SRV";
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

/** RFC 3403 §4.1, always with the flag "s" and without a regular expression. */
export interface NaptrData {
  readonly type: "NAPTR";
  readonly order: number;
  readonly preference: number;
  readonly service: string;
  readonly replacement: string;
}

export interface ZoneRecord {
  readonly owner: string;
  readonly ttlSeconds: number;
  readonly data: RecordData;
}
