/** A thousand lines: how long it takes to apply them, and that a line that stays loses no packet meanwhile. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { SnapshotConnection } from "@tandem/contracts";
import { connection, customer, GatewayHost, local, signaling, snapshot } from "./gateway-host.ts";
import type { Peer } from "./namespaces.ts";

const host = new GatewayHost();
const run = promisify(execFile);
let gateway: Peer;
let far: Peer;

/** Three with devices, the others as lines whose devices are not there yet. */
function connections(count: number): readonly SnapshotConnection[] {
  const more = Array.from({ length: count - 3 }, (_, index) =>
    connection("c", {
      sid: `TX${(index + 256).toString(16).padStart(32, "0")}`,
      device: `wan${index}`,
      localAddress: `100.127.${(index + 4) >> 8}.${(index + 4) & 255}`,
      routingTable: 2000 + index,
      routes: [`20.${index >> 8}.${index & 255}.0/24`, `21.${index >> 8}.${index & 255}.8/29`],
    }),
  );
  return [connection("a"), connection("b"), connection("c"), ...more];
}

async function apply(): Promise<number> {
  const startedMs = performance.now();
  await run("ip", ["netns", "exec", host.namespaces.real("gateway"), ...host.agentArgv("apply")]);
  return performance.now() - startedMs;
}

before(async () => {
  host.build();
  host.give(snapshot(1, connections(1000)));
  gateway = host.namespaces.peer("gateway");
  far = host.namespaces.peer("far");
  await far.tell({ do: "udp", socket: "phone", address: customer, port: 5080 });
});
after(() => host.remove());

test("a thousand lines are applied within seconds, and again, and all but one", async (context) => {
  const first = await apply();
  const again = await apply();
  host.give(snapshot(2, connections(999)));
  const one = await apply();
  for (const tookMs of [first, again, one]) assert.ok(tookMs < 15_000, `${tookMs.toFixed(0)} ms`);
  context.diagnostic(
    `first ${first.toFixed(0)} ms, again ${again.toFixed(0)} ms, one fewer ${one.toFixed(0)} ms`,
  );
  const rules = host.namespaces.ip("gateway", "rule").split("\n").length;
  assert.ok(rules > 999, `${rules} rules`);
});

test("no packet of a line is lost while rules for a thousand are replaced", async () => {
  await gateway.tell({ do: "udp", socket: "a", address: local.a, port: 5060, isEchoing: true });
  let isDone = false;
  let sent = 0;
  const traffic = (async () => {
    while (!isDone) {
      sent += 1;
      await far.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text: `steady ${sent}` });
    }
  })();
  for (let round = 0; round < 4; round += 1) {
    host.give(snapshot(3 + round, connections(round % 2 === 0 ? 1000 : 900)));
    await apply();
  }
  isDone = true;
  await traffic;
  await far.tell({ do: "send", socket: "phone", to: signaling, port: 5060, text: "the last" });
  await far.got("the last");
  const back = (await far.received()).filter((one) => one.text.startsWith("steady "));
  assert.equal(back.length, sent);
  assert.ok(sent > 100);
  for (const reason of ["other_device", "outside_routes", "closed_port"])
    assert.equal(host.dropped(reason), 0, reason);
});
