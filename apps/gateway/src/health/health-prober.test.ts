import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { Locator, type Resolver } from "@tandem/sip/locate";
import { parsedRequest, response, WireDouble } from "@tandem/sip/testing";
import { defaultTransactionTimers } from "@tandem/sip/transaction";
import { UserAgent } from "@tandem/sip/user-agent";
import { HealthProber } from "./health-prober.ts";
import type { ProbeTarget } from "./probe-targets.ts";
import { TargetHealthTable } from "./target-health.ts";

const path = { interfaceName: "carriers", connection: undefined };
const target = (sid: string, uri = "sip:203.0.113.7:5060"): ProbeTarget => ({ sid, uri, path });

const nothing = async () => ({ ok: false, code: "NXDOMAIN", ttlSeconds: 30 }) as const;
const resolver: Resolver = { naptr: nothing, srv: nothing, a: nothing, aaaa: nothing };

function script(random = 0.5, intervalSeconds = 30) {
  const clock = new HandClock({ monotonicMs: 1_000_000 });
  const wire = new WireDouble();
  const locator = new Locator({
    clock,
    resolver,
    random: () => 0,
    cacheLimit: 10,
    protocols: ["UDP", "TCP"],
  });
  const agent = new UserAgent({
    clock,
    sink: wire,
    locator,
    timers: defaultTransactionTimers,
    productName: "Tandem",
  });
  wire.attach((text, flow) => agent.layer.receive(text, flow, "datagram"));
  const table = new TargetHealthTable(clock);
  const parts = { random };
  const prober = new HealthProber({ clock, agent, table, intervalSeconds, random: () => parts.random });
  return { clock, wire, table, prober, parts };
}

test("OPTIONS says who asks and what for", () => {
  const { prober, clock, wire } = script(0);
  prober.setTargets([target("CG1")]);
  clock.advance(0);
  const { text, target: sentTo } = wire.expectSent("OPTIONS");
  const request = parsedRequest(text);
  assert.equal(request.requestUri, "sip:203.0.113.7:5060");
  assert.equal(request.value("To"), "<sip:203.0.113.7:5060>");
  assert.match(request.value("From") ?? "", /^<sip:198\.51\.100\.1:5060>;tag=[0-9a-f]{16}$/);
  assert.match(request.callId, /^[0-9a-f]{32}$/);
  assert.equal(request.value("CSeq"), "1 OPTIONS");
  assert.equal(request.value("Contact"), "<sip:198.51.100.1:5060>");
  assert.equal(request.value("Accept"), "application/sdp");
  assert.equal(request.value("User-Agent"), "Tandem");
  assert.equal(request.maxForwards(), 70);
  assert.equal(sentTo?.interfaceName, "carriers");
});

test("the first probe comes at a moment of its own within the interval", () => {
  for (const [random, afterMs] of [
    [0, 0],
    [0.5, 15_000],
    [0.999, 29_970],
  ] as const) {
    const { prober, clock } = script(random);
    prober.setTargets([target("CG1")]);
    assert.equal(Math.round(clock.nextDelayMs ?? -1), afterMs);
  }
});

test("the next comes after 90 to 110 % of the interval", () => {
  for (const [random, afterMs] of [
    [0, 27_000],
    [0.5, 30_000],
    [1, 33_000],
  ] as const) {
    const { prober, clock, wire, parts } = script(0);
    prober.setTargets([target("CG1")]);
    parts.random = random;
    clock.advance(0);
    wire.expect("OPTIONS");
    wire.inject(response(200));
    clock.advance(afterMs - 1);
    wire.expectNothing();
    clock.advance(1.001);
    wire.expect("OPTIONS");
  }
});

test("nobody is asked more often than every 15 s", () => {
  const { prober, clock } = script(0.5, 1);
  prober.setTargets([target("CG1")]);
  assert.equal(clock.nextDelayMs, 7500);
  const exact = script(0.5, 15);
  exact.prober.setTargets([target("CG1")]);
  assert.equal(exact.clock.nextDelayMs, 7500);
});

test("answers, silence and names without an address are told to the table", () => {
  const { prober, clock, wire, table } = script(0);
  prober.setTargets([target("CG1")]);
  clock.advance(0);
  wire.expect("OPTIONS");
  wire.inject(response(100));
  assert.equal(table.describe("CG1").state, "unknown");
  wire.inject(response(200));
  assert.equal(table.describe("CG1").state, "up");
  for (let probes = 0; probes < 2; probes += 1) {
    clock.advance(27_000);
    clock.advance(32_000);
  }
  assert.equal(table.stateOf("CG1").reason, "does not answer OPTIONS");
});

test("a refused connection is no answer", () => {
  const { prober, clock, wire, table } = script(0);
  table.onProbe("CG1", 200);
  prober.setTargets([target("CG1")]);
  clock.advance(0);
  for (let probes = 0; probes < 2; probes += 1) {
    wire.expect("OPTIONS");
    wire.fail();
    if (probes === 0) clock.advance(27_000);
  }
  assert.equal(table.stateOf("CG1").isDown, true);
});

test("a name that resolves to nothing is no answer", async () => {
  const { prober, clock, wire, table } = script(0);
  table.onProbe("CG1", 200);
  prober.setTargets([target("CG1", "sip:gone.example")]);
  for (let probes = 0; probes < 2; probes += 1) {
    clock.advance(27_000);
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  }
  wire.expectNothing();
  assert.equal(table.stateOf("CG1").isDown, true);
});

test("targets that stay keep their moment, those that go are asked no more", () => {
  const { prober, clock, wire, parts } = script(0.5);
  prober.setTargets([target("CG1"), target("CG2", "sip:203.0.113.8")]);
  clock.advance(10_000);
  parts.random = 0;
  prober.setTargets([target("CG1")]);
  assert.equal(clock.nextDelayMs, 5000);
  assert.equal(clock.pendingTimers, 1);
  clock.advance(5000);
  assert.match(wire.expect("OPTIONS"), /^OPTIONS sip:203\.0\.113\.7/);
  wire.expectNothing();
});

test("a target that moved is asked at its new place, and what the old one says does not count", () => {
  const { prober, clock, wire, table } = script(0);
  prober.setTargets([target("CG1")]);
  clock.advance(0);
  wire.expect("OPTIONS");
  prober.setTargets([target("CG1", "sip:203.0.113.9")]);
  wire.inject(response(200));
  assert.equal(table.describe("CG1").state, "unknown");
  clock.advance(27_000);
  assert.match(wire.expect("OPTIONS"), /^OPTIONS sip:203\.0\.113\.9 SIP/);
});

test("close ends it", () => {
  const { prober, clock } = script(0.5);
  prober.setTargets([target("CG1"), target("CG2")]);
  prober.close();
  assert.equal(clock.pendingTimers, 0);
  prober.probe("CG1");
  assert.equal(clock.pendingTimers, 0);
});
