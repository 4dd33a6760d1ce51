import type { TransportProtocol } from "../transport/index.ts";
import type { NaptrRecord } from "./resolver.ts";

/** A transport and the name of its SRV records. */
export interface Service {
  readonly protocol: TransportProtocol;
  readonly srvName: string;
}

const protocols: Readonly<Record<string, TransportProtocol>> = {
  "SIP+D2U": "UDP",
  "SIP+D2T": "TCP",
  "SIPS+D2T": "TLS",
};

/**
 * Services of the NAPTR records in the order to try (RFC 3263 §4.1): those of the lowest order that has any we
 * speak, by preference. A higher order must not be considered then (RFC 3403 §4.1).
 * `isSecure`: a SIPS URI, which only SIPS services satisfy.
 */
export function selectServices(
  records: readonly NaptrRecord[],
  served: readonly TransportProtocol[],
  isSecure: boolean,
): Service[] {
  const usable = records
    .filter((record) => isUsable(record, served, isSecure))
    .toSorted((a, b) => a.order - b.order || a.preference - b.preference);
  const order = usable[0]?.order;
  return usable.filter((record) => record.order === order).flatMap(serviceOf);
}

function isUsable(record: NaptrRecord, served: readonly TransportProtocol[], isSecure: boolean): boolean {
  const protocol = protocols[record.services.toUpperCase()];
  if (protocol === undefined || !served.includes(protocol)) return false;
  if (isSecure && protocol !== "TLS") return false;
  const hasReplacement = record.replacement !== "" && record.replacement !== ".";
  return record.flags.toLowerCase() === "s" && record.regexp === "" && hasReplacement;
}

function serviceOf(record: NaptrRecord): Service[] {
  const protocol = protocols[record.services.toUpperCase()];
  return protocol === undefined ? [] : [{ protocol, srvName: record.replacement }];
}
