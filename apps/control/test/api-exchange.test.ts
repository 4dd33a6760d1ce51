import assert from "node:assert/strict";
import { test } from "node:test";
import { markGatewaySeen, placeGateway, upsertGateway } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { storeEntries } from "../src/records/store-entries.ts";
import { alert } from "./call-record-samples.ts";
import { exchangeHarness, publicUrl } from "./exchange-harness.ts";
import { gatewayState } from "./gateway-state-sample.ts";

describeOnBothEngines("edges, alerts, explain, gateways", (open) => {
  test("the operator makes edges, everybody reads them", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const form = {
      Name: "ashburn-ix",
      LegacyId: "us1-ix",
      Region: "us1",
      Kind: "private",
      Place: "Ashburn",
      SignalingAddress: "192.0.2.1",
    };
    const made = await harness.request(harness.operator, "POST", "/v1/Edges", form);
    assert.equal(made.status, 201);
    assert.deepEqual(
      { ...made.body, date_created: "", date_updated: "" },
      {
        name: "ashburn-ix",
        legacy_id: "us1-ix",
        region: "us1",
        kind: "private",
        place: "Ashburn",
        source: "operator",
        managed_by: "api",
        exchange: null,
        exchange_sid: null,
        signaling_addresses: ["192.0.2.1"],
        udp_port: 5060,
        tcp_port: 5060,
        tls_port: 5061,
        date_created: "",
        date_updated: "",
        url: `${publicUrl}/v1/Edges/ashburn-ix`,
        links: { ip_ranges: `${publicUrl}/v1/Interconnect/IpRanges?Edge=ashburn-ix`, exchange: null },
      },
    );
    assert.deepEqual((await harness.request(customer, "GET", "/v1/Edges")).body["edges"], [made.body]);
    assert.deepEqual((await harness.request(customer, "GET", "/v1/Edges/ashburn-ix")).body, made.body);
    assert.equal((await harness.request(customer, "GET", "/v1/Edges/us1-ix")).status, 404);
    const refused: [Record<string, string>, number][] = [
      [form, 409],
      [{ ...form, Name: "other" }, 409],
      [{ ...form, LegacyId: "other" }, 409],
      [{ ...form, Name: "Other", LegacyId: "o" }, 400],
      [{ ...form, Name: "o", LegacyId: "o", Kind: "secret" }, 400],
      [{ ...form, Name: "o", LegacyId: "o", SignalingAddress: "here" }, 400],
    ];
    for (const [given, status] of refused) {
      assert.equal(
        (await harness.request(harness.operator, "POST", "/v1/Edges", given)).status,
        status,
        JSON.stringify(given),
      );
    }
    assert.deepEqual(harness.announced, [2]);
    const places = (count: number) =>
      Array.from({ length: count }, (_, place) => ["SignalingAddress", `198.51.100.${place}`]);
    for (const [count, status] of [
      [64, 201],
      [65, 400],
    ] as const) {
      const fields = new URLSearchParams([
        ...Object.entries({ ...form, Name: `e${count}`, LegacyId: `l${count}` }).filter(
          ([name]) => name !== "SignalingAddress",
        ),
        ...places(count),
      ]);
      const reply = await harness.application.inject({
        method: "POST",
        url: "/v1/Edges",
        headers: {
          authorization: `Basic ${Buffer.from(`${harness.operator.sid}:${harness.operator.token}`).toString("base64")}`,
          "content-type": "application/x-www-form-urlencoded",
        },
        payload: fields.toString(),
      });
      assert.equal(reply.statusCode, status, `${count} addresses`);
    }
  });

  test("alerts are an account's own; the operator also sees those of nobody", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const own = alert({
      accountSid: customer.sid,
      atMs: Date.UTC(2026, 0, 2, 3, 4, 5),
      code: 32011,
      level: "warning",
    });
    const later = alert({
      accountSid: customer.sid,
      atMs: Date.UTC(2026, 0, 3),
      code: 32010,
      level: "error",
      callSid: null,
    });
    const nobodys = alert({ accountSid: null });
    await storeEntries(
      harness.database,
      "gw-1",
      [own, later, nobodys].map((given, sequence) => ({ sequence, kind: "alert", alert: given })),
    );
    const sids = async (account: typeof customer, query = "") => {
      const reply = await harness.request(account, "GET", `/v1/Alerts${query}`);
      assert.equal(reply.status, 200, JSON.stringify(reply.body));
      return (reply.body["alerts"] as { sid: string }[]).map(({ sid }) => sid);
    };
    assert.deepEqual(await sids(customer), [own.sid, later.sid]);
    assert.deepEqual(await sids(harness.operator), [nobodys.sid]);
    assert.deepEqual(await sids(customer, "?LogLevel=error"), [later.sid]);
    assert.deepEqual(await sids(customer, "?LogLevel=debug"), []);
    assert.deepEqual(await sids(customer, "?ErrorCode=32011"), [own.sid]);
    assert.deepEqual(await sids(customer, `?CallSid=${own.callSid}`), [own.sid]);
    assert.deepEqual(await sids(customer, `?TrunkSid=${later.trunkSid}`), [later.sid]);
    assert.deepEqual(await sids(customer, "?StartDate=2026-01-03"), [later.sid]);
    assert.deepEqual(await sids(customer, "?EndDate=2026-01-02"), [own.sid]);
    assert.deepEqual(await sids(customer, "?PageSize=1"), [own.sid]);
    const shown = await harness.request(customer, "GET", `/v1/Alerts/${own.sid}`);
    const { date_created, date_updated, ...rest } = shown.body;
    assert.equal(date_created, date_updated);
    assert.deepEqual(rest, {
      sid: own.sid,
      account_sid: customer.sid,
      alert_text: own.text,
      api_version: "v1",
      error_code: "32011",
      log_level: "warning",
      more_info: `${publicUrl}/errors/32011`,
      request_method: null,
      request_url: null,
      resource_sid: own.callSid,
      service_sid: own.trunkSid,
      date_generated: "2026-01-02T03:04:05Z",
      url: `${publicUrl}/v1/Alerts/${own.sid}`,
      tandem: { gateway: "gw-1", call_sid: own.callSid },
    });
    assert.equal(
      (await harness.request(customer, "GET", `/v1/Alerts/${later.sid}`)).body["resource_sid"],
      later.trunkSid,
    );
    assert.equal((await harness.request(customer, "GET", `/v1/Alerts/${nobodys.sid}`)).status, 404);
    assert.equal((await harness.request(harness.operator, "GET", `/v1/Alerts/${own.sid}`)).status, 404);
    assert.equal((await harness.request(harness.operator, "GET", `/v1/Alerts/${nobodys.sid}`)).status, 200);
  });

  test("explain hands facts or an INVITE to a gateway and its answer back", async () => {
    const harness = await exchangeHarness(await open());
    const { gateways, operator } = harness;
    const result = {
      gateway: "gw-1",
      snapshotVersion: 3,
      trunkSid: null,
      accountSid: null,
      stages: [],
      candidates: [],
    };
    gateways.explained = { ok: true, result };
    const facts = { Direction: "termination", SourceAddress: "192.0.2.1", From: "+1", To: "+2" };
    const asked = {
      kind: "facts",
      direction: "termination",
      sourceAddress: "192.0.2.1",
      from: "+1",
      to: "+2",
    };
    const reply = await harness.request(operator, "POST", "/v1/Explain", facts);
    assert.deepEqual(reply, { status: 200, body: result });
    await harness.request(operator, "POST", "/v1/Explain", {
      ...facts,
      Host: "h",
      Username: "u",
      Interface: "i",
      Transport: "TLS",
      Gateway: "gw-2",
    });
    await harness.request(operator, "POST", "/v1/Explain", {
      SourceAddress: "192.0.2.1",
      Invite: "INVITE sip:x SIP/2.0\r\n\r\n",
    });
    assert.deepEqual(gateways.asked, [
      ["explain", asked, undefined],
      ["explain", { ...asked, host: "h", username: "u", interface: "i", transport: "TLS" }, "gw-2"],
      [
        "explain",
        { kind: "invite", text: "INVITE sip:x SIP/2.0\r\n\r\n", sourceAddress: "192.0.2.1" },
        undefined,
      ],
    ]);
    for (const missing of ["Direction", "From", "To", "SourceAddress"]) {
      const { [missing]: _gone, ...form } = facts as Record<string, string>;
      assert.equal((await harness.request(operator, "POST", "/v1/Explain", form)).status, 400, missing);
    }
    for (const [length, status] of [
      [60_000, 200],
      [60_001, 400],
    ] as const) {
      const form = { SourceAddress: "192.0.2.1", Invite: "x".repeat(length) };
      assert.equal((await harness.request(operator, "POST", "/v1/Explain", form)).status, status);
    }
    gateways.explained = { ok: false, kind: "unreachable", error: "gateway gw-2 is not connected" };
    const unreachable = await harness.request(operator, "POST", "/v1/Explain", facts);
    assert.deepEqual([unreachable.status, unreachable.body["code"]], [503, 91005]);
    gateways.explained = { ok: false, kind: "failed", error: "no snapshot" };
    const failed = await harness.request(operator, "POST", "/v1/Explain", facts);
    assert.equal(failed.status, 422);
    assert.match(String(failed.body["message"]), /The gateway says: no snapshot\.$/);
  });

  test("the operator sees gateways, connected or not, and drains them", async () => {
    const harness = await exchangeHarness(await open());
    const { gateways, operator } = harness;
    await upsertGateway(harness.database, "gw-1", "h");
    await upsertGateway(harness.database, "gw-2", "h");
    const targets = [{ sid: "KG1", interface: "i", connection: null, state: "down" as const, reason: "408" }];
    gateways.states = [
      gatewayState({ name: "gw-2", snapshotVersion: 4, liveCalls: 9, isDraining: true, targets }),
    ];
    const reply = await harness.request(operator, "GET", "/v1/Gateways");
    assert.deepEqual(reply.body["gateways"], [
      {
        name: "gw-1",
        edge: null,
        connected: false,
        snapshot_version: 0,
        live_calls: null,
        draining: null,
        last_seen: null,
        targets: [],
      },
      {
        name: "gw-2",
        edge: null,
        connected: true,
        snapshot_version: 4,
        live_calls: 9,
        draining: true,
        last_seen: null,
        targets,
      },
    ]);
    const atMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    await placeGateway(harness.database, "gw-1", "london", []);
    await markGatewaySeen(harness.database, {
      name: "gw-1",
      streamId: "s",
      snapshotVersion: 3,
      health: [],
      healthSnapshotVersion: 0,
      atMs,
    });
    const [first] = (await harness.request(operator, "GET", "/v1/Gateways")).body["gateways"] as object[];
    assert.deepEqual(first, {
      name: "gw-1",
      edge: "london",
      connected: false,
      snapshot_version: 3,
      live_calls: null,
      draining: null,
      last_seen: "2026-01-02T03:04:05Z",
      targets: [],
    });
    assert.equal((await harness.request(operator, "POST", "/v1/Gateways/gw-1/Drain", {})).status, 503);
    gateways.commandResult = { ok: true, name: "drain" };
    assert.equal(
      (await harness.request(operator, "POST", "/v1/Gateways/gw-2/Drain", { ExitWhenIdle: "true" })).status,
      200,
    );
    assert.deepEqual(gateways.asked, [
      ["command", "gw-1", { name: "drain", exitWhenIdle: false }],
      ["command", "gw-2", { name: "drain", exitWhenIdle: true }],
    ]);
  });

  test("the operator sees the bans of every gateway, and lifts one everywhere", async () => {
    const harness = await exchangeHarness(await open());
    const { gateways, operator } = harness;
    const customer = await harness.createAccount();
    gateways.states = [gatewayState({ name: "gw-1" }), gatewayState({ name: "gw-2" })];
    const ban = { interface: "customers", address: "192.0.2.7", cause: "scanner" as const, verified: false };
    gateways.commandResult = { ok: true, name: "bans", bans: [{ ...ban, secondsLeft: 30 }] };
    const now = harness.clock.wallMs();
    const { body } = await harness.request(operator, "GET", "/v1/Bans");
    const ends_at = new Date(now + 30_000).toISOString().replace(".000Z", "Z");
    assert.deepEqual(body, {
      bans: [
        { gateway: "gw-1", ...ban, ends_at },
        { gateway: "gw-2", ...ban, ends_at },
      ],
      missing: [],
    });
    gateways.commandResult = { ok: true, name: "lift-ban", lifted: 1 };
    assert.equal((await harness.request(operator, "DELETE", "/v1/Bans/192.0.2.7")).status, 204);
    assert.deepEqual(gateways.asked.at(-1), ["command", "gw-2", { name: "lift-ban", address: "192.0.2.7" }]);
    gateways.commandResult = { ok: true, name: "lift-ban", lifted: 0 };
    assert.equal((await harness.request(operator, "DELETE", "/v1/Bans/192.0.2.7")).status, 404);
    assert.equal((await harness.request(operator, "DELETE", "/v1/Bans/nobody")).status, 404);
    gateways.commandResult = { ok: false, error: "gone" };
    const gone = await harness.request(operator, "GET", "/v1/Bans");
    assert.deepEqual(gone.body, { bans: [], missing: ["gw-1", "gw-2"] });
    for (const [method, path] of [
      ["GET", "/v1/Bans"],
      ["DELETE", "/v1/Bans/192.0.2.7"],
    ] as const) {
      assert.equal((await harness.request(customer, method, path)).status, 403);
    }
  });
});
