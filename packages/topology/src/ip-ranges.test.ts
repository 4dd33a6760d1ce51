import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { IpRange, type Topology, validator } from "@tandem/contracts";
import { ipRangesOf } from "./ip-ranges.ts";
import { parseTopology } from "./parse-topology.ts";

function read(name: string): Topology {
  const file = new URL(`../../../topology/${name}.yaml`, import.meta.url);
  const result = parseTopology(readFileSync(file, "utf8"));
  assert.ok(result.ok);
  return result.topology;
}

const validate = validator(IpRange);

describe("ipRangesOf", () => {
  it("a row for each network of signaling, with the ports of the edge", () => {
    const topology = structuredClone(read("reference"));
    const edge = topology.edges[0];
    assert.ok(edge);
    edge.signaling = ["208.78.112.64", "2001:DB8::/48", "2001:db9::1"];
    edge.ports = { udp: null, tcp: 5070, tls: 5071 };
    const rows = ipRangesOf(topology).filter((row) => row.edge === edge.name && row.kind === "signaling");
    assert.deepEqual(
      rows.map(({ network }) => network),
      ["208.78.112.64/32", "2001:db8::/48", "2001:db9::1/128"],
    );
    assert.deepEqual(rows[0], {
      kind: "signaling",
      edge: "ashburn-ix",
      legacy_id: "us1-ix",
      edge_kind: "private",
      network: "208.78.112.64/32",
      ports: [
        { transport: "tcp", first_port: 5070, last_port: 5070 },
        { transport: "tls", first_port: 5071, last_port: 5071 },
      ],
      client_ports: null,
      secure_media: [],
      source: "reference",
    });
  });

  it("a media row for each edge, the pseudo-edge among them, with its own source", () => {
    const rows = ipRangesOf(read("reference")).filter(({ kind }) => kind === "media");
    assert.deepEqual(
      rows.filter(({ source }) => source === "reference").map(({ edge, legacy_id }) => [edge, legacy_id]),
      [
        ["sydney-ix", "au1-ix"],
        ["sao-paulo-ix", "br1-ix"],
        ["london-ix", "ie1-ix"],
        ["frankfurt-ix", "de1-ix"],
        ["tokyo-ix", "jp1-ix"],
        ["singapore-ix", "sg1-ix"],
        ["ashburn-ix", "us1-ix"],
        ["san-jose-ix", "us2-ix"],
        ["roaming", "gll-ix"],
      ],
    );
    assert.deepEqual(rows[8], {
      kind: "media",
      edge: "roaming",
      legacy_id: "gll-ix",
      edge_kind: "roaming",
      network: "168.86.128.0/18",
      ports: [{ transport: "udp", first_port: 10_000, last_port: 60_000 }],
      client_ports: { first_port: 1024, last_port: 65_535 },
      secure_media: ["ICE", "STUN", "SRTP"],
      source: "reference",
    });
  });

  for (const name of ["reference", "loopback"]) {
    it(`every row of the ${name} topology is as the schema says`, () => {
      for (const row of ipRangesOf(read(name))) assert.deepEqual(validate(row), { ok: true, value: row });
    });
  }

  it("both topologies have the same edges", () => {
    const names = (name: string) =>
      read(name).edges.map((edge) => [edge.name, edge.legacyId, edge.region, edge.kind]);
    assert.deepEqual(names("loopback"), names("reference"));
  });
});

/** What the reference document and the public documentation say, against the file. */
describe("the reference topology", () => {
  it("says of each row which document it is from", () => {
    const { edges, exchanges } = read("reference");
    const sources = new Map(edges.map(({ name, source }) => [name, source]));
    const ofReference = ["ashburn", "san-jose", "london", "frankfurt", "singapore", "tokyo", "sydney"];
    for (const { name, kind } of edges) {
      const isReference = kind === "private" && ofReference.includes(name.replace(/-ix$/, ""));
      assert.equal(sources.get(name), isReference ? "reference" : "public-docs", name);
    }
    for (const { name, source, detailsSource } of exchanges) {
      assert.equal(source, ofReference.includes(name) ? "reference" : "public-docs", name);
      assert.equal(detailsSource, "public-docs", name);
    }
  });

  it("Oregon takes over for Virginia, and every region has all the others to fall back to", () => {
    const { regions } = read("reference");
    assert.equal(regions.find(({ name }) => name === "us1")?.fallback[0], "us2");
    const names = regions.map(({ name }) => name).sort();
    for (const { name, fallback } of regions) assert.deepEqual([...fallback, name].sort(), names, name);
  });

  it("500 Mbit/s is sold everywhere but in the United States", () => {
    for (const { place, bandwidthMbps } of read("reference").exchanges) {
      const expected = place.endsWith("United States") ? [10, 100, 1000] : [10, 100, 500, 1000];
      assert.deepEqual(bandwidthMbps, expected, place);
    }
  });
});
