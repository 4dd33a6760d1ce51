/** What private lines share: addresses, devices, limits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { interconnectHarness, connectionsPath as path } from "./interconnect-harness.ts";

describeOnBothEngines("limits of connections", (open) => {
  test("an address belongs to the lines of one account; its lines may share it", async () => {
    const harness = await interconnectHarness(await open());
    const { customer } = harness;
    const other = await harness.createAccount();
    const first = await harness.create(customer, { IpRoutes: ["198.51.100.0/25"] });
    await harness.create(customer, { IpRoutes: ["198.51.100.0/24"] });
    const routes = ["198.51.100.127", "198.51.100.128/25", "198.51.100.0/24"];
    for (const route of routes) {
      const form = { Type: "crossconnect", Edge: "ashburn-ix", BandwidthMbps: "10", IpRoutes: route };
      assert.deepEqual(await harness.codeOf(other, "POST", path, form), [409, 62100], route);
    }
    const own = await harness.create(other, { IpRoutes: "198.51.101.0/24" });
    const change = { IpRoutes: ["198.51.101.0/24", "198.51.100.9"] };
    assert.deepEqual(await harness.codeOf(other, "POST", `${path}/${own.sid}`, change), [409, 62100]);
    assert.deepEqual((await harness.request(other, "GET", `${path}/${own.sid}`)).body["ip_routes"], [
      "198.51.101.0/24",
    ]);
    await harness.update(customer, first.sid, { IpRoutes: "203.0.113.0/24" });
    assert.deepEqual(
      await harness.codeOf(other, "POST", `${path}/${own.sid}`, { IpRoutes: "198.51.100.9" }),
      [409, 62100],
      "the second line still has it",
    );
  });

  test("two that want the same address at the same time: one gets it", async () => {
    const harness = await interconnectHarness(await open());
    const accounts = await Promise.all([1, 2, 3, 4].map(() => harness.createAccount()));
    const form = {
      Type: "crossconnect",
      Edge: "london-ix",
      BandwidthMbps: "10",
      IpRoutes: "198.51.100.0/24",
    };
    const answers = await Promise.all(accounts.map((account) => harness.codeOf(account, "POST", path, form)));
    assert.deepEqual(
      answers.map(([status]) => status).toSorted((a, b) => a - b),
      [201, 409, 409, 409],
    );
  });

  test("two lines of an edge have two devices, of two edges they may have the same", async () => {
    const harness = await interconnectHarness(await open());
    const { operator } = harness;
    await harness.create(operator, { Device: "eth1" });
    const line = await harness.create(operator, { Device: "eth2" });
    await harness.create(operator, { Device: "eth1", Edge: "ashburn-ix" });
    const form = { Type: "vpn", Edge: "london-ix", BandwidthMbps: "10", Device: "eth1" };
    assert.deepEqual(await harness.codeOf(operator, "POST", path, form), [409, 91135]);
    const url = `${path}/${line.sid}`;
    assert.deepEqual(await harness.codeOf(operator, "POST", url, { Device: "eth1" }), [409, 91135]);
  });

  test("limits, at the limit and one past it", async () => {
    const limits = { connectionsPerAccount: 2, ipRoutesPerConnection: 3, sharesPerConnection: 1 };
    const harness = await interconnectHarness(await open(), { limits });
    const { customer } = harness;
    const routes = (count: number) => Array.from({ length: count }, (_none, index) => `198.51.100.${index}`);
    const { sid } = await harness.create(customer, { IpRoutes: routes(3) });
    const url = `${path}/${sid}`;
    assert.deepEqual(await harness.codeOf(customer, "POST", url, { IpRoutes: routes(4) }), [400, 91132]);
    await harness.create(customer);
    const form = { Type: "vpn", Edge: "london-ix", BandwidthMbps: "10" };
    assert.deepEqual(await harness.codeOf(customer, "POST", path, form), [400, 91131]);
    const [one, two] = [await harness.createAccount(customer), await harness.createAccount(customer)];
    const share = (account: { sid: string }) =>
      harness.codeOf(customer, "POST", `${url}/Shares`, { AccountSid: account.sid });
    assert.deepEqual(await share(one), [201, undefined]);
    assert.deepEqual(await share(two), [400, 91133]);
  });

  test("a line gets the smallest address that is free, until the pool is used up", async () => {
    const harness = await interconnectHarness(await open());
    const { database, operator } = harness;
    await database.query("update installation set line_pool = '10.64.0.0/28'");
    const lines = [];
    for (let number = 1; number <= 14; number++) lines.push(await harness.create(operator));
    assert.deepEqual(
      lines.map((line) => [line["local_address"], line["routing_table"]]),
      Array.from({ length: 14 }, (_none, index) => [`10.64.0.${index + 1}`, 1001 + index]),
    );
    const form = { Type: "vpn", Edge: "london-ix", BandwidthMbps: "10" };
    assert.deepEqual(await harness.codeOf(operator, "POST", path, form), [503, 62220]);
    await harness.request(operator, "DELETE", `${path}/${lines[6]?.sid}`);
    await harness.watch();
    assert.equal((await harness.create(operator))["local_address"], "10.64.0.7");
  });
});
