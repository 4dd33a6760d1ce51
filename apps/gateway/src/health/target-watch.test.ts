import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { gatewayScript } from "../testing/gateway-script.ts";

test("targets that a snapshot takes away are forgotten", async () => {
  const { gateway, invite, wire } = await gatewayScript();
  invite();
  wire.expect("INVITE");
  wire.fail();
  gateway.applySnapshot(exampleSnapshot({ version: 8, carriers: [] }));
  assert.deepEqual(
    [...gateway.state().targets].map((target) => target.sid),
    ["OU1"],
  );
  gateway.applySnapshot(exampleSnapshot({ version: 9 }));
  assert.equal([...gateway.state().targets][0]?.state, "unknown");
});

test("probes are sent when they are switched on, and not when they are off", async () => {
  const off = await gatewayScript();
  off.clock.advance(60_000);
  off.wire.expectNothing();
  const on = await gatewayScript({ configuration: { health: { enabled: true, intervalSeconds: 30 } } });
  on.clock.advance(15_000);
  on.wire.expect("OPTIONS");
  on.wire.expect("OPTIONS");
  on.wire.expectNothing();
  const byDefault = await gatewayScript({ configuration: { health: undefined as never } });
  byDefault.clock.advance(15_000);
  byDefault.wire.expect("OPTIONS");
});
