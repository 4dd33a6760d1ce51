/** The zone as a master file (RFC 1035 §5), for name servers that know nothing of gateways. */
import type { IpAddress } from "@tandem/routing";
import { maximumSerial } from "../state/zone-serial.ts";
import { recordTypes } from "../wire/codes.ts";
import type { RecordData, ZoneRecord } from "../wire/zone-record.ts";
import { everybodyLives } from "../zone/health-view.ts";
import { services } from "../zone/service-labels.ts";
import type { ZoneIndex } from "../zone/zone-index.ts";
import { lookUp } from "../zone/zone-lookup.ts";

/** Types that records are written of, SOA first as a master file wants it. */
const writtenTypes = [
  recordTypes.SOA,
  recordTypes.NS,
  recordTypes.A,
  recordTypes.AAAA,
  recordTypes.NAPTR,
  recordTypes.SRV,
];

/**
 * Lines, each with its line feed. The answers that this server would give while all gateways live; the serial is the
 * version of the snapshot.
 */
export function* bindZone(index: ZoneIndex, ttlSeconds: number): Generator<string> {
  const serial = Math.min(index.version, maximumSerial);
  const options = { ttlSeconds, health: everybodyLives, serial, random: () => 0 };
  yield `; ${index.baseDomain} of snapshot ${index.version}, as if all gateways lived\n`;
  for (const name of ownerNames(index)) {
    const node = index.find(name.split("."));
    if (node.kind === "outside" || node.kind === "missing") continue;
    for (const type of writtenTypes) {
      for (const record of lookUp(index, node, name, type, options).answers) yield lineOf(record);
    }
  }
}

function* ownerNames(index: ZoneIndex): Generator<string> {
  const { baseDomain } = index;
  yield baseDomain;
  yield* new Set(index.nameServers.map(({ name }) => name));
  yield* index.hosts.keys();
  const places = ["pstn", ...[...index.places.keys()].map((place) => `pstn.${place}`)];
  for (const label of index.trunks) {
    for (const place of places) {
      const name = `${label}.${place}.${baseDomain}`;
      yield name;
      for (const { labels } of services) yield `${labels.join(".")}.${name}`;
    }
  }
}

function lineOf({ owner, ttlSeconds, data }: ZoneRecord): string {
  return `${owner}. ${ttlSeconds} IN ${data.type} ${dataText(data)}\n`;
}

function dataText(data: RecordData): string {
  switch (data.type) {
    case "A":
    case "AAAA":
      return addressText(data.address);
    case "NS":
      return `${data.host}.`;
    case "SOA": {
      const { primary, mailbox, serial, refresh, retry, expire, minimum } = data;
      return `${primary}. ${mailbox}. ${serial} ${refresh} ${retry} ${expire} ${minimum}`;
    }
    case "SRV":
      return `${data.priority} ${data.weight} ${data.port} ${data.target}.`;
    case "NAPTR":
      return `${data.order} ${data.preference} "s" "${data.service}" "" ${data.replacement}.`;
    case "HINFO":
      return `"${data.cpu}" "${data.os}"`;
  }
}

function addressText(address: IpAddress): string {
  if (typeof address === "string") {
    return Array.from(address, (group) => group.charCodeAt(0).toString(16)).join(":");
  }
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}
