import type { Host } from "../builder/host.ts";

export interface NameRecord {
  /** Seconds. */
  readonly ttl: number;
  readonly type: string;
  /** `54.172.60.1`; `10 100 5060 ashburn-1.gw.ashburn.tandem.test.` */
  readonly data: string;
}

/** Asks the host's own resolver once; no records when nobody answers. */
export function digIn(host: Host, name: string, type: string): readonly NameRecord[] {
  const options = ["+noall", "+answer", "+time=1", "+tries=2"];
  return recordsOf(digText(host, [...options, name, type]));
}

/** dig ends with 9 when nobody answers. */
function digText(host: Host, args: readonly string[]): string {
  try {
    return host.run("dig", args);
  } catch {
    return "";
  }
}

/** Lines `owner ttl class type data`. */
export function recordsOf(text: string): readonly NameRecord[] {
  return [...text.matchAll(/^[^;\s]\S*\s+(\d+)\s+IN\s+(\S+)\s+(.+)$/gm)].map(([, ttl, type, data]) => ({
    ttl: Number(ttl),
    type: type ?? "",
    data: data ?? "",
  }));
}
