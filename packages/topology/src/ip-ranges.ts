import type { IpRange, SignalingPorts, Topology, TopologyEdge } from "@tandem/contracts";
import { cidrText } from "./network.ts";

/** What firewalls must know: a row for each network of signaling, then the media rows. In the file's order. */
export function ipRangesOf(topology: Topology): readonly IpRange[] {
  return [...topology.edges.flatMap((edge) => signalingOf(edge, topology)), ...mediaOf(topology)];
}

function signalingOf(edge: TopologyEdge, topology: Topology): readonly IpRange[] {
  return edge.signaling.map((network) => ({
    kind: "signaling",
    edge: edge.name,
    legacy_id: edge.legacyId,
    edge_kind: edge.kind,
    network: cidrText(network),
    ports: portRows(edge.ports ?? topology.signaling.ports),
    client_ports: null,
    secure_media: [],
    source: edge.source,
  }));
}

function portRows(ports: SignalingPorts): IpRange["ports"] {
  const rows: IpRange["ports"] = [];
  for (const transport of ["udp", "tcp", "tls"] as const) {
    const port = ports[transport];
    if (port !== null) rows.push({ transport, first_port: port, last_port: port });
  }
  return rows;
}

function mediaOf({ media, edges, roaming }: Topology): readonly IpRange[] {
  return media.edges.map(({ edge: name, source }) => {
    const edge = edges.find((one) => one.name === name);
    return {
      kind: "media",
      edge: name,
      legacy_id: edge?.legacyId ?? roaming?.legacyId ?? name,
      edge_kind: edge?.kind ?? "roaming",
      network: cidrText(media.network),
      ports: [{ transport: "udp", first_port: media.ports.first, last_port: media.ports.last }],
      client_ports: { first_port: media.clientPorts.first, last_port: media.clientPorts.last },
      secure_media: [...(media.secureMedia ?? [])],
      source,
    };
  });
}
