import { IpRange } from "@tandem/contracts";
import { type IpRangeRow, listIpRanges } from "@tandem/database";
import Type from "typebox";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, OneOf } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";
import { TopologySource } from "./edge-resource.ts";

/** What a firewall must know. Read only: it follows from the edges. */
export const ipRangeRoutes: Routes = (scope, { database, publicUrl }) => {
  scope.get(
    "/Interconnect/IpRanges",
    {
      schema: {
        operationId: "ListIpRange",
        tags: ["interconnect"],
        querystring: Type.Object({
          ...pageParameters,
          Kind: Type.Optional(OneOf(["signaling", "media"])),
          Edge: Type.Optional(Type.String({ description: "Name or legacy id." })),
          EdgeKind: Type.Optional(OneOf(["private", "public", "roaming"])),
          Source: Type.Optional(TopologySource),
        }),
        response: answers(200, ListV1("ip_ranges", IpRange)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const { Kind: kind, Edge: edge, EdgeKind: edgeKind, Source: source } = request.query;
      const page = await listIpRanges(database, { kind, edge, edgeKind, source }, wanted.window);
      return pageV1(publicUrl, "ip_ranges", wanted, page, presentIpRange);
    },
  );
};

/** The row as a contract between programs has it. */
export function presentIpRange(row: IpRangeRow): IpRange {
  const { client_first_port: clientFirst, client_last_port: clientLast } = row;
  return {
    kind: row.kind,
    edge: row.edge,
    legacy_id: row.legacy_id,
    edge_kind: row.edge_kind,
    network: row.network,
    ports: portsOf(row),
    client_ports:
      clientFirst === null || clientLast === null ? null : { first_port: clientFirst, last_port: clientLast },
    secure_media: [...row.secure_media],
    source: row.source,
  };
}

function portsOf(row: IpRangeRow): IpRange["ports"] {
  if (row.first_port !== null && row.last_port !== null) {
    return [{ transport: "udp", first_port: row.first_port, last_port: row.last_port }];
  }
  const ports: IpRange["ports"] = [];
  for (const transport of ["udp", "tcp", "tls"] as const) {
    const port = row[`${transport}_port`];
    if (port !== null) ports.push({ transport, first_port: port, last_port: port });
  }
  return ports;
}
