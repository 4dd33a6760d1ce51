import type { RecordData, ZoneRecord } from "../wire/zone-record.ts";

/** `A 192.0.2.1`, `SRV 10 10 5060 host`: for tables. */
export function recordText(record: ZoneRecord): string {
  return dataText(record.data);
}

export function dataText(data: RecordData): string {
  if (data.type === "A")
    return `A ${[24, 16, 8, 0].map((shift) => (data.address >>> shift) & 0xff).join(".")}`;
  if (data.type === "AAAA") {
    return `AAAA ${Array.from(data.address, (group) => group.charCodeAt(0).toString(16)).join(":")}`;
  }
  const { type, ...rest } = data;
  return [type, ...Object.values(rest)].join(" ");
}
