/** One private edge with two addresses, one public edge on IPv6 with TLS only, one media range. */
import type { IpRange } from "@tandem/contracts";

const port = (transport: "udp" | "tcp" | "tls", first: number, last = first) => ({
  transport,
  first_port: first,
  last_port: last,
});

function signaling(
  edge: string,
  network: string,
  source: IpRange["source"],
  ports: IpRange["ports"],
): IpRange {
  return {
    kind: "signaling",
    edge,
    legacy_id: `${edge}-old`,
    edge_kind: edge.endsWith("-ix") ? "private" : "public",
    network,
    ports,
    client_ports: null,
    secure_media: [],
    source,
  };
}

function media(edge: string, source: IpRange["source"]): IpRange {
  return {
    ...signaling(edge, "198.51.100.0/24", source, [port("udp", 10_000, 60_000)]),
    kind: "media",
    client_ports: { first_port: 1024, last_port: 65_535 },
    secure_media: ["ICE", "SRTP"],
  };
}

const three = [port("udp", 5060), port("tcp", 5060), port("tls", 5061)];

export const sampleRanges: readonly IpRange[] = [
  signaling("north-ix", "192.0.2.1/32", "reference", three),
  signaling("north-ix", "192.0.2.2/32", "reference", three),
  signaling("west", "203.0.113.4/30", "operator", three),
  signaling("south", "2001:db8::/48", "operator", [port("tls", 5071)]),
  media("north-ix", "reference"),
  media("south", "operator"),
];
