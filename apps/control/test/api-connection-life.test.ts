/** The life of a private line over REST: ready, in use, deleted, expired. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { insertConnectionTransition, snapshotVersion } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { compileSnapshot } from "../src/snapshot/index.ts";
import { box, type FormFields } from "./exchange-harness.ts";
import { connectionHealth } from "./gateway-state-sample.ts";
import {
  type InterconnectHarness,
  interconnectHarness,
  connectionsPath as path,
} from "./interconnect-harness.ts";

async function activate(harness: InterconnectHarness, sid: string): Promise<void> {
  assert.equal((await harness.update(harness.operator, sid, { Status: "active" })).status, 200);
  const version = await snapshotVersion(harness.database);
  await harness.report({ name: "gw-1", snapshotVersion: version, lines: [connectionHealth(sid)] });
  await harness.watch();
  assert.equal(await harness.statusOf(sid), "active");
}

describeOnBothEngines("life of connections", (open) => {
  test("a line is ready when it has what its type needs", async () => {
    const harness = await interconnectHarness(await open());
    const { customer } = harness;
    const line = await harness.create(customer, { Type: "vpn", IpRoutes: "" });
    assert.equal(line["status"], "not-ready");
    const update = async (form: FormFields) => {
      const { status, body } = await harness.update(customer, line.sid, form);
      return status === 200 ? body["status"] : [status, body["code"]];
    };
    const refused = await harness.update(customer, line.sid, { Status: "active" });
    assert.deepEqual([refused.status, refused.body["code"]], [409, 62014]);
    assert.match(String(refused.body["message"]), /It lacks VpnGatewayAddress, IpRoutes\.$/);
    assert.equal(await update({ VpnGatewayAddress: "203.0.113.1" }), "not-ready");
    assert.equal(await update({ IpRoutes: "198.51.100.0/24" }), "inactive");
    assert.equal(await update({ VpnGatewayAddress: "" }), "not-ready");
    // One update may complete the line and activate it.
    assert.equal(await update({ VpnGatewayAddress: "203.0.113.1", Status: "active" }), "in-transition");
    const transitions = (await harness.request(customer, "GET", `${path}/${line.sid}/Transitions`)).body;
    assert.deepEqual(
      (transitions["transitions"] as Record<string, unknown>[]).map((row) => [
        row["from_status"],
        row["to_status"],
        row["cause"],
      ]),
      [
        [null, "not-ready", "it was created and lacks VpnGatewayAddress, IpRoutes"],
        ["not-ready", "inactive", "it has all that its type needs"],
        ["inactive", "not-ready", "it lacks VpnGatewayAddress"],
        ["not-ready", "inactive", "it has all that its type needs"],
        ["inactive", "in-transition", "activation was asked for"],
      ],
    );
  });

  test("in use it keeps what it needs, and goes neither on twice nor off twice", async () => {
    const harness = await interconnectHarness(await open());
    const { customer } = harness;
    const { sid } = await harness.create(customer);
    const url = `${path}/${sid}`;
    const code = (form: FormFields) => harness.codeOf(customer, "POST", url, form);
    assert.deepEqual(await code({ Status: "inactive" }), [409, 62016]);
    assert.equal((await harness.update(customer, sid, { Status: "active" })).body["status"], "in-transition");
    assert.deepEqual(await code({ Status: "active" }), [409, 62015]);
    assert.deepEqual(await code({ Status: "inactive" }), [409, 62016]);
    assert.deepEqual(await code({ IpRoutes: "" }), [409, 62014]);
    const version = await snapshotVersion(harness.database);
    await harness.report({ name: "gw-1", snapshotVersion: version, lines: [connectionHealth(sid)] });
    await harness.watch();
    assert.equal(await harness.statusOf(sid), "active");
    assert.deepEqual(await code({ Status: "active" }), [409, 62015]);
    assert.deepEqual(await code({ IpRoutes: "" }), [409, 62014]);
    assert.equal(
      (await harness.update(customer, sid, { IpRoutes: "203.0.113.0/24" })).body["status"],
      "active",
    );
    assert.equal(
      (await harness.update(customer, sid, { Status: "inactive" })).body["status"],
      "in-transition",
    );
    assert.deepEqual(await code({ Status: "inactive" }), [409, 62016]);
    assert.deepEqual(await code({ Status: "active" }), [409, 62015]);
    assert.deepEqual(await code({ Status: "paused" }), [400, 20001]);
  });

  test("deletion: asked for, then waited for; what is being deleted takes no change", async () => {
    const harness = await interconnectHarness(await open());
    const { customer } = harness;
    const { sid } = await harness.create(customer);
    await activate(harness, sid);
    const url = `${path}/${sid}`;
    assert.deepEqual(await harness.codeOf(customer, "DELETE", url), [204, undefined]);
    assert.equal(await harness.statusOf(sid), "pending-deletion");
    assert.deepEqual(await harness.codeOf(customer, "DELETE", url), [409, 62020]);
    for (const form of [{ FriendlyName: "x" }, { Status: "active" }, { Status: "inactive" }, {}]) {
      assert.deepEqual(await harness.codeOf(customer, "POST", url, form), [409, 62020]);
    }
    const share = { AccountSid: (await harness.createAccount(customer)).sid };
    assert.deepEqual(await harness.codeOf(customer, "POST", `${url}/Shares`, share), [409, 62020]);
    assert.deepEqual((await compileSnapshot(harness.database, box))?.connections, []);
    // The gateway has not heard of it yet.
    await harness.watch();
    assert.equal(await harness.statusOf(sid), "pending-deletion");
    await harness.report({ name: "gw-1", snapshotVersion: await snapshotVersion(harness.database) });
    await harness.watch();
    assert.deepEqual(await harness.codeOf(customer, "GET", url), [404, 62012]);
  });

  test("an expired line can be deleted and nothing else", async () => {
    const harness = await interconnectHarness(await open());
    const { operator } = harness;
    const { sid } = await harness.create(operator, { DateExpires: "2026-01-01T00:01:00Z" });
    const url = `${path}/${sid}`;
    harness.clock.advance(59_999);
    await harness.watch();
    assert.equal(await harness.statusOf(sid), "inactive");
    harness.clock.advance(1);
    // The watcher has not looked yet.
    assert.deepEqual(await harness.codeOf(operator, "POST", url, { Status: "active" }), [409, 62028]);
    await harness.watch();
    assert.equal(await harness.statusOf(sid), "expired");
    for (const form of [{ DateExpires: "" }, { Status: "inactive" }, { FriendlyName: "x" }]) {
      assert.deepEqual(await harness.codeOf(operator, "POST", url, form), [409, 62028]);
    }
    const snapshot = await compileSnapshot(harness.database, box);
    assert.equal(snapshot?.connections[0]?.status, "expired");
    assert.deepEqual(await harness.codeOf(operator, "DELETE", url), [204, undefined]);
    assert.equal(await harness.statusOf(sid), "pending-deletion");
  });

  test("a line whose owner has closed is an orphan: it can only be deleted", async () => {
    const harness = await interconnectHarness(await open());
    const { operator, customer } = harness;
    const { sid } = await harness.create(customer);
    await harness.database.query("update accounts set status = 'closed' where sid = $1", [customer.sid]);
    const url = `${path}/${sid}`;
    assert.deepEqual(await harness.codeOf(operator, "POST", url, { Status: "active" }), [409, 62013]);
    assert.deepEqual(await harness.codeOf(operator, "DELETE", url), [204, undefined]);
    const form = { Type: "vpn", Edge: "london-ix", BandwidthMbps: "10", AccountSid: customer.sid };
    assert.deepEqual(await harness.codeOf(operator, "POST", path, form), [404, 62009]);
  });

  test("the last hundred transitions are kept, ten of them are shown with the line", async () => {
    const harness = await interconnectHarness(await open());
    const { customer } = harness;
    const { sid } = await harness.create(customer);
    for (let turn = 1; turn <= 100; turn++) {
      await insertConnectionTransition(harness.database, {
        connection_sid: sid,
        from_status: "inactive",
        to_status: "not-ready",
        code: null,
        cause: `turn ${turn}`,
        date_created: new Date(turn * 1000),
      });
    }
    const url = `${path}/${sid}`;
    const kept = await harness.request(customer, "GET", `${url}/Transitions?PageSize=1000`);
    const rows = kept.body["transitions"] as Record<string, unknown>[];
    assert.equal(rows.length, 100, "101 there were");
    assert.deepEqual([rows[0]?.["cause"], rows[99]?.["cause"]], ["turn 1", "turn 100"]);
    const shown = (await harness.request(customer, "GET", url)).body["transitions"];
    assert.deepEqual(shown, rows.slice(-10).toReversed());
  });
});
