import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { parsedRequest, response, target } from "@tandem/sip/testing";
import { userAgentScript } from "../testing/user-agent-script.ts";
import { SisterHealth } from "./sister-health.ts";
import { maximumProbesPerSecond, SisterProber, sisterProbeIntervalMs } from "./sister-prober.ts";

test("two silent probes and it is down; any answer brings it back; 503 means draining", () => {
  const clock = new HandClock();
  const health = new SisterHealth(clock);
  const state = (): string => health.of("b").state;
  assert.equal(state(), "unknown");
  health.onProbe("b", 200);
  assert.equal(state(), "up");
  const since = health.sinceMs("b");
  clock.advance(1000);
  health.onProbe("b", undefined);
  assert.equal(state(), "up");
  assert.equal(health.sinceMs("b"), since);
  health.onProbe("b", undefined);
  assert.deepEqual(health.of("b"), { state: "down", reason: "does not answer on the backbone" });
  assert.equal(health.sinceMs("b"), clock.wallMs());
  health.onProbe("b", 503);
  assert.equal(state(), "draining");
  health.onProbe("b", undefined);
  assert.equal(state(), "draining", "the silent probes are counted anew");
  health.onProbe("b", 404);
  assert.equal(state(), "up");
  health.onSilent("b", "went silent");
  assert.deepEqual(health.of("b"), { state: "down", reason: "went silent" });
  health.retain(new Set(["c"]));
  assert.equal(state(), "unknown");
});

function prober() {
  const script = userAgentScript();
  const health = new SisterHealth(script.clock);
  const sisters = new SisterProber(script.clock, script.agent, health, () => 0.5);
  return { ...script, health, prober: sisters };
}

const b = { gateway: "b", target: target("UDP", { interfaceName: "backbone", address: "100.64.0.2" }) };

test("OPTIONS every two seconds; one that is not answered before the next has failed, and leaves nothing behind", () => {
  const { clock, wire, agent, health, prober: sisters } = prober();
  sisters.setSisters([b]);
  wire.expectNothing();
  clock.advance(sisterProbeIntervalMs / 2);
  const options = parsedRequest(wire.expect("OPTIONS"));
  assert.equal(options.requestUri, "sip:100.64.0.2:5060");
  wire.inject(response(200));
  assert.equal(health.of("b").state, "up");
  clock.advance(sisterProbeIntervalMs);
  wire.expect("OPTIONS");
  clock.advance(2 * sisterProbeIntervalMs);
  assert.equal(health.of("b").state, "down");
  assert.equal(agent.layer.counts.client, 1, "only the last one waits");
  sisters.setSisters([b]);
  assert.equal(agent.layer.counts.client, 1, "who stays keeps its moment");
  sisters.close();
  assert.equal(agent.layer.counts.client, 0);
  clock.advance(60_000);
  assert.equal(agent.layer.counts.client, 0);
});

test("a sister that has moved is asked at its new address, one that has gone no more", () => {
  const { clock, wire, prober: sisters } = prober();
  sisters.setSisters([b]);
  clock.advance(sisterProbeIntervalMs / 2);
  wire.expect("OPTIONS");
  sisters.setSisters([{ ...b, target: { ...b.target, address: "100.64.0.9" } }]);
  clock.advance(sisterProbeIntervalMs / 2);
  assert.equal(wire.expectSent("OPTIONS").target?.address, "100.64.0.9");
  sisters.setSisters([]);
  clock.advance(60_000);
  wire.expectNothing();
});

test("however many sisters there are, no more than a hundred OPTIONS leave in a second", () => {
  const { clock, agent, prober: sisters } = prober();
  const count = 2 * (sisterProbeIntervalMs / 1000) * maximumProbesPerSecond;
  const many = Array.from({ length: count }, (_, index) => ({ ...b, gateway: `g${index}` }));
  sisters.setSisters(many);
  clock.advance(sisterProbeIntervalMs - 1);
  assert.equal(agent.layer.counts.client, 0);
  clock.advance(1);
  assert.equal(agent.layer.counts.client, count);
  sisters.close();
});
