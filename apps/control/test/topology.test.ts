/** What a start of control makes of a topology file. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Topology } from "@tandem/contracts";
import {
  type Database,
  deleteEdge,
  exchangeSid,
  readTopologySettings,
  snapshotVersion,
  updateEdge,
  updateExchange,
} from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import {
  bootstrapInstallation,
  followTopology,
  readTopologyFile,
  shippedTopologyFile,
} from "../src/installation/index.ts";
import { SecretBox } from "../src/secrets/index.ts";
import { compileSnapshot } from "../src/snapshot/index.ts";
import { sampleTopology } from "./topology-samples.ts";

const box = new SecretBox(Buffer.alloc(32, 7));

async function install(database: Database, file: string | undefined, topology?: Topology): Promise<void> {
  const names = { baseDomain: "tandem.test", realm: "realm.test" };
  const choice = { file, topology };
  const keep = async () => undefined;
  await bootstrapInstallation({ database, box, ...names, nowMs: 0, topology: choice, keep });
}

const rowsOf = (database: Database, table: string, columns: string) =>
  database.query(`select ${columns} from ${table} order by sequence`);

describeOnBothEngines("a topology file", (open) => {
  test("makes regions, exchanges, edges and media ranges at the first start", async () => {
    const database = await open();
    await install(database, "t.yaml", sampleTopology());
    assert.deepEqual(await rowsOf(database, "regions", "name, place, fallback, source, managed_by"), [
      { name: "us1", place: "West", fallback: ["ie1"], source: "operator", managed_by: "file" },
      { name: "ie1", place: "", fallback: [], source: "operator", managed_by: "file" },
    ]);
    const exchange = exchangeSid("bee");
    assert.match(exchange, /^IX[0-9a-f]{32}$/);
    assert.deepEqual(
      await rowsOf(database, "exchanges", "sid, name, place, source, bgp_prefixes, details_source"),
      [
        {
          sid: exchange,
          name: "bee",
          place: "Bee Street",
          source: "reference",
          bgp_prefixes: [
            { prefix: "192.0.2.0/25", maximum_length: 32 },
            { prefix: "203.0.113.0/24", maximum_length: null },
          ],
          details_source: "public-docs",
        },
      ],
    );
    assert.deepEqual(
      await rowsOf(database, "edges", "name, exchange_sid, place, udp_port, tcp_port, tls_port"),
      [
        {
          name: "b",
          exchange_sid: exchange,
          place: "Bee Street",
          udp_port: 5060,
          tcp_port: 5060,
          tls_port: 5061,
        },
        { name: "a", exchange_sid: null, place: "A", udp_port: null, tcp_port: 5070, tls_port: 5071 },
      ],
    );
    assert.deepEqual(
      await rowsOf(database, "media_ranges", "edge, legacy_id, network::text as network, source"),
      [
        { edge: "roaming", legacy_id: "gll-ix", network: "198.51.100.0/24", source: "reference" },
        { edge: "b", legacy_id: "b1", network: "198.51.100.0/24", source: "operator" },
        { edge: "a", legacy_id: "a1", network: "198.51.100.0/24", source: "public-docs" },
      ],
    );
    assert.deepEqual(await readTopologySettings(database), {
      topology_file: "t.yaml",
      name_servers: ["192.0.2.53"],
    });
    assert.equal(await snapshotVersion(database), 1);
  });

  test("the same file again changes nothing and makes no snapshot", async () => {
    const database = await open();
    const choice = { file: "t.yaml", topology: sampleTopology() };
    await install(database, choice.file, choice.topology);
    const nothing = { isChanged: false, keptAsEdited: [], keptInUse: [], refused: [] };
    assert.deepEqual(await followTopology(database, choice), nothing);
    assert.equal(await snapshotVersion(database), 1);
  });

  const changes: readonly (readonly [string, (topology: Topology) => void, sql: string, value: unknown])[] = [
    [
      "an address",
      (t) => t.edges[0]?.signaling.splice(0, 1, "192.0.2.2"),
      "signaling_addresses->>0 from edges where name = 'b'",
      "192.0.2.2",
    ],
    [
      "a legacy id",
      (t) => Object.assign(t.edges[0] ?? {}, { legacyId: "b2" }),
      "legacy_id from edges where name = 'b'",
      "b2",
    ],
    [
      "a port",
      (t) => Object.assign(t.signaling.ports, { tls: null }),
      "tls_port from edges where name = 'b'",
      null,
    ],
    [
      "the source",
      (t) => Object.assign(t.edges[0] ?? {}, { source: "reference" }),
      "source from edges where name = 'b'",
      "reference",
    ],
    [
      "a fallback",
      (t) => Object.assign(t.regions[1] ?? {}, { fallback: ["us1"] }),
      "fallback->>0 from regions where name = 'ie1'",
      "us1",
    ],
    [
      "a bandwidth",
      (t) => t.exchanges[0]?.bandwidthMbps?.push(100),
      "bandwidth_mbps->>2 from exchanges",
      "100",
    ],
    [
      "a maximum length",
      (t) => Object.assign(t.exchanges[0]?.bgpPrefixes?.[0] ?? {}, { maximumLength: 30 }),
      "bgp_prefixes->0->>'maximum_length' from exchanges",
      "30",
    ],
    [
      "the media ports",
      (t) => Object.assign(t.media.ports, { last: 20_001 }),
      "last_port from media_ranges where edge = 'roaming'",
      20_001,
    ],
    [
      "the media network",
      (t) => Object.assign(t.media, { network: "198.51.100.0/25" }),
      "network::text from media_ranges where edge = 'a'",
      "198.51.100.0/25",
    ],
    [
      "the name servers",
      (t) => Object.assign(t, { nameServers: ["192.0.2.54"] }),
      "name_servers->>0 from installation",
      "192.0.2.54",
    ],
  ];
  for (const [what, change, sql, value] of changes) {
    test(`${what} of the file arrives at the next start, with a new snapshot`, async () => {
      const database = await open();
      await install(database, "t.yaml", sampleTopology());
      const topology = sampleTopology();
      change(topology);
      const outcome = await followTopology(database, { file: "t.yaml", topology });
      assert.equal(outcome?.isChanged, true);
      const [row] = await database.query(`select ${sql.replace(" from", " as value from")}`);
      assert.deepEqual(row, { value });
      assert.equal(await snapshotVersion(database), 2);
    });
  }

  test("what the API changed stays, and is named", async () => {
    const database = await open();
    await install(database, "t.yaml", sampleTopology());
    await updateEdge(database, "b", { place: "Mine", source: "operator" });
    await updateExchange(database, exchangeSid("bee"), { place: "Mine too" });
    const topology = sampleTopology();
    Object.assign(topology.edges[0] ?? {}, { place: "Theirs" });
    Object.assign(topology.exchanges[0] ?? {}, { place: "Theirs" });
    const outcome = await followTopology(database, { file: "t.yaml", topology });
    assert.deepEqual(outcome, {
      isChanged: false,
      keptAsEdited: ["exchange bee", "edge b"],
      keptInUse: [],
      refused: [],
    });
    assert.deepEqual(await database.query("select place from edges where name = 'b'"), [{ place: "Mine" }]);
    assert.deepEqual(await database.query("select place from exchanges"), [{ place: "Mine too" }]);
    // Removed there, it follows the file again.
    await deleteEdge(database, "b");
    assert.equal((await followTopology(database, { file: "t.yaml", topology }))?.isChanged, true);
    assert.deepEqual(await database.query("select place, managed_by from edges where name = 'b'"), [
      { place: "Theirs", managed_by: "file" },
    ]);
  });

  test("what the file names no longer goes, unless something stands on it or the API made it", async () => {
    const database = await open();
    await install(database, "t.yaml", sampleTopology());
    await database.query("insert into carriers (sid, friendly_name) values ($1, 'c')", [
      `KR${"0".repeat(32)}`,
    ]);
    await database.query(
      "insert into carrier_gateways (sid, carrier_sid, sip_url, edge) values ($1, $2, 'sip:c.test', 'b')",
      [`KG${"0".repeat(32)}`, `KR${"0".repeat(32)}`],
    );
    await updateEdge(database, "a", { source: "operator" });
    const topology = sampleTopology();
    Object.assign(topology, { edges: [], exchanges: [] });
    topology.media.edges.splice(1, 2);
    const outcome = await followTopology(database, { file: "t.yaml", topology });
    assert.deepEqual(outcome?.keptInUse, ["edge b", "exchange bee"]);
    assert.deepEqual(await rowsOf(database, "media_ranges", "edge"), [{ edge: "roaming" }]);
    assert.deepEqual(await rowsOf(database, "edges", "name"), [{ name: "b" }, { name: "a" }]);
    await database.query("delete from carriers");
    const again = await followTopology(database, { file: "t.yaml", topology });
    assert.deepEqual(again?.keptInUse, []);
    assert.deepEqual(await rowsOf(database, "edges", "name"), [{ name: "a" }]);
    assert.deepEqual(await rowsOf(database, "exchanges", "name"), []);
  });

  test("an edge whose legacy id an edited edge has is refused, and the rest is followed", async () => {
    const database = await open();
    await install(database, "t.yaml", sampleTopology());
    await updateEdge(database, "a", { legacy_id: "c1", source: "operator" });
    const topology = sampleTopology();
    topology.edges.push({
      name: "c",
      legacyId: "c1",
      region: "us1",
      kind: "public",
      signaling: [],
      source: "operator",
    });
    topology.edges.push({
      name: "d",
      legacyId: "d1",
      region: "us1",
      kind: "public",
      signaling: [],
      source: "operator",
    });
    const outcome = await followTopology(database, { file: "t.yaml", topology });
    assert.deepEqual(outcome?.refused, ["edge c"]);
    assert.deepEqual(await rowsOf(database, "edges", "name"), [{ name: "b" }, { name: "a" }, { name: "d" }]);
  });

  test("the topology of the program is followed only by an installation that never had another", async () => {
    const database = await open();
    await install(database, undefined, sampleTopology());
    const topology = sampleTopology();
    Object.assign(topology.edges[1] ?? {}, { place: "Elsewhere" });
    const choice = { file: undefined, topology };
    assert.equal((await followTopology(database, choice))?.isChanged, true);
    assert.equal(
      (await followTopology(database, { file: "own.yaml", topology: sampleTopology() }))?.isChanged,
      true,
    );
    assert.equal(await followTopology(database, choice), undefined);
    assert.deepEqual(await database.query("select place from edges where name = 'a'"), [{ place: "A" }]);
  });

  test("none: what is there stays, and the program's is not followed afterwards", async () => {
    const database = await open();
    await install(database, undefined, sampleTopology());
    assert.equal(await followTopology(database, { file: "none", topology: undefined }), undefined);
    assert.deepEqual(await readTopologySettings(database), {
      topology_file: "none",
      name_servers: ["192.0.2.53"],
    });
    assert.equal(await followTopology(database, { file: undefined, topology: sampleTopology() }), undefined);
    assert.equal((await rowsOf(database, "edges", "name")).length, 2);
  });

  test("a region that only an edge of before names is in the snapshot, with nothing to fall back to", async () => {
    const database = await open();
    await install(database, undefined, sampleTopology());
    await database.query(
      "insert into edges (name, legacy_id, region, kind) values ('x', 'x1', 'zz1', 'public')",
    );
    assert.deepEqual((await compileSnapshot(database, box))?.regions, [
      { name: "us1", fallback: ["ie1"] },
      { name: "ie1", fallback: [] },
      { name: "zz1", fallback: [] },
    ]);
  });
});

describe("reading a topology file", () => {
  test("the one that comes with the program is sound", async () => {
    assert.equal((await readTopologyFile(shippedTopologyFile)).edges.length, 16);
  });

  test("a fault is named with file, line, column and cause", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tandem-topology-"));
    try {
      const file = join(folder, "t.yaml");
      await writeFile(file, "formatVersion: 2\nbaseDomain: x_y\n");
      await assert.rejects(readTopologyFile(file), (error: Error) => {
        assert.equal(error.name, "TopologyFileError");
        const lines = error.message.split("\n");
        assert.ok(
          lines.some((line) => line.startsWith(`${file}:1:16: /formatVersion: `)),
          error.message,
        );
        assert.ok(
          lines.some((line) => line.startsWith(`${file}:2:13: /baseDomain: `)),
          error.message,
        );
        return true;
      });
      await assert.rejects(readTopologyFile(join(folder, "none.yaml")), /cannot read .*none\.yaml: ENOENT/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
