import type { IpRange } from "@tandem/contracts";

/** An entry of the list that `docs/yang/tandem-sip-auto-peering.yang` adds to the model. */
export interface IpRangeEntry {
  readonly index: number;
  readonly kind: IpRange["kind"];
  readonly edge: readonly string[];
  readonly network: string;
  readonly transport: "udp" | "tcp" | "tls";
  readonly "first-port": number;
  readonly "last-port": number;
  readonly "client-first-port"?: number;
  readonly "client-last-port"?: number;
}

/** The model says nothing of addresses to allow and of media ports: an entry for each network and transport. */
export function ipRangeList(ranges: readonly IpRange[]): readonly IpRangeEntry[] {
  const entries = ranges.flatMap((range) =>
    range.ports.map((port) => ({
      edge: range.edge,
      entry: {
        kind: range.kind,
        network: range.network,
        transport: port.transport,
        "first-port": port.first_port,
        "last-port": port.last_port,
        ...(range.client_ports !== null && {
          "client-first-port": range.client_ports.first_port,
          "client-last-port": range.client_ports.last_port,
        }),
      },
    })),
  );
  const groups = Map.groupBy(entries, ({ entry }) => JSON.stringify(entry));
  return [...groups.values()].flatMap((group, index) => {
    const [first] = group;
    return first === undefined ? [] : [{ index, edge: group.map(({ edge }) => edge), ...first.entry }];
  });
}
