import { isIPv4, isIPv6 } from "node:net";
import type { AddressRecord, DnsAnswer, NaptrRecord, SrvRecord } from "@tandem/sip/locate";
import type { Answer, DecodedPacket } from "dns-packet";

/** Links of an alias chain that are followed within one response. */
const maximumAliases = 8;

/** What a response means. Codes of RFC 1035 §4.1.1; "refused-edns": the server does not take EDNS (RFC 6891 §7). */
export type DnsVerdict = "answer" | "no-such-name" | "refused-edns" | "failed";

export function verdictOf(packet: DecodedPacket): DnsVerdict {
  const responseCode = (packet.flags ?? 0) & 0xf;
  if (responseCode === 0) return "answer";
  if (responseCode === 3) return "no-such-name";
  return responseCode === 1 || responseCode === 4 ? "refused-edns" : "failed";
}

/** From a resource record to one of ours; undefined: not of this type, or nonsense. */
export type ReadRecord<R> = (record: Answer) => R | undefined;

export const readA: ReadRecord<AddressRecord> = (record) =>
  record.type === "A" && isIPv4(record.data) ? { address: record.data } : undefined;

export const readAaaa: ReadRecord<AddressRecord> = (record) =>
  record.type === "AAAA" && isIPv6(record.data) ? { address: record.data } : undefined;

export const readSrv: ReadRecord<SrvRecord> = (record) => {
  if (record.type !== "SRV") return undefined;
  const { priority = 0, weight = 0, port, target } = record.data;
  return { priority, weight, port, target };
};

export const readNaptr: ReadRecord<NaptrRecord> = (record) => {
  if (record.type !== "NAPTR") return undefined;
  const { order, preference, replacement } = record.data;
  // Character strings: the library may hand out bytes.
  const [flags, services, regexp] = [record.data.flags, record.data.services, record.data.regexp].map(String);
  return {
    order,
    preference,
    flags: flags ?? "",
    services: services ?? "",
    regexp: regexp ?? "",
    replacement,
  };
};

/**
 * The answer in a response: records of the name or of what its aliases (CNAME) lead to, with the smallest TTL on the way.
 * Without records: NXDOMAIN or NODATA, for the time that the zone's SOA allows (RFC 2308 §5), else not at all.
 */
export function readDnsAnswer<R>(packet: DecodedPacket, name: string, read: ReadRecord<R>): DnsAnswer<R> {
  const answers = packet.answers ?? [];
  const { owner, ttlSeconds: aliasTtlSeconds } = followAliases(answers, name);
  let ttlSeconds = aliasTtlSeconds;
  const records: R[] = [];
  for (const answer of answers) {
    const record = isOwnedBy(answer, owner) ? read(answer) : undefined;
    if (record === undefined) continue;
    records.push(record);
    ttlSeconds = Math.min(ttlSeconds, ttlOf(answer));
  }
  if (records.length > 0) return { ok: true, records, ttlSeconds };
  const code = verdictOf(packet) === "no-such-name" ? "NXDOMAIN" : "NODATA";
  return { ok: false, code, ttlSeconds: Math.min(aliasTtlSeconds, negativeTtlSeconds(packet)) };
}

function followAliases(answers: readonly Answer[], name: string): { owner: string; ttlSeconds: number } {
  let owner = name;
  let ttlSeconds = Number.POSITIVE_INFINITY;
  for (let links = 0; links < maximumAliases; links++) {
    const alias = answers.find((answer) => answer.type === "CNAME" && isOwnedBy(answer, owner));
    if (alias?.type !== "CNAME") break;
    owner = alias.data;
    ttlSeconds = Math.min(ttlSeconds, ttlOf(alias));
  }
  return { owner, ttlSeconds };
}

function isOwnedBy(answer: Answer, owner: string): boolean {
  return answer.name.toLowerCase() === owner.toLowerCase();
}

/** RFC 2308 §5: the smaller of the SOA's own TTL and its MINIMUM field. */
function negativeTtlSeconds(packet: DecodedPacket): number {
  for (const record of packet.authorities ?? []) {
    if (record.type === "SOA") return Math.min(ttlOf(record), record.data.minimum ?? 0);
  }
  return 0;
}

/** RFC 2181 §8: a TTL with the highest bit set counts as 0. */
function ttlOf(record: Answer): number {
  const ttl = "ttl" in record ? (record.ttl ?? 0) : 0;
  return ttl > 0x7fffffff ? 0 : ttl;
}
