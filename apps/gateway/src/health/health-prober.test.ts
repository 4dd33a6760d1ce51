import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { Locator, type Resolver } from "@tandem/sip/locate";
import { parsedRequest, response, responseTo, settled, WireDouble } from "@tandem/sip/testing";
import { defaultTransactionTimers } from "@tandem/sip/transaction";
import { UserAgent } from "@tandem/sip/user-agent";
import { HealthProber } from "./health-prober.ts";
import type { ProbeTarget } from "./probe-targets.ts";

const path = { interfaceName: "carriers", connection: undefined };
const target = (
  sid: string,
  uri = "sip:203.0.113.7:5060",
  parts: Partial<ProbeTarget> = {},
): ProbeTarget => ({
  sid,
  uri,
  edge: "ashburn-ix",
  pathTo: () => path,
  fixedPath: path,
  ...parts,
});

const nothing = async () => ({ ok: false, code: "NXDOMAIN", ttlSeconds: 30 }) as const;

function resolverOf(addresses: readonly string[]): Resolver {
  const records = addresses.map((address) => ({ address }));
  const a: Resolver["a"] = async (name) =>
    name === "pbx.example" && records.length > 0 ? { ok: true, records, ttlSeconds: 3600 } : nothing();
  return { naptr: nothing, srv: nothing, a, aaaa: nothing };
}

/** `pbx.example` has these addresses. */
function script(random = 0.5, intervalSeconds = 30, addresses: readonly string[] = []) {
  const clock = new HandClock({ monotonicMs: 1_000_000 });
  const wire = new WireDouble();
  const locator = new Locator({
    clock,
    resolver: resolverOf(addresses),
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
  const heard: string[] = [];
  const parts = { random };
  const prober = new HealthProber({
    clock,
    agent,
    intervalSeconds,
    random: () => parts.random,
    onProbe: ({ sid }, by, statusCode) =>
      heard.push(`${sid} by ${by.connection ?? by.interfaceName} ${statusCode ?? "silent"}`),
  });
  return { clock, wire, heard, prober, parts };
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

test("an answer is told, a provisional one is none; silence is told after 4 s, and a late answer still is", () => {
  const { prober, clock, wire, heard } = script(0);
  prober.setTargets([target("CG1")]);
  clock.advance(0);
  wire.expect("OPTIONS");
  wire.inject(response(100));
  assert.deepEqual(heard, []);
  wire.inject(response(200));
  assert.deepEqual(heard.splice(0), ["CG1 by carriers 200"]);
  clock.advance(27_000);
  const asked = wire.expect("OPTIONS");
  clock.advance(3999);
  assert.deepEqual(heard, []);
  clock.advance(1);
  assert.deepEqual(heard.splice(0), ["CG1 by carriers silent"]);
  wire.inject(responseTo(asked, 404));
  assert.deepEqual(heard.splice(0), ["CG1 by carriers 404"]);
});

test("a transaction that ends after its probe was given up is no news", () => {
  const { prober, clock, heard } = script(0, 60);
  prober.setTargets([target("CG1")]);
  clock.advance(4000);
  assert.equal(heard.length, 1);
  clock.advance(40_000);
  assert.equal(heard.length, 1);
});

test("a refused connection is no answer, and is told once", () => {
  const { prober, clock, wire, heard } = script(0);
  prober.setTargets([target("CG1")]);
  clock.advance(0);
  wire.expect("OPTIONS");
  wire.fail();
  assert.deepEqual(heard, ["CG1 by carriers silent"]);
  clock.advance(4000);
  assert.equal(heard.length, 1);
});

test("a name that resolves to nothing is no answer", async () => {
  const { prober, clock, wire, heard } = script(0);
  prober.setTargets([target("CG1", "sip:gone.example")]);
  clock.advance(0);
  await settled();
  wire.expectNothing();
  assert.deepEqual(heard, ["CG1 by carriers silent"]);
});

test("a target is asked by each way that its addresses take, once by each, eight at most", async () => {
  for (const [lines, asked] of [
    [3, 3],
    [8, 8],
    [9, 8],
  ] as const) {
    const { prober, clock, wire, heard } = script(
      0,
      30,
      Array.from({ length: lines + 1 }, (_, index) => `192.0.2.${index}`),
    );
    const pathTo = (address: string) => {
      // The last two addresses lie behind one line.
      const line = Math.min(Number(address.split(".")[3]), lines - 1);
      return { interfaceName: "customers", connection: `TX${line}` };
    };
    prober.setTargets([target("OU1", "sip:pbx.example", { pathTo, fixedPath: undefined })]);
    clock.advance(0);
    await settled();
    for (let line = 0; line < asked; line += 1) {
      assert.equal(wire.expectSent("OPTIONS").target?.connection, `TX${line}`);
    }
    wire.expectNothing();
    wire.inject(response(200));
    assert.deepEqual(heard, [`OU1 by TX${asked - 1} 200`]);
  }
});

test("addresses that no way leads to are not asked; a name without any is silent on the ways it had", async () => {
  const parts = { isThere: true };
  const pathTo = () => (parts.isThere ? { interfaceName: "customers", connection: "TX1" } : undefined);
  const { prober, clock, wire, heard } = script(0, 30, ["192.0.2.1"]);
  prober.setTargets([target("OU1", "sip:pbx.example", { pathTo, fixedPath: undefined })]);
  parts.isThere = false;
  clock.advance(0);
  await settled();
  wire.expectNothing();
  assert.deepEqual(heard, [], "there is no way that it could be silent on");
  parts.isThere = true;
  clock.advance(27_000);
  await settled();
  wire.expect("OPTIONS");
  wire.inject(response(200));
  parts.isThere = false;
  clock.advance(27_000);
  await settled();
  assert.deepEqual(heard, ["OU1 by TX1 200", "OU1 by TX1 silent"]);
});

test("one that has answered and falls silent is asked again after 2 s, 4 s, 8 s, up to the interval", () => {
  const { prober, clock, wire } = script(0.5, 15);
  prober.setTargets([target("CG1")]);
  clock.advance(7500);
  wire.expect("OPTIONS");
  wire.inject(response(200));
  clock.advance(15_000);
  wire.expect("OPTIONS");
  for (const delayMs of [2000, 4000, 8000, 15_000, 15_000]) {
    wire.fail();
    clock.advance(delayMs - 1);
    wire.expectNothing();
    clock.advance(1);
    wire.expect("OPTIONS");
  }
  wire.inject(response(200));
  clock.advance(15_000);
  wire.expect("OPTIONS");
  wire.fail();
  clock.advance(2000);
  wire.expect("OPTIONS");
});

test("one that never answered OPTIONS is not pressed", () => {
  const { prober, clock, wire } = script(0.5, 15);
  prober.setTargets([target("CG1")]);
  clock.advance(7500);
  wire.expect("OPTIONS");
  wire.fail();
  prober.hurry("CG1");
  clock.advance(14_999);
  wire.expectNothing();
});

test("news of a target or its line has it asked within half a second; never later than it would have been", () => {
  const { prober, clock, wire, parts } = script(0.5, 15);
  const pathTo = () => ({ interfaceName: "customers", connection: "TX1" });
  prober.setTargets([target("OU1", "sip:192.0.2.1", { pathTo }), target("OU2", "sip:192.0.2.2")]);
  clock.advance(7500);
  for (let asked = 0; asked < 2; asked += 1) {
    wire.expect("OPTIONS");
    wire.inject(response(200));
  }
  parts.random = 1;
  prober.hurryLine("TX1");
  prober.hurryLine("TX2");
  clock.advance(500);
  assert.match(wire.expect("OPTIONS"), /^OPTIONS sip:192\.0\.2\.1/);
  wire.inject(response(200));
  prober.hurry("OU2");
  clock.advance(499);
  prober.hurry("OU2");
  wire.expectNothing();
  clock.advance(1);
  assert.match(wire.expect("OPTIONS"), /^OPTIONS sip:192\.0\.2\.2/);
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
  const { prober, clock, wire, heard } = script(0);
  prober.setTargets([target("CG1")]);
  clock.advance(0);
  wire.expect("OPTIONS");
  prober.setTargets([target("CG1", "sip:203.0.113.9")]);
  wire.inject(response(200));
  assert.deepEqual(heard, []);
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
