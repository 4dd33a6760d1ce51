import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleCarrier } from "../testing/example-snapshot.ts";
import { gatewayScript } from "../testing/gateway-script.ts";
import { UnsignedCarriers } from "./unsigned-carriers.ts";

const signed = exampleCarrier({ identity: "sign" });
const other = exampleCarrier({ sid: "CR2", identity: "sign" });

test("each carrier is told once, and again when it has wanted something else meanwhile", () => {
  const unsigned = new UnsignedCarriers();
  assert.equal(
    unsigned.look([exampleCarrier(), exampleCarrier({ identity: "sign", enabled: false })]),
    undefined,
  );
  const text = "go unsigned: this gateway has no stir.signing";
  assert.equal(unsigned.look([signed]), `calls to bigtel (CR1) ${text}`);
  assert.equal(unsigned.look([signed]), undefined);
  assert.equal(unsigned.look([signed, other]), `calls to bigtel (CR2) ${text}`);
  assert.equal(unsigned.look([]), undefined);
  assert.equal(unsigned.look([signed, other]), `calls to bigtel (CR1) and 1 more ${text}`);
});

test("a gateway raises an alert, unless it has a key", async () => {
  const snapshot = { carriers: [signed] };
  const without = await gatewayScript({ snapshot });
  assert.deepEqual(
    without.ledger.alerts.map(({ code, level }) => [code, level]),
    [[90_322, "warning"]],
  );
  const stir = { authentication: { sign: () => [] } };
  assert.deepEqual((await gatewayScript({ snapshot, stir })).ledger.alerts, []);
});
