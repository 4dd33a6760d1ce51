import assert from "node:assert/strict";
import { test } from "node:test";
import { TestAuthority } from "@tandem/certificates/testing";
import { describeOnBothEngines } from "@tandem/database/testing";
import { compileSnapshot } from "../src/snapshot/index.ts";
import { box } from "./api-harness.ts";
import { exchangeHarness } from "./exchange-harness.ts";

describeOnBothEngines("what a peer over TLS must show", (open) => {
  test("on a trunk and a carrier: kept, shown, in the snapshot, and removed", async () => {
    const harness = await exchangeHarness(await open());
    const account = await harness.createAccount();
    const pem = (await TestAuthority.create("customer")).certificate;
    const form = { TlsPeerAuthorities: pem, TlsPeerNames: "PBX.example.com, example.com" };
    const expected = { authorities: pem.trim(), names: ["pbx.example.com", "example.com"] };

    const trunk = await harness.request(account, "POST", "/v1/Trunks", form);
    assert.equal(trunk.status, 201);
    const trunkPath = `/v1/Trunks/${String(trunk.body["sid"])}`;
    const shown = (await harness.request(account, "GET", trunkPath)).body["tandem"] as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      [shown["tls_peer_authorities"], shown["tls_peer_names"]],
      [expected.authorities, expected.names],
    );

    const carrier = await harness.request(harness.operator, "POST", "/v1/Carriers", {
      FriendlyName: "East",
      ...form,
    });
    assert.equal(carrier.status, 201);
    assert.deepEqual(carrier.body["tls_peer_names"], expected.names);

    const snapshot = await compileSnapshot(harness.database, box);
    assert.deepEqual(snapshot?.trunks[0]?.tlsPeer, expected);
    assert.deepEqual(snapshot?.carriers[0]?.tlsPeer, expected);

    const bad = await harness.request(account, "POST", trunkPath, {
      TlsPeerAuthorities: "-----BEGIN CERTIFICATE-----",
    });
    assert.deepEqual([bad.status, bad.body["code"]], [400, 20_001]);
    assert.match(String(bad.body["message"]), /TlsPeerAuthorities: certificate 1 has no end/);

    const without = await harness.request(account, "POST", trunkPath, { TlsPeerAuthorities: "" });
    assert.equal(without.status, 200);
    const after = await compileSnapshot(harness.database, box);
    assert.equal(after?.trunks[0]?.tlsPeer, undefined);
    assert.deepEqual(after?.carriers[0]?.tlsPeer, expected);
  });
});
