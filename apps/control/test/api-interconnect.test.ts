import assert from "node:assert/strict";
import { test } from "node:test";
import { IpRange, validator } from "@tandem/contracts";
import { exchangeSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { followTopology } from "../src/installation/index.ts";
import { type ExchangeHarness, exchangeHarness, publicUrl } from "./exchange-harness.ts";
import { sampleTopology } from "./topology-samples.ts";

const validate = validator(IpRange);

describeOnBothEngines("exchanges, edges and IP ranges", (open) => {
  async function withTopology(): Promise<ExchangeHarness> {
    const harness = await exchangeHarness(await open());
    await followTopology(harness.database, { file: undefined, topology: sampleTopology() });
    return harness;
  }

  const write = async (harness: ExchangeHarness, path: string, form: Record<string, string>) => {
    const { status, body } = await harness.request(harness.operator, "POST", path, form);
    return [status, body] as const;
  };

  test("everybody reads an exchange by its SID and by its name", async () => {
    const harness = await withTopology();
    const customer = await harness.createAccount();
    const sid = exchangeSid("bee");
    const list = await harness.request(customer, "GET", "/v1/Interconnect/Exchanges");
    const [row] = list.body["exchanges"] as Record<string, unknown>[];
    assert.deepEqual(
      { ...row, date_created: "", date_updated: "" },
      {
        sid,
        name: "bee",
        place: "Bee Street",
        source: "reference",
        data_center: "Bee 1",
        bgp_prefixes: [
          { prefix: "192.0.2.0/25", maximum_length: 32 },
          { prefix: "203.0.113.0/24", maximum_length: null },
        ],
        encryption_domain: ["192.0.2.0/25"],
        bandwidth_mbps: [10, 1000],
        details_source: "public-docs",
        managed_by: "file",
        edges: ["b"],
        date_created: "",
        date_updated: "",
        url: `${publicUrl}/v1/Interconnect/Exchanges/${sid}`,
      },
    );
    for (const key of [sid, "bee"]) {
      assert.deepEqual(
        (await harness.request(customer, "GET", `/v1/Interconnect/Exchanges/${key}`)).body,
        row,
      );
    }
    assert.equal((await harness.request(customer, "GET", "/v1/Interconnect/Exchanges/wasp")).status, 404);
  });

  test("the operator makes, changes and removes an exchange; its parts become the operator's word", async () => {
    const harness = await withTopology();
    const path = "/v1/Interconnect/Exchanges";
    const [status, made] = await write(harness, path, {
      Name: "wasp",
      Place: "W",
      BgpPrefix: "198.51.100.0/24 le 32",
    });
    assert.equal(status, 201);
    assert.deepEqual(made["bgp_prefixes"], [{ prefix: "198.51.100.0/24", maximum_length: 32 }]);
    assert.equal((await write(harness, path, { Name: "wasp" }))[0], 409);
    const [, changed] = await write(harness, `${path}/bee`, { DataCenter: "Bee 2" });
    assert.deepEqual(
      [changed["data_center"], changed["source"], changed["details_source"], changed["managed_by"]],
      ["Bee 2", "reference", "operator", "api"],
    );
    assert.equal((await harness.request(harness.operator, "DELETE", `${path}/bee`)).status, 409);
    assert.equal((await harness.request(harness.operator, "DELETE", `${path}/wasp`)).status, 204);
    assert.equal((await harness.request(harness.operator, "DELETE", `${path}/wasp`)).status, 404);
    const refused: Record<string, string>[] = [
      { Name: "Wasp" },
      { Name: "w", BgpPrefix: "198.51.100.1/24" },
      { Name: "w", BgpPrefix: "198.51.100.0/24 le 23" },
      { Name: "w", BgpPrefix: "198.51.100.0/24 le 33" },
      { Name: "w", BgpPrefix: "198.51.100.0/24 ge 25" },
      { Name: "w", EncryptionDomain: "here" },
      { Name: "w", BandwidthMbps: "0" },
    ];
    for (const form of refused)
      assert.equal((await write(harness, path, form))[0], 400, JSON.stringify(form));
  });

  test("customers write nothing", async () => {
    const harness = await withTopology();
    const customer = await harness.createAccount();
    const writes: [method: string, path: string][] = [
      ["POST", "/v1/Interconnect/Exchanges"],
      ["POST", "/v1/Interconnect/Exchanges/bee"],
      ["DELETE", "/v1/Interconnect/Exchanges/bee"],
      ["POST", "/v1/Edges/b"],
      ["DELETE", "/v1/Edges/b"],
    ];
    for (const [method, path] of writes) {
      const form = method === "POST" ? { Name: "x", Place: "x" } : undefined;
      assert.equal((await harness.request(customer, method, path, form)).status, 403, `${method} ${path}`);
    }
    assert.deepEqual(harness.announced, []);
  });

  test("the operator changes an edge, and the file leaves it alone from then on", async () => {
    const harness = await withTopology();
    const form = { SignalingAddress: "192.0.2.4/30", TlsPort: "", Exchange: exchangeSid("bee"), Place: "P" };
    const [status, body] = await write(harness, "/v1/Edges/b", form);
    assert.equal(status, 200);
    assert.deepEqual(
      [body["signaling_addresses"], body["tls_port"], body["udp_port"], body["exchange"], body["managed_by"]],
      [["192.0.2.4/30"], null, 5060, "bee", "api"],
    );
    assert.deepEqual(body["links"], {
      ip_ranges: `${publicUrl}/v1/Interconnect/IpRanges?Edge=b`,
      exchange: `${publicUrl}/v1/Interconnect/Exchanges/${exchangeSid("bee")}`,
    });
    assert.equal(harness.announced.length, 1);
    const outcome = await followTopology(harness.database, { file: undefined, topology: sampleTopology() });
    assert.deepEqual(outcome?.keptAsEdited, ["edge b"]);
    assert.equal((await write(harness, "/v1/Edges/nowhere", { Place: "x" }))[0], 404);
  });

  test("an edge that cannot be is refused and stays as it was", async () => {
    const harness = await withTopology();
    const before = (await harness.request(harness.operator, "GET", "/v1/Edges/b")).body;
    const refused: [Record<string, string>, number][] = [
      [{ Kind: "public" }, 400],
      [{ Exchange: "wasp" }, 400],
      [{ UdpPort: "", TcpPort: "", TlsPort: "" }, 400],
      [{ UdpPort: "65536" }, 400],
      [{ SignalingAddress: "0.0.0.0/0" }, 400],
      [{ SignalingAddress: "192.0.2.5/30" }, 400],
      [{ SignalingAddress: "::ffff:192.0.2.5" }, 400],
      [{ SignalingAddress: "2001:db8::/64" }, 409],
      [{ LegacyId: "a1" }, 409],
    ];
    for (const [form, status] of refused) {
      assert.equal((await write(harness, "/v1/Edges/b", form))[0], status, JSON.stringify(form));
    }
    assert.deepEqual((await harness.request(harness.operator, "GET", "/v1/Edges/b")).body, before);
    const [status, body] = await write(harness, "/v1/Edges", {
      Name: "c",
      LegacyId: "c1",
      Region: "us1",
      Kind: "public",
      SignalingAddress: "192.0.2.9",
    });
    assert.equal(status, 409);
    assert.match(String(body["message"]), /192\.0\.2\.9 overlaps 192\.0\.2\.8\/30 of edge b/);
  });

  test("an edge that a carrier gateway names cannot be removed", async () => {
    const harness = await withTopology();
    const [, carrier] = await write(harness, "/v1/Carriers", { FriendlyName: "c" });
    await write(harness, `/v1/Carriers/${String(carrier["sid"])}/Gateways`, {
      SipUrl: "sip:192.0.2.99",
      Edge: "a",
    });
    assert.equal((await harness.request(harness.operator, "DELETE", "/v1/Edges/a")).status, 409);
    assert.equal((await harness.request(harness.operator, "DELETE", "/v1/Edges/b")).status, 204);
    assert.equal((await harness.request(harness.operator, "DELETE", "/v1/Edges/b")).status, 404);
  });

  test("IP ranges: a row for each network, with ports and transports, media last", async () => {
    const harness = await withTopology();
    const customer = await harness.createAccount();
    const { status, body } = await harness.request(customer, "GET", "/v1/Interconnect/IpRanges");
    assert.equal(status, 200);
    const rows = body["ip_ranges"] as IpRange[];
    for (const row of rows) assert.deepEqual(validate(row), { ok: true, value: row });
    assert.deepEqual(
      rows.map((row) => [row.kind, row.edge, row.legacy_id, row.edge_kind, row.network, row.source]),
      [
        ["signaling", "b", "b1", "private", "192.0.2.1/32", "operator"],
        ["signaling", "b", "b1", "private", "192.0.2.8/30", "operator"],
        ["signaling", "a", "a1", "public", "2001:db8::1/128", "reference"],
        ["media", "roaming", "gll-ix", "roaming", "198.51.100.0/24", "reference"],
        ["media", "b", "b1", "private", "198.51.100.0/24", "operator"],
        ["media", "a", "a1", "public", "198.51.100.0/24", "public-docs"],
      ],
    );
    const port = (transport: string, first: number, last = first) => ({
      transport,
      first_port: first,
      last_port: last,
    });
    assert.deepEqual(rows[0]?.ports, [port("udp", 5060), port("tcp", 5060), port("tls", 5061)]);
    assert.deepEqual(rows[2]?.ports, [port("tcp", 5070), port("tls", 5071)]);
    assert.deepEqual([rows[0]?.client_ports, rows[0]?.secure_media], [null, []]);
    assert.deepEqual(rows[3]?.ports, [port("udp", 10_000, 19_999)]);
    assert.deepEqual(rows[3]?.client_ports, { first_port: 1024, last_port: 65_535 });
    assert.deepEqual(rows[3]?.secure_media, ["SRTP"]);
  });

  test("IP ranges are filtered by edge, kind and source, and paged", async () => {
    const harness = await withTopology();
    const networks = async (query: string) => {
      const { status, body } = await harness.request(
        harness.operator,
        "GET",
        `/v1/Interconnect/IpRanges?${query}`,
      );
      assert.equal(status, 200, JSON.stringify(body));
      return (body["ip_ranges"] as IpRange[]).map(({ kind, edge }) => `${kind} ${edge}`);
    };
    assert.deepEqual(await networks("Edge=a"), ["signaling a", "media a"]);
    assert.deepEqual(await networks("Edge=b1&Kind=media"), ["media b"]);
    assert.deepEqual(await networks("Edge=gll-ix"), ["media roaming"]);
    assert.deepEqual(await networks("EdgeKind=private&Kind=signaling"), ["signaling b", "signaling b"]);
    assert.deepEqual(await networks("Source=reference"), ["signaling a", "media roaming"]);
    assert.deepEqual(await networks("Edge=nowhere"), []);
    assert.equal(
      (await harness.request(harness.operator, "GET", "/v1/Interconnect/IpRanges?Kind=x")).status,
      400,
    );
    const walked: string[] = [];
    let path = "/v1/Interconnect/IpRanges?PageSize=2";
    for (let pages = 0; pages < 4 && path !== ""; pages += 1) {
      const { body } = await harness.request(harness.operator, "GET", path);
      walked.push(...(body["ip_ranges"] as IpRange[]).map(({ network }) => network));
      const next = (body["meta"] as { next_page_url: string | null }).next_page_url;
      path = next === null ? "" : next.slice(publicUrl.length);
    }
    assert.equal(walked.length, 6);
    assert.equal(path, "");
  });

  test("an edge of the API has its media where the others have, until it is removed", async () => {
    const harness = await withTopology();
    await write(harness, "/v1/Edges", { Name: "c", LegacyId: "c1", Region: "new1", Kind: "public" });
    const rows = async () =>
      (await harness.request(harness.operator, "GET", "/v1/Interconnect/IpRanges?Edge=c")).body[
        "ip_ranges"
      ] as IpRange[];
    assert.deepEqual(
      (await rows()).map(({ kind, network, source }) => [kind, network, source]),
      [["media", "198.51.100.0/24", "operator"]],
    );
    assert.deepEqual(await harness.database.query("select name, fallback from regions where name = 'new1'"), [
      { name: "new1", fallback: [] },
    ]);
    await harness.request(harness.operator, "DELETE", "/v1/Edges/c");
    assert.deepEqual(await rows(), []);
  });
});
