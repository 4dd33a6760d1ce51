import type { Topology } from "@tandem/contracts";

/** Two regions, an exchange with a private edge `b`, a public edge `a`. */
export function sampleTopology(): Topology {
  return {
    formatVersion: 1,
    baseDomain: "sample.test",
    nameServers: ["192.0.2.53"],
    signaling: { ports: { udp: 5060, tcp: 5060, tls: 5061 } },
    media: {
      network: "198.51.100.0/24",
      ports: { first: 10_000, last: 19_999 },
      clientPorts: { first: 1024, last: 65_535 },
      secureMedia: ["SRTP"],
      edges: [
        { edge: "roaming", source: "reference" },
        { edge: "b", source: "operator" },
        { edge: "a", source: "public-docs" },
      ],
    },
    roaming: { name: "roaming", legacyId: "gll-ix" },
    regions: [
      { name: "us1", place: "West", fallback: ["ie1"], source: "operator" },
      { name: "ie1", fallback: [], source: "operator" },
    ],
    exchanges: [
      {
        name: "bee",
        place: "Bee Street",
        source: "reference",
        dataCenter: "Bee 1",
        bgpPrefixes: [{ prefix: "192.0.2.0/25", maximumLength: 32 }, { prefix: "203.0.113.0/24" }],
        encryptionDomain: ["192.0.2.0/25"],
        bandwidthMbps: [10, 1000],
        detailsSource: "public-docs",
      },
    ],
    edges: [
      {
        name: "b",
        legacyId: "b1",
        region: "us1",
        kind: "private",
        exchange: "bee",
        signaling: ["192.0.2.1", "192.0.2.8/30"],
        source: "operator",
      },
      {
        name: "a",
        legacyId: "a1",
        region: "ie1",
        kind: "public",
        place: "A",
        signaling: ["2001:db8::1"],
        ports: { udp: null, tcp: 5070, tls: 5071 },
        source: "reference",
      },
    ],
  };
}
