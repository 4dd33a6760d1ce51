import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { signHeartbeat } from "@tandem/heartbeat";
import { NetworkRates } from "../server/network-rates.ts";
import { GatewayHealth } from "./gateway-health.ts";
import { takeHeartbeat } from "./heartbeat-intake.ts";

const key = { id: 1, secret: "ab".repeat(32) };
const gateways = [
  { name: "g1", edge: "ashburn-ix" },
  { name: "g2", edge: "london-ix" },
];

function scene() {
  const clock = new HandClock();
  const changes: string[] = [];
  const refused: string[] = [];
  const health = new GatewayHealth({
    clock,
    onChange: (gateway, rank) => changes.push(`${gateway} ${rank}`),
  });
  health.setGateways(gateways);
  const rates = new NetworkRates({ clock, perSecond: 10, burst: 100, maximumNetworks: 10 });
  const take = (bytes: Buffer) =>
    takeHeartbeat(bytes, "192.0.2.1", {
      clock,
      health,
      rates,
      keys: () => [key],
      onRefused: (why) => refused.push(why),
    });
  const beat = (gateway = "g1", fields: { edge?: string; atMs?: number; draining?: boolean } = {}) => {
    const edge = gateways.find((one) => one.name === gateway)?.edge ?? "ashburn-ix";
    const said = { gateway, edge, atMs: clock.wallMs(), draining: false, liveCalls: 0, ...fields };
    take(Buffer.from(signHeartbeat(said, key)));
  };
  return { clock, changes, refused, health, take, beat };
}

test("the clocks of gateways and name server are set back by an hour: they are heard on, and nothing twice", () => {
  const { clock, health, beat, refused } = scene();
  clock.advance(1000);
  beat();
  clock.setWall(-3_600_000);
  clock.advance(1000);
  beat();
  assert.deepEqual(refused, []);
  clock.advance(3499);
  assert.equal(health.rank("g1"), 0);
  beat("g1", { atMs: clock.wallMs() - 3499 });
  assert.deepEqual(refused, ["replayed"]);
});

for (const [aheadMs, verdicts] of [
  [30_000, ["replayed"]],
  [30_001, []],
] as const) {
  test(`a heartbeat ${aheadMs} ms ahead of the clock that was set back: an older one is ${verdicts[0] ?? "heard"}`, () => {
    const { clock, beat, refused } = scene();
    beat();
    clock.setWall(-aheadMs);
    beat();
    assert.deepEqual(refused, verdicts);
  });
}

test("a gateway that was heard lives for 3.5 s, and not a millisecond longer", () => {
  const { clock, health, beat, changes } = scene();
  clock.advance(1000);
  beat();
  clock.advance(3499);
  assert.equal(health.rank("g1"), 0);
  clock.advance(1);
  assert.equal(health.rank("g1"), 2);
  assert.deepEqual(changes, ["g2 2", "g1 2"]);
});

test("each heartbeat starts the time anew, and one brings a silent gateway back", () => {
  const { clock, health, beat, changes } = scene();
  for (let second = 0; second < 10; second++) {
    beat();
    clock.advance(1000);
  }
  assert.equal(health.rank("g1"), 0);
  clock.advance(5000);
  assert.equal(health.rank("g1"), 2);
  beat();
  assert.equal(health.rank("g1"), 0);
  assert.deepEqual(changes, ["g2 2", "g1 2", "g1 0"]);
});

test("at the start nobody is dead until there was time to be heard", () => {
  const { clock, health, changes } = scene();
  clock.advance(3499);
  assert.deepEqual([health.rank("g1"), health.rank("g2"), changes], [0, 0, []]);
  clock.advance(1);
  assert.deepEqual([health.rank("g1"), health.rank("g2")], [2, 2]);
});

test("draining is a rank of its own, and ends with the heartbeat that says so", () => {
  const { clock, health, beat } = scene();
  beat("g1", { draining: true });
  assert.equal(health.rank("g1"), 1);
  clock.advance(1);
  beat("g1");
  assert.equal(health.rank("g1"), 0);
  assert.deepEqual(health.describe(), { g1: "alive", g2: "alive" });
});

test("a heartbeat counts once: the same, an older one and one of the same time change nothing", () => {
  const { clock, health, beat, refused } = scene();
  const atMs = clock.wallMs();
  beat("g1", { atMs });
  clock.advance(3000);
  beat("g1", { atMs });
  beat("g1", { atMs: atMs - 1 });
  beat("g1", { atMs, draining: true });
  assert.deepEqual(refused, ["replayed", "replayed", "replayed"]);
  clock.advance(500);
  assert.equal(health.rank("g1"), 2);
  beat("g1", { atMs: atMs + 1 });
  assert.equal(health.rank("g1"), 0);
});

test("one gateway's time does not bind another", () => {
  const { clock, health, beat, refused } = scene();
  beat("g1", { atMs: clock.wallMs() + 10_000 });
  beat("g2");
  assert.deepEqual([refused, health.rank("g2")], [[], 0]);
});

test("gateways and edges that the zone does not have are refused", () => {
  const { beat, refused, health } = scene();
  beat("g3");
  beat("g1", { edge: "london-ix" });
  assert.deepEqual(refused, ["unknown-gateway", "wrong-edge"]);
  assert.equal(health.rank("g3"), 2);
});

test("a wrong signature or time and nonsense change nothing", () => {
  const { clock, health, beat, take, refused } = scene();
  clock.advance(4000);
  take(Buffer.from("nonsense"));
  take(Buffer.alloc(1401, 0x20));
  beat("g1", { atMs: clock.wallMs() - 30_001 });
  take(
    Buffer.from(
      signHeartbeat(
        { gateway: "g1", edge: "ashburn-ix", atMs: clock.wallMs(), draining: false, liveCalls: 0 },
        { id: 1, secret: "cd".repeat(32) },
      ),
    ),
  );
  assert.deepEqual(refused, ["not-json", "too-long", "wrong-time", "wrong-mac"]);
  assert.equal(health.rank("g1"), 2);
});

test("a flood of heartbeats is cut at the rate of its network", () => {
  const { take, refused } = scene();
  for (let count = 0; count < 101; count++) take(Buffer.from("x"));
  assert.deepEqual(
    [refused.slice(0, 100).every((why) => why === "not-json"), refused[100]],
    [true, "too-many"],
  );
});

test("a new zone keeps what is known of the gateways that stay, and forgets the others", () => {
  const { clock, health, beat } = scene();
  clock.advance(4000);
  beat("g1", { draining: true });
  health.setGateways([gateways[0] ?? { name: "", edge: "" }, { name: "g3", edge: "tokyo-ix" }]);
  assert.deepEqual(health.describe(), { g1: "draining", g3: "alive" });
  assert.equal(health.rank("g2"), 2);
  health.setGateways([{ name: "g1", edge: "tokyo-ix" }]);
  assert.deepEqual(health.describe(), { g1: "alive" });
  clock.advance(3500);
  assert.deepEqual(health.describe(), { g1: "silent" });
  health.close();
  assert.equal(clock.pendingTimers, 0);
});
