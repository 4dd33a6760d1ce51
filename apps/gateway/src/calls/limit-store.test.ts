import assert from "node:assert/strict";
import { test } from "node:test";
import { configurationOf } from "../testing/gateway-script.ts";
import { limitStore } from "./limit-store.ts";

test("without a store in the configuration there is none", async () => {
  assert.equal(await limitStore(configurationOf()), undefined);
});

test("each way is a new one, and is closed before it was open", async () => {
  const newStore = await limitStore(configurationOf({ sharedLimits: { host: "127.0.0.1", tls: {} } }));
  const [one, other] = [newStore?.(), newStore?.()];
  assert.notEqual(one, other);
  one?.close();
  other?.close();
});

test("a file of authorities that is missing is a fault of the way, not of the gateway", async () => {
  const tls = { authoritiesFile: "/nowhere/authority.pem" };
  const newStore = await limitStore(configurationOf({ sharedLimits: { host: "127.0.0.1", tls } }));
  assert.throws(() => newStore?.(), /ENOENT.*\/nowhere\/authority\.pem/);
});
