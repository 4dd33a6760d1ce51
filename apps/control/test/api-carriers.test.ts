import assert from "node:assert/strict";
import { test } from "node:test";
import { snapshotVersion } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { compileSnapshot } from "../src/snapshot/index.ts";
import { box, type ExchangeHarness, exchangeHarness, publicUrl } from "./exchange-harness.ts";

async function createCarrier(harness: ExchangeHarness, form: Record<string, string> = {}) {
  const reply = await harness.request(harness.operator, "POST", "/v1/Carriers", {
    FriendlyName: "East",
    ...form,
  });
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  return reply.body;
}

async function createEdge(harness: ExchangeHarness, name: string): Promise<void> {
  const form = { Name: name, LegacyId: `${name}-legacy`, Region: "us1", Kind: "private" };
  assert.equal((await harness.request(harness.operator, "POST", "/v1/Edges", form)).status, 201);
}

describeOnBothEngines("carriers", (open) => {
  test("a carrier with everything, from creation into the snapshot", async () => {
    const harness = await exchangeHarness(await open());
    await createEdge(harness, "ashburn-ix");
    const carrier = await createCarrier(harness, {
      Username: "tandem",
      Password: "secret",
      RegistrarUrl: "sip:registrar.east.test",
      AddressOfRecord: "sip:tandem@east.test",
      SourcePolicy: "strict",
      FirstResponseSeconds: "3",
      ProgressSeconds: "10.5",
      RingSeconds: "60",
      FailoverOverrides: '{"404":"stop"}',
      Codecs: "PCMU",
      Identity: "sign",
    });
    const sid = String(carrier["sid"]);
    const url = `${publicUrl}/v1/Carriers/${sid}`;
    const { date_created, date_updated, ...shown } = carrier;
    assert.match(String(date_created), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(date_updated, date_created);
    assert.deepEqual(shown, {
      sid,
      friendly_name: "East",
      enabled: true,
      username: "tandem",
      registrar_url: "sip:registrar.east.test",
      address_of_record: "sip:tandem@east.test",
      registration_expires_seconds: 3600,
      source_policy: "strict",
      first_response_seconds: 3,
      progress_seconds: 10.5,
      ring_seconds: 60,
      failover_overrides: { 404: "stop" },
      tls_peer_authorities: null,
      tls_peer_names: [],
      codecs: ["PCMU"],
      identity: "sign",
      url,
      links: { gateways: `${url}/Gateways`, routes: `${url}/Routes`, sources: `${url}/Sources` },
    });
    const post = async (path: string, form: Record<string, string>) => {
      const reply = await harness.request(harness.operator, "POST", `/v1/Carriers/${sid}/${path}`, form);
      assert.equal(reply.status, 201, JSON.stringify(reply.body));
      return reply.body;
    };
    const gateway = await post("Gateways", {
      SipUrl: "sip:192.0.2.7:5080;transport=tcp",
      Priority: "1",
      Weight: "2",
      Edge: "ashburn-ix",
    });
    const plain = await post("Gateways", { SipUrl: "sip:gw.east.test", Enabled: "false" });
    assert.equal(gateway["url"], `${url}/Gateways/${String(gateway["sid"])}`);
    await post("Routes", { Prefix: "+44", Priority: "5" });
    await post("Routes", { Prefix: "+", Weight: "1" });
    await post("Sources", { Network: "192.0.2.0/24" });
    await post("Sources", { Network: "2001:db8::1" });
    const snapshot = await compileSnapshot(harness.database, box);
    assert.deepEqual(snapshot?.carriers, [
      {
        sid,
        friendlyName: "East",
        enabled: true,
        sourceNetworks: ["192.0.2.0/24", "2001:db8::1/128"],
        gateways: [
          {
            sid: gateway["sid"],
            sipUrl: "sip:192.0.2.7:5080;transport=tcp",
            priority: 1,
            weight: 2,
            enabled: true,
            edge: "ashburn-ix",
          },
          {
            sid: plain["sid"],
            sipUrl: "sip:gw.east.test",
            priority: 10,
            weight: 10,
            enabled: false,
            edge: null,
          },
        ],
        routes: [
          { prefix: "+44", priority: 5, weight: 10 },
          { prefix: "+", priority: 10, weight: 1 },
        ],
        credentials: { username: "tandem", password: "secret" },
        registration: {
          registrarUrl: "sip:registrar.east.test",
          addressOfRecord: "sip:tandem@east.test",
          expiresSeconds: 3600,
        },
        sourcePolicy: "strict",
        timers: { firstResponseSeconds: 3, progressSeconds: 10.5, ringSeconds: 60 },
        failoverOverrides: { 404: "stop" },
        codecs: ["PCMU"],
        identity: "sign",
      },
    ]);
    assert.equal(snapshot?.version, 9);
    assert.deepEqual(harness.announced, [2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("the password is never shown and never lies in the database in the clear", async () => {
    const harness = await exchangeHarness(await open());
    const carrier = await createCarrier(harness, { Username: "tandem", Password: "very-secret" });
    const path = `/v1/Carriers/${String(carrier["sid"])}`;
    for (const reply of [
      await harness.request(harness.operator, "GET", path),
      await harness.request(harness.operator, "GET", "/v1/Carriers"),
      await harness.request(harness.operator, "POST", path, { Enabled: "false" }),
    ]) {
      assert.equal(reply.status, 200);
      assert.doesNotMatch(JSON.stringify(reply.body), /very-secret|password/);
    }
    const [row] = await harness.database.query<{ password_encrypted: Uint8Array }>(
      "select password_encrypted from carriers",
    );
    assert.equal(Buffer.from(row?.password_encrypted ?? []).includes("very-secret"), false);
  });

  test("user, password and registration change together or not at all", async () => {
    const harness = await exchangeHarness(await open());
    const carrier = await createCarrier(harness);
    const path = `/v1/Carriers/${String(carrier["sid"])}`;
    const steps: [form: Record<string, string>, status: number, seen?: object][] = [
      [{ Username: "u" }, 422],
      [{ Password: "p" }, 422],
      [{ Username: "", Password: "p" }, 422],
      [{ Username: "u", Password: "" }, 422],
      [{ Username: "u", Password: "p" }, 200, { username: "u" }],
      [{ Password: "q" }, 200, { username: "u" }],
      [{ Username: "v" }, 200, { username: "v" }],
      [{ Username: "" }, 200, { username: null }],
      [{ RegistrarUrl: "sip:r.test" }, 422],
      [{ AddressOfRecord: "sip:a@r.test" }, 422],
      [{ RegistrationExpiresSeconds: "60" }, 422],
      [{ RegistrarUrl: "sip:r.test", AddressOfRecord: "nobody" }, 400],
      [{ RegistrarUrl: "r.test", AddressOfRecord: "sip:a@r.test" }, 400],
      [
        { RegistrarUrl: "sip:r.test", AddressOfRecord: "sip:a@r.test", RegistrationExpiresSeconds: "59" },
        400,
      ],
      [
        { RegistrarUrl: "sip:r.test", AddressOfRecord: "sip:a@r.test", RegistrationExpiresSeconds: "60" },
        200,
        { registration_expires_seconds: 60 },
      ],
      [
        { RegistrarUrl: "sip:s.test" },
        200,
        { registrar_url: "sip:s.test", address_of_record: "sip:a@r.test", registration_expires_seconds: 60 },
      ],
      [{ FriendlyName: "West" }, 200, { friendly_name: "West", registrar_url: "sip:s.test" }],
      [
        { RegistrarUrl: "" },
        200,
        { registrar_url: null, address_of_record: null, registration_expires_seconds: null },
      ],
    ];
    for (const [form, status, seen] of steps) {
      const reply = await harness.request(harness.operator, "POST", path, form);
      assert.equal(reply.status, status, JSON.stringify([form, reply.body]));
      for (const [name, value] of Object.entries(seen ?? {})) assert.equal(reply.body[name], value, name);
    }
  });

  const refusals: [path: string, form: Record<string, string>, status: number, code: number][] = [
    ["Gateways", { SipUrl: "tel:+1" }, 400, 91103],
    ["Gateways", { SipUrl: "sip:h;edge=ashburn-ix" }, 400, 91103],
    ["Gateways", { SipUrl: "sip:h?X-a=b" }, 400, 91103],
    ["Gateways", { SipUrl: `sip:${"h".repeat(2045)}` }, 400, 91103],
    ["Gateways", {}, 400, 20001],
    ["Gateways", { SipUrl: "sip:h", Priority: "65536" }, 400, 20001],
    ["Gateways", { SipUrl: "sip:h", Weight: "0" }, 400, 20001],
    ["Gateways", { SipUrl: "sip:h", Priority: "-1" }, 400, 20001],
    ["Gateways", { SipUrl: "sip:h", Weight: "65536" }, 400, 20001],
    ["Gateways", { SipUrl: "sip:h;tnx=ashburn-ix" }, 400, 91103],
    ["Gateways", { SipUrl: "sip:h", Edge: "atlantis" }, 400, 91115],
    ["Gateways", { SipUrl: "sip:h", Edge: "ashburn-ix-legacy" }, 400, 91115],
    ["Routes", { Prefix: "44" }, 400, 91112],
    ["Routes", { Prefix: "+1234567890123456" }, 400, 91112],
    ["Routes", { Prefix: "+7" }, 409, 20409],
    ["Sources", { Network: "192.0.2.1/24" }, 400, 91113],
    ["Sources", { Network: "192.0.2.0/33" }, 400, 91113],
    ["Sources", { Network: "0.0.0.0/0" }, 400, 91113],
    ["Sources", { Network: "192.0.2" }, 400, 91113],
    ["Sources", { Network: "192.0.2.0/24/8" }, 400, 91113],
    ["Sources", { Network: "fe80::1%eth0" }, 400, 91113],
    ["Sources", { Network: "2001:db8::/129" }, 400, 91113],
    ["Sources", { Network: "192.0.2.0/024" }, 400, 91113],
    ["Sources", { Network: "10.0.0.0/8" }, 409, 20409],
  ];
  test("what a carrier's parts must be", async () => {
    const harness = await exchangeHarness(await open());
    await createEdge(harness, "ashburn-ix");
    const carrier = await createCarrier(harness);
    const base = `/v1/Carriers/${String(carrier["sid"])}`;
    for (const [path, form] of [
      ["Gateways", { SipUrl: "sip:h", Priority: "0", Weight: "1" }],
      ["Gateways", { SipUrl: "sip:h", Priority: "65535", Weight: "65535" }],
      ["Sources", { Network: "192.0.2.1/32" }],
      ["Sources", { Network: "2001:db8::1/128" }],
      ["Routes", { Prefix: "+7" }],
      ["Routes", { Prefix: "+123456789012345" }],
      ["Sources", { Network: "10.0.0.0/8" }],
    ] as const) {
      assert.equal((await harness.request(harness.operator, "POST", `${base}/${path}`, form)).status, 201);
    }
    const version = await snapshotVersion(harness.database);
    for (const [path, form, status, code] of refusals) {
      const reply = await harness.request(harness.operator, "POST", `${base}/${path}`, form);
      assert.deepEqual(
        [reply.status, reply.body["code"]],
        [status, code],
        JSON.stringify([form, reply.body]),
      );
    }
    assert.equal(await snapshotVersion(harness.database), version, "a refusal makes no new version");
  });

  test("a changed user or password reaches the snapshot, and so does a changed part", async () => {
    const harness = await exchangeHarness(await open());
    await createEdge(harness, "ashburn-ix");
    const carrier = await createCarrier(harness, { Username: "u", Password: "p" });
    const path = `/v1/Carriers/${String(carrier["sid"])}`;
    const post = async (place: string, form: Record<string, string>) => {
      const reply = await harness.request(harness.operator, "POST", `${path}${place}`, form);
      assert.ok(reply.status < 300, JSON.stringify(reply.body));
      return String(reply.body["sid"]);
    };
    const compiled = async () => (await compileSnapshot(harness.database, box))?.carriers[0];
    await post("", { Password: "q" });
    assert.deepEqual((await compiled())?.credentials, { username: "u", password: "q" });
    await post("", { Username: "v" });
    assert.deepEqual((await compiled())?.credentials, { username: "v", password: "q" });
    await post("", { Username: "" });
    assert.equal((await compiled())?.credentials, null);
    await post("", {
      Enabled: "false",
      SourcePolicy: "symmetric",
      FirstResponseSeconds: "5",
      ProgressSeconds: "6",
      RingSeconds: "7",
      FailoverOverrides: '{"486":"next"}',
    });
    const { enabled, sourcePolicy, timers, failoverOverrides } = (await compiled()) ?? {};
    assert.deepEqual(
      { enabled, sourcePolicy, timers, failoverOverrides },
      {
        enabled: false,
        sourcePolicy: "symmetric",
        timers: { firstResponseSeconds: 5, progressSeconds: 6, ringSeconds: 7 },
        failoverOverrides: { 486: "next" },
      },
    );
    const gateway = await post("/Gateways", { SipUrl: "sip:a.test" });
    const change = { SipUrl: "sip:b.test", Priority: "3", Weight: "4", Enabled: "false", Edge: "ashburn-ix" };
    await post(`/Gateways/${gateway}`, change);
    assert.deepEqual((await compiled())?.gateways, [
      { sid: gateway, sipUrl: "sip:b.test", priority: 3, weight: 4, enabled: false, edge: "ashburn-ix" },
    ]);
    await post(`/Gateways/${gateway}`, { Edge: "" });
    assert.equal((await compiled())?.gateways[0]?.edge, null);
    const route = await post("/Routes", { Prefix: "+1" });
    await post(`/Routes/${route}`, { Prefix: "+2", Priority: "3", Weight: "4" });
    assert.deepEqual((await compiled())?.routes, [{ prefix: "+2", priority: 3, weight: 4 }]);
    const source = await post("/Sources", { Network: "192.0.2.0/24" });
    await post(`/Sources/${source}`, { Network: "198.51.100.0/24" });
    assert.deepEqual((await compiled())?.sourceNetworks, ["198.51.100.0/24"]);
  });

  const limits: [name: string, taken: string[], refused: string[]][] = [
    ["FriendlyName", ["x", "x".repeat(64)], ["", "x".repeat(65)]],
    ["SourcePolicy", ["address", "strict", "symmetric"], ["any"]],
    ["FirstResponseSeconds", ["1", "60"], ["0.9", "60.1"]],
    ["ProgressSeconds", ["1", "300"], ["0.9", "300.1"]],
    ["RingSeconds", ["1", "600"], ["0.9", "600.1"]],
    ["RegistrationExpiresSeconds", ["60", "86400"], ["59", "86401"]],
    ["Username", ["x".repeat(255)], ["x".repeat(256)]],
    ["Password", ["x".repeat(255)], ["x".repeat(256)]],
    ["RegistrarUrl", ["sip:r.test:5080;transport=tcp"], ["sip:r.test;edge=a", "tel:+1"]],
    [
      "AddressOfRecord",
      ["sip:a@b", `sip:${"a".repeat(2042)}@b`],
      ["sip:a", `sip:${"a".repeat(2043)}@b`, "sip:a@b;x=1", 'sip:"a"@b'],
    ],
  ];
  test("limits of a carrier's parameters, both sides", async () => {
    const harness = await exchangeHarness(await open());
    const carrier = await createCarrier(harness, {
      Username: "u",
      Password: "p",
      RegistrarUrl: "sip:r.test",
      AddressOfRecord: "sip:a@b",
    });
    const path = `/v1/Carriers/${String(carrier["sid"])}`;
    for (const [name, taken, refused] of limits) {
      for (const [values, status] of [
        [taken, 200],
        [refused, 400],
      ] as const) {
        for (const value of values) {
          const reply = await harness.request(harness.operator, "POST", path, { [name]: value });
          assert.equal(reply.status, status, `${name}=${value.slice(0, 80)}: ${JSON.stringify(reply.body)}`);
        }
      }
    }
  });

  test("a carrier has 10,000 parts of a kind and not one more", async () => {
    const harness = await exchangeHarness(await open());
    const carrier = await createCarrier(harness);
    await harness.database.query(
      `insert into carrier_sources (sid, carrier_sid, network)
       select 'KS' || lpad(to_hex(place), 32, '0'), $1, ('10.0.0.0'::inet + place)::cidr
       from generate_series(1, 9999) place`,
      [carrier["sid"]],
    );
    const add = async (network: string) => {
      const path = `/v1/Carriers/${String(carrier["sid"])}/Sources`;
      return (await harness.request(harness.operator, "POST", path, { Network: network })).status;
    };
    assert.deepEqual([await add("192.0.2.1"), await add("192.0.2.2")], [201, 422]);
  });

  test("parts are listed, fetched, changed and deleted under their own carrier only", async () => {
    const harness = await exchangeHarness(await open());
    const [own, other] = [await createCarrier(harness), await createCarrier(harness)];
    const base = `/v1/Carriers/${String(own["sid"])}/Gateways`;
    const ask = (method: string, path: string, form?: Record<string, string>) =>
      harness.request(harness.operator, method, path, form);
    const gateway = (await ask("POST", base, { SipUrl: "sip:a.test" })).body;
    const sid = String(gateway["sid"]);
    assert.deepEqual((await ask("GET", `${base}/${sid}`)).body, gateway);
    assert.deepEqual((await ask("GET", base)).body["gateways"], [gateway]);
    const changed = await ask("POST", `${base}/${sid}`, { Priority: "0" });
    assert.equal(changed.body["priority"], 0);
    assert.equal(changed.body["sip_url"], "sip:a.test");
    const strange = `/v1/Carriers/${String(other["sid"])}/Gateways`;
    assert.deepEqual((await ask("GET", strange)).body["gateways"], []);
    for (const method of ["GET", "DELETE"])
      assert.equal((await ask(method, `${strange}/${sid}`)).status, 404);
    assert.equal((await ask("POST", `${strange}/${sid}`, { Priority: "1" })).status, 404);
    assert.equal((await ask("DELETE", `${base}/${sid}`)).status, 204);
    assert.equal((await ask("DELETE", `${base}/${sid}`)).status, 404);
    await ask("POST", base, { SipUrl: "sip:b.test" });
    assert.equal((await ask("DELETE", `/v1/Carriers/${String(own["sid"])}`)).status, 204);
    assert.equal((await ask("DELETE", `/v1/Carriers/${String(own["sid"])}`)).status, 404);
    assert.deepEqual(await harness.database.query("select 1 from carrier_gateways"), []);
    assert.equal((await ask("GET", base)).status, 404);
    assert.equal((await ask("POST", base, { SipUrl: "sip:b.test" })).status, 404);
  });

  test("only the operator sees or changes carriers", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const carrier = await createCarrier(harness);
    const base = `/v1/Carriers/${String(carrier["sid"])}`;
    const part = (
      await harness.request(harness.operator, "POST", `${base}/Gateways`, { SipUrl: "sip:a.test" })
    ).body;
    const attempts: [string, string, Record<string, string>?][] = [
      ["GET", "/v1/Carriers"],
      ["GET", base],
      ["POST", "/v1/Carriers", { FriendlyName: "x" }],
      ["POST", base, {}],
      ["DELETE", base],
      ["GET", `${base}/Gateways`],
      ["POST", `${base}/Gateways`, { SipUrl: "sip:a.test" }],
      ["GET", `${base}/Gateways/${String(part["sid"])}`],
      ["POST", `${base}/Gateways/${String(part["sid"])}`, {}],
      ["DELETE", `${base}/Gateways/${String(part["sid"])}`],
      ["GET", "/v1/Gateways"],
      ["POST", "/v1/Gateways/gw-1/Drain", {}],
      ["POST", "/v1/Edges", { Name: "x", LegacyId: "y", Region: "z", Kind: "public" }],
      ["POST", "/v1/Explain", { SourceAddress: "192.0.2.1", Invite: "x" }],
    ];
    for (const [method, path, form] of attempts) {
      const reply = await harness.request(customer, method, path, form);
      assert.deepEqual([reply.status, reply.body["code"]], [403, 20403], `${method} ${path}`);
    }
    assert.deepEqual(harness.gateways.asked, []);
  });
});
