import assert from "node:assert/strict";
import { test } from "node:test";
import type { SnapshotCarrier } from "@tandem/contracts";
import type { SipRequest } from "@tandem/sip/message";
import { parsedRequest, response } from "@tandem/sip/testing";
import { exampleCarrier } from "../testing/example-snapshot.ts";
import { settled, type UserAgentScript, userAgentScript } from "../testing/user-agent-script.ts";
import { CarrierRegistration } from "./carrier-registration.ts";
import type { ServiceRoute } from "./service-route.ts";

const registration = {
  registrarUrl: "sip:203.0.113.7:5070",
  addressOfRecord: "sip:trunk7@carrier.example",
  expiresSeconds: 600,
};

interface Script extends UserAgentScript {
  readonly one: CarrierRegistration;
  readonly states: string[];
  readonly alerts: string[];
  /** What `random` says. */
  chance: { value: number };
  /** The REGISTER that was sent. */
  readonly register: () => SipRequest;
  /** The registrar's answer to the last one. */
  readonly answer: (statusCode: number, rows?: readonly (readonly [string, string])[]) => void;
  /** A 200 that grants `seconds`. */
  readonly grant: (seconds?: number) => void;
}

function script(
  carrier: Partial<SnapshotCarrier> = {},
  changes: Partial<typeof registration> = {},
  hosts = {},
): Script {
  const parts = userAgentScript(hosts);
  const { clock, wire, agent } = parts;
  const states: string[] = [];
  const alerts: string[] = [];
  const chance = { value: 0 };
  const one = new CarrierRegistration({
    clock,
    agent,
    random: () => chance.value,
    path: { interfaceName: "carriers", connection: undefined },
    carrier: exampleCarrier({ credentials: { username: "u7", password: "p7" }, ...carrier }),
    registration: { ...registration, ...changes },
    onState: (state, text) => states.push(`${state}: ${text}`),
    onAlert: (text) => alerts.push(text),
  });
  const answer: Script["answer"] = (statusCode, rows = []) =>
    wire.inject(response(statusCode, { headerFields: rows }));
  return {
    ...parts,
    one,
    states,
    alerts,
    chance,
    register: () => parsedRequest(wire.expect("REGISTER")),
    answer,
    grant: (seconds = 600) => answer(200, [["Expires", String(seconds)]]),
  };
}

const challenge = (nonce: string, more = ""): [string, string][] => [
  ["WWW-Authenticate", `Digest realm="carrier.example",nonce="${nonce}",qop="auth"${more}`],
];
const credential = (request: SipRequest, name: string): string | undefined =>
  new RegExp(`${name}="?([^",]+)`).exec(request.value("Authorization") ?? "")?.[1];

test("REGISTER goes to the registrar, for the address-of-record, with our Contact on the carriers' interface", () => {
  const { one, wire } = script();
  assert.equal(one.state, "unregistered");
  one.start();
  const { text, target } = wire.expectSent("REGISTER");
  const request = parsedRequest(text);
  assert.equal(request.requestUri, "sip:203.0.113.7:5070");
  assert.equal(request.value("To"), "<sip:trunk7@carrier.example>");
  assert.match(request.value("From") ?? "", /^<sip:trunk7@carrier\.example>;tag=[0-9a-f]{16}$/);
  assert.equal(request.value("Contact"), "<sip:trunk7@198.51.100.1:5060>");
  assert.equal(request.value("Expires"), "600");
  assert.equal(request.value("CSeq"), "1 REGISTER");
  assert.equal(request.value("User-Agent"), "Tandem");
  assert.equal(request.value("Supported"), "path");
  assert.equal(request.maxForwards(), 70);
  assert.deepEqual(
    [target?.interfaceName, target?.protocol, target?.address, target?.port],
    ["carriers", "UDP", "203.0.113.7", 5070],
  );
});

test("a Request-URI of a registrar has no user; URIs may be written without their scheme", () => {
  const { one, register } = script(
    {},
    { registrarUrl: "me@203.0.113.7", addressOfRecord: "trunk7@carrier.example" },
  );
  one.start();
  const request = register();
  assert.equal(request.requestUri, "sip:203.0.113.7");
  assert.equal(request.value("To"), "<sip:trunk7@carrier.example>");
});

test("over TCP the Contact says so; without a user the Contact has none", () => {
  const { one, register } = script(
    {},
    { registrarUrl: "sip:203.0.113.7;transport=tcp", addressOfRecord: "sip:carrier.example" },
  );
  one.start();
  assert.equal(register().value("Contact"), "<sip:198.51.100.1:5060;transport=tcp>");
});

test("registered: it is told once, and refreshed after 80 to 90 % of what was granted", () => {
  for (const [chanceValue, afterMs] of [
    [0, 80_000],
    [0.5, 85_000],
    [1, 90_000],
  ] as const) {
    const { one, register, grant, clock, states, chance, wire } = script();
    chance.value = chanceValue;
    one.start();
    const first = register();
    grant(100);
    assert.equal(one.state, "registered");
    clock.advance(afterMs - 1);
    wire.expectNothing();
    clock.advance(1.001);
    const second = register();
    assert.equal(second.callId, first.callId);
    assert.equal(second.fromTag, first.fromTag);
    assert.equal(second.cseqNumber, 2);
    assert.equal(second.value("Expires"), "600");
    grant(100);
    assert.deepEqual(states, ["registered: for 100 s"]);
  }
});

test("a challenge is answered once, with the next CSeq; the answer is used again for refreshes", () => {
  const { one, register, answer, grant, clock, wire } = script();
  one.start();
  register();
  answer(401, challenge("n1"));
  const second = register();
  assert.equal(second.cseqNumber, 2);
  assert.deepEqual(
    ["username", "nonce", "uri", "nc"].map((name) => credential(second, name)),
    ["u7", "n1", "sip:203.0.113.7:5070", "00000001"],
  );
  grant(100);
  clock.advance(80_000);
  const refresh = register();
  assert.deepEqual([credential(refresh, "nonce"), credential(refresh, "nc")], ["n1", "00000002"]);
  answer(401, challenge("n2", ",stale=true"));
  const again = register();
  assert.deepEqual([credential(again, "nonce"), credential(again, "nc")], ["n2", "00000001"]);
  grant();
  wire.expectNothing();
});

test("a proxy's challenge is answered in its own header field", () => {
  const { one, register, answer } = script();
  one.start();
  register();
  answer(407, [["Proxy-Authenticate", 'Digest realm="proxy",nonce="n1"']]);
  const second = register();
  assert.match(second.value("Proxy-Authorization") ?? "", /^Digest username="u7",realm="proxy",nonce="n1"/);
  assert.equal(second.has("Authorization"), false);
});

test("a wrong password is not tried again and again", () => {
  const { one, register, answer, wire, states } = script();
  one.start();
  register();
  answer(401, challenge("n1"));
  register();
  answer(401, challenge("n2"));
  wire.expectNothing();
  assert.equal(one.state, "failed");
  assert.deepEqual(states, ["failed: 401: the registrar does not accept the credentials"]);
});

test("423: once more with what the registrar wants; after a failure with what we want", () => {
  const { one, register, answer, clock } = script();
  one.start();
  register();
  answer(423, [["Min-Expires", "1800"]]);
  const second = register();
  assert.deepEqual([second.value("Expires"), second.cseqNumber], ["1800", 2]);
  answer(500);
  clock.advance(5000);
  assert.equal(register().value("Expires"), "600");
});

test("what the registrar wants stays for the refreshes", () => {
  const { one, register, answer, grant, clock } = script();
  one.start();
  register();
  answer(423, [["Min-Expires", "1800"]]);
  register();
  grant(1800);
  clock.advance(1_440_000);
  assert.equal(register().value("Expires"), "1800");
});

test("failures: the wait doubles from 5 s to 5 min, with jitter; the third raises one alert", () => {
  const { one, register, answer, clock, wire, alerts, states, chance } = script();
  one.start();
  chance.value = 0.5;
  for (const [index, waitMs] of [3750, 7500, 15_000, 30_000, 60_000, 120_000, 225_000, 225_000].entries()) {
    register();
    answer(500);
    assert.equal(alerts.length, index < 2 ? 0 : 1);
    clock.advance(waitMs - 1);
    wire.expectNothing();
    clock.advance(1);
  }
  assert.deepEqual(alerts, ["500 Server Internal Error"]);
  assert.deepEqual(states, ["failed: 500 Server Internal Error"]);
});

test("the wait is exact, and the next round comes then and not sooner", () => {
  const { one, register, answer, clock, wire, chance } = script();
  one.start();
  register();
  chance.value = 0;
  answer(500);
  clock.advance(2499);
  wire.expectNothing();
  clock.advance(1);
  register();
  chance.value = 1;
  answer(500);
  clock.advance(9999);
  wire.expectNothing();
  clock.advance(1);
  register();
});

test("a success ends an outage: waits and alerts begin anew", () => {
  const { one, register, answer, grant, clock, alerts, states } = script();
  one.start();
  for (const waitMs of [2500, 5000, 10_000]) {
    register();
    answer(500);
    clock.advance(waitMs);
  }
  register();
  grant(10);
  clock.advance(8000);
  for (const waitMs of [2500, 5000, 10_000]) {
    register();
    answer(500);
    clock.advance(waitMs);
  }
  assert.equal(alerts.length, 2);
  assert.deepEqual(states, [
    "failed: 500 Server Internal Error",
    "registered: for 10 s",
    "failed: 500 Server Internal Error",
  ]);
});

test("a refresh that fails is no outage while the registrar still has the binding", () => {
  const { one, register, answer, grant, clock } = script();
  one.start();
  register();
  grant(100);
  clock.advance(80_000);
  register();
  answer(500);
  assert.equal(one.state, "registered");
  clock.advance(2500);
  register();
  clock.advance(17_500);
  answer(500);
  assert.equal(one.state, "failed");
});

test("Retry-After is waited for", () => {
  const { one, register, answer, clock, wire } = script();
  one.start();
  register();
  answer(503, [["Retry-After", "120"]]);
  clock.advance(119_999);
  wire.expectNothing();
  clock.advance(1);
  register();
});

test("silence and refused connections are failures", () => {
  const silent = script();
  silent.one.start();
  silent.clock.advance(31_999);
  assert.equal(silent.one.state, "unregistered");
  silent.clock.advance(1);
  assert.deepEqual(silent.states, ["failed: no answer"]);
  const refused = script();
  refused.one.start();
  refused.register();
  refused.wire.fail("connection refused");
  assert.deepEqual(refused.states, ["failed: connection refused"]);
});

test("after a failure the registrar's next address is tried", async () => {
  const hosts = { "reg.example": ["203.0.113.1", "203.0.113.2"] };
  const { one, wire, answer, clock } = script({}, { registrarUrl: "sip:reg.example:5070" }, hosts);
  one.start();
  await settled();
  const asked: (string | undefined)[] = [];
  for (const waitMs of [2500, 5000, 10_000]) {
    asked.push(wire.expectSent("REGISTER").target?.address);
    answer(500);
    clock.advance(waitMs);
    await settled();
  }
  assert.deepEqual(asked, ["203.0.113.1", "203.0.113.2", "203.0.113.1"]);
});

test("a registrar without an address is a failure", async () => {
  const { one, wire, states } = script({}, { registrarUrl: "sip:gone.example:5070" });
  one.start();
  await settled();
  wire.expectNothing();
  assert.equal(states.length, 1);
  assert.match(states[0] ?? "", /^failed: /);
});

test("close removes the binding, answers a challenge on the way, and is idempotent", async () => {
  const { one, register, answer, grant, clock, wire } = script();
  one.start();
  register();
  grant();
  let isClosed = false;
  const closing = Promise.all([one.close(), one.close()]).then(() => (isClosed = true));
  const bye = register();
  assert.equal(bye.value("Expires"), "0");
  assert.equal(bye.value("Contact"), "<sip:trunk7@198.51.100.1:5060>");
  answer(401, challenge("n1"));
  const again = register();
  assert.deepEqual([again.value("Expires"), credential(again, "nonce")], ["0", "n1"]);
  await settled();
  assert.equal(isClosed, false);
  answer(200);
  await closing;
  clock.advance(3_600_000);
  wire.expectNothing();
});

test("close waits 2 s for a registrar, no longer", async () => {
  const { one, register, grant, clock } = script();
  one.start();
  register();
  grant();
  let isClosed = false;
  const closing = one.close().then(() => (isClosed = true));
  register();
  clock.advance(1999);
  await settled();
  assert.equal(isClosed, false);
  clock.advance(1);
  await closing;
});

test("close without a binding sends nothing", async () => {
  const { one, register, answer, wire, clock } = script();
  await script().one.close();
  one.start();
  register();
  answer(500);
  await one.close();
  wire.expectNothing();
  clock.advance(3_600_000);
  wire.expectNothing();
});

test("close in the middle of a round takes back what may come of it", async () => {
  const { one, register, wire } = script();
  one.start();
  register();
  const closing = one.close();
  assert.equal(register().value("Expires"), "0");
  wire.inject(response(200));
  await closing;
});

test("a challenge of the round that close interrupts does not count for the removal", async () => {
  const { one, register, answer } = script();
  one.start();
  register();
  answer(401, challenge("n1"));
  register();
  const closing = one.close();
  assert.equal(register().value("Expires"), "0");
  answer(401, challenge("n2"));
  const again = register();
  assert.deepEqual([again.value("Expires"), credential(again, "nonce")], ["0", "n2"]);
  answer(200);
  await closing;
});

const routed = (...values: string[]): [string, string][] => [
  ["Expires", "100"],
  ...values.map((value): [string, string] => ["Service-Route", value]),
];

test("the Service-Route of the last 200 holds as long as the binding", () => {
  const { one, register, answer, clock } = script();
  const route = (): ServiceRoute | undefined => one.serviceRoute;
  one.start();
  register();
  assert.equal(route(), undefined);
  answer(200, routed("<sip:p1.example;lr>", "<sip:p2.example;lr>"));
  assert.deepEqual(route()?.values, ["<sip:p1.example;lr>", "<sip:p2.example;lr>"]);
  clock.advance(80_000);
  register();
  assert.equal(route()?.nextHop, "sip:p1.example", "while the refresh is on its way");
  answer(200, routed("<sip:p3.example;lr>"));
  assert.deepEqual(route()?.values, ["<sip:p3.example;lr>"]);
  clock.advance(80_000);
  register();
  answer(500);
  clock.advance(19_999);
  assert.deepEqual(route()?.values, ["<sip:p3.example;lr>"]);
  clock.advance(1);
  assert.equal(route(), undefined);
});

test("a refresh without Service-Route ends it, and one that can't be used too", () => {
  for (const rows of [routed(), routed("nonsense")]) {
    const { one, register, answer, clock } = script();
    one.start();
    register();
    answer(200, routed("<sip:p1.example;lr>"));
    clock.advance(80_000);
    register();
    answer(200, rows);
    assert.equal(one.serviceRoute, undefined);
  }
});

test("a Service-Route that is not used is told", () => {
  const { one, register, answer, states } = script();
  one.start();
  register();
  answer(200, routed("nonsense"));
  assert.deepEqual(states, [
    "registered: for 100 s; its Service-Route is not used: it holds what is no SIP URI",
  ]);
});

test("one that is abandoned says nothing any more", () => {
  const { one, register, grant, clock, wire } = script();
  one.start();
  register();
  grant(100);
  one.abandon();
  clock.advance(3_600_000);
  wire.expectNothing();
});
