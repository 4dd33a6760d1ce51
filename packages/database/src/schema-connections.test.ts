/** Rules of private lines that the schema itself keeps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "./database.ts";
import { insertStatement } from "./queries/assignments.ts";
import { createSid } from "./sid.ts";
import { describeOnBothEngines } from "./testing/index.ts";

type Row = Readonly<Record<string, unknown>>;

async function add(database: Database, table: string, row: Row): Promise<void> {
  const { text, values } = insertStatement(table, row);
  await database.query(text, values);
}

/** An account and a private edge. */
async function prepared(database: Database): Promise<string> {
  const sid = createSid("AC");
  await add(database, "accounts", { sid, friendly_name: "a", auth_token_hash: "h" });
  await add(database, "edges", { name: "line-ix", legacy_id: "l-ix", region: "r", kind: "private" });
  return sid;
}

let serial = 0;
function lineOf(accountSid: string): Row {
  serial += 1;
  return {
    sid: createSid("TX"),
    account_sid: accountSid,
    type: "crossconnect",
    edge: "line-ix",
    bandwidth_mbps: 100,
    status: "inactive",
    device: `tx-${serial}`,
    line_number: serial,
  };
}

describeOnBothEngines("connections in the schema", (open) => {
  test("a line: private edge, one device an edge, a target in transition, parts of its type", async () => {
    const database = await open();
    const accountSid = await prepared(database);
    const line = (fields: Row) => add(database, "connections", { ...lineOf(accountSid), ...fields });
    await add(database, "edges", { name: "public", legacy_id: "p", region: "r", kind: "public" });
    for (const edge of ["public", "atlantis"])
      await assert.rejects(line({ edge }), { code: "23503", constraint: "connections_edge" });
    await line({ device: "eth0" });
    await assert.rejects(line({ device: "eth0" }), { code: "23505", constraint: "connections_device" });
    await line({ line_number: 500 });
    await assert.rejects(line({ line_number: 500 }), { constraint: "connections_line_number" });
    const wrong: [fields: Row, constraint: string][] = [
      [{ status: "in-transition" }, "connections_target"],
      [{ status: "active", target: "active" }, "connections_target"],
      [{ type: "mpls" }, "connections_mpls_carrier"],
      [{ mpls_carrier_sid: `MC${"0".repeat(32)}` }, "connections_mpls_carrier"],
      [{ vpn_gateway_address: "203.0.113.1" }, "connections_vpn"],
      [{ pre_shared_key_encrypted: new Uint8Array([1]) }, "connections_vpn"],
      [{ customer_peer_address: "10.0.0.1" }, "connections_peers"],
      [{ exchange_peer_address: "10.0.0.1" }, "connections_peers"],
    ];
    for (const [fields, constraint] of wrong)
      await assert.rejects(line(fields), { code: "23514", constraint }, JSON.stringify(fields));
    await line({ status: "in-transition", target: "inactive" });
    await line({ type: "mpls", mpls_carrier_sid: `MC${"0".repeat(32)}` });
    await line({ type: "vpn", vpn_gateway_address: "203.0.113.1" });
    await line({ customer_peer_address: "10.0.0.1", exchange_peer_address: "10.0.0.2" });
    const sid = createSid("TX");
    await line({ sid });
    const share = { connection_sid: sid, account_sid: accountSid };
    await add(database, "connection_shares", share);
    await assert.rejects(add(database, "connection_shares", share), { constraint: "connection_shares_once" });
    const list = { sid: createSid("AL"), account_sid: accountSid, friendly_name: "l", connection_sid: sid };
    await add(database, "ip_access_control_lists", list);
    await assert.rejects(database.query("delete from connections where sid = $1", [sid]), {
      constraint: "ip_access_control_lists_connection",
    });
  });

  test("the pool of line addresses is an IPv4 network of /8 to /28", async () => {
    const database = await open();
    const installation = (pool: string): Row => ({
      base_domain: "d",
      realm: "r",
      key_check: new Uint8Array([1]),
      nonce_keys_encrypted: new Uint8Array([1]),
      line_pool: pool,
    });
    for (const pool of ["11.0.0.0/8", "10.0.0.16/28"]) {
      await add(database, "installation", installation(pool));
      await database.query("delete from installation");
    }
    for (const pool of ["10.0.0.0/7", "10.0.0.16/29", "2001:db8::/16"]) {
      await assert.rejects(add(database, "installation", installation(pool)), { code: /^(23514|22P02)$/ });
    }
  });
});
