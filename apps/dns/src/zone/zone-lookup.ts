import type { IpAddress } from "@tandem/routing";
import { queryTypes, type RecordTypeName, recordTypes } from "../wire/codes.ts";
import type { RecordData, SoaData, ZoneRecord } from "../wire/zone-record.ts";
import type { HealthView } from "./health-view.ts";
import { addressRecords, hostAddresses, naptrRecords, serviceTargets } from "./trunk-records.ts";
import type { ZoneIndex } from "./zone-index.ts";
import type { ZoneNode } from "./zone-node.ts";

/** Records that hardly ever change (NS and the name servers' addresses) may be kept for an hour. */
const stableTtlSeconds = 3600;
/** For those who copy the zone from an export. RFC 1912 §2.2. */
const soaTimes = { refresh: 3600, retry: 600, expire: 604_800 };

export interface ZoneAnswer {
  readonly answers: readonly ZoneRecord[];
  readonly additionals: readonly ZoneRecord[];
}

export interface ZoneLookupOptions {
  readonly ttlSeconds: number;
  readonly health: HealthView;
  readonly serial: number;
  /** From 0 up to, not including, 1: with which address of an equal set to begin. */
  readonly random: () => number;
}

const nothing: ZoneAnswer = { answers: [], additionals: [] };

/** Records of one type at one name; none: NODATA. */
export function lookUp(
  index: ZoneIndex,
  node: ZoneNode,
  owner: string,
  type: number,
  options: ZoneLookupOptions,
): ZoneAnswer {
  if (node.kind === "empty") return nothing;
  // RFC 8482 §4.2: as little as can be said, since ANY serves nobody but amplification.
  if (type === queryTypes.ANY) return oneSet(owner, options, [{ type: "HINFO", cpu: "RFC8482", os: "" }]);
  const name = typeName(type);
  if (name === undefined) return nothing;
  switch (node.kind) {
    case "apex":
      return apexRecords(index, name, options);
    case "trunk":
      return trunkAnswer(node.tiers, owner, name, options);
    case "service":
      return name === "SRV" ? serviceAnswer(node, owner, options) : nothing;
    case "host":
      return name === "A" || name === "AAAA"
        ? oneSet(owner, options, hostAddresses([node.host], name))
        : nothing;
    case "name-server":
      return { answers: nameServerAddresses(owner, node.addresses, name), additionals: [] };
  }
}

/** For negative answers: its TTL and `minimum` say how long they may be kept. RFC 2308 §3. */
export function soaRecord(index: ZoneIndex, options: ZoneLookupOptions): ZoneRecord {
  const data: SoaData = {
    type: "SOA",
    primary: index.nameServers[0]?.name ?? index.baseDomain,
    mailbox: `hostmaster.${index.baseDomain}`,
    serial: options.serial,
    ...soaTimes,
    minimum: options.ttlSeconds,
  };
  return { owner: index.baseDomain, ttlSeconds: options.ttlSeconds, data };
}

function apexRecords(index: ZoneIndex, type: RecordTypeName, options: ZoneLookupOptions): ZoneAnswer {
  if (type === "SOA") return { answers: [soaRecord(index, options)], additionals: [] };
  if (type !== "NS") return nothing;
  return {
    answers: index.nameServers.map(({ name }) => ({
      owner: index.baseDomain,
      ttlSeconds: stableTtlSeconds,
      data: { type, host: name },
    })),
    additionals: index.nameServers.flatMap(({ name, addresses }) =>
      name.endsWith(`.${index.baseDomain}`)
        ? [...nameServerAddresses(name, addresses, "A"), ...nameServerAddresses(name, addresses, "AAAA")]
        : [],
    ),
  };
}

function trunkAnswer(
  tiers: Parameters<typeof naptrRecords>[0],
  owner: string,
  type: RecordTypeName,
  options: ZoneLookupOptions,
): ZoneAnswer {
  if (type === "NAPTR") return oneSet(owner, options, naptrRecords(tiers, owner));
  if (type !== "A" && type !== "AAAA") return nothing;
  return oneSet(owner, options, rotated(addressRecords(tiers, type, options.health), options.random));
}

function serviceAnswer(
  node: Extract<ZoneNode, { kind: "service" }>,
  owner: string,
  options: ZoneLookupOptions,
): ZoneAnswer {
  const targets = serviceTargets(node.tiers, node.transport, options.health);
  return {
    answers: recordsOf(
      owner,
      options,
      targets.map(({ data }) => data),
    ),
    additionals: targets.flatMap(({ host }) =>
      recordsOf(host.name, options, [...hostAddresses([host], "A"), ...hostAddresses([host], "AAAA")]),
    ),
  };
}

function nameServerAddresses(
  owner: string,
  addresses: readonly IpAddress[],
  type: RecordTypeName,
): readonly ZoneRecord[] {
  return addresses.flatMap((address): ZoneRecord[] => {
    if (type === "A" && typeof address === "number") {
      return [{ owner, ttlSeconds: stableTtlSeconds, data: { type, address } }];
    }
    if (type === "AAAA" && typeof address === "string") {
      return [{ owner, ttlSeconds: stableTtlSeconds, data: { type, address } }];
    }
    return [];
  });
}

function oneSet(owner: string, options: ZoneLookupOptions, set: readonly RecordData[]): ZoneAnswer {
  return { answers: recordsOf(owner, options, set), additionals: [] };
}

function recordsOf(
  owner: string,
  { ttlSeconds }: ZoneLookupOptions,
  set: readonly RecordData[],
): readonly ZoneRecord[] {
  return set.map((data) => ({ owner, ttlSeconds, data }));
}

/** Many clients take the first address: each is the first equally often. */
function rotated<T>(list: readonly T[], random: () => number): readonly T[] {
  const start = Math.floor(random() * list.length);
  return [...list.slice(start), ...list.slice(0, start)];
}

function typeName(type: number): RecordTypeName | undefined {
  const names = Object.keys(recordTypes) as RecordTypeName[];
  return names.find((name) => recordTypes[name] === type);
}
