import assert from "node:assert/strict";
import { test } from "node:test";
import type { InterfaceConfiguration, SnapshotCarrier } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { RoutingTable } from "@tandem/routing";
import type { SipRequest } from "@tandem/sip/message";
import { parsedRequest, response } from "@tandem/sip/testing";
import { Alerts } from "../calls/alerts.ts";
import { interfaces } from "../testing/call-of.ts";
import { exampleCarrier, exampleGateway, exampleSnapshot } from "../testing/example-snapshot.ts";
import { LedgerDouble } from "../testing/ledger-double.ts";
import { userAgentScript } from "../testing/user-agent-script.ts";
import { unregisterWaitMs } from "./carrier-registration.ts";
import { CarrierRegistrations } from "./carrier-registrations.ts";

const registration = {
  registrarUrl: "sip:203.0.113.7",
  addressOfRecord: "sip:trunk7@carrier.example",
  expiresSeconds: 600,
};

function script(on: readonly InterfaceConfiguration[] = interfaces) {
  const { clock, wire, agent } = userAgentScript();
  const ledger = new LedgerDouble();
  const states: string[] = [];
  const registrations = new CarrierRegistrations({
    clock,
    agent,
    random: () => 0,
    edge: "ashburn-ix",
    interfaces: on,
    alerts: new Alerts(clock, ledger),
    onState: (carrierSid, state, text) => states.push(`${carrierSid} ${state} ${text}`),
  });
  return {
    clock,
    wire,
    ledger,
    states,
    registrations,
    apply: (...carriers: SnapshotCarrier[]) =>
      registrations.apply(RoutingTable.from(exampleSnapshot({ carriers }))),
    register: (): SipRequest => parsedRequest(wire.expect("REGISTER")),
    grant: () => wire.inject(response(200, { headerFields: [["Expires", "600"]] })),
  };
}

const wanting = (changes: Partial<SnapshotCarrier> = {}): SnapshotCarrier =>
  exampleCarrier({ registration, ...changes });

test("a carrier that wants it is registered with, by the carriers' interface, and the state is told", () => {
  const { apply, wire, grant, states, registrations } = script();
  apply(wanting(), exampleCarrier({ sid: "CR2" }));
  assert.equal(wire.expectSent("REGISTER").target?.interfaceName, "carriers");
  wire.expectNothing();
  grant();
  assert.deepEqual(states, ["CR1 registered for 600 s"]);
  assert.deepEqual([...registrations.states()], [["CR1", "registered"]]);
});

const unwanted: readonly (readonly [what: string, carrier: SnapshotCarrier])[] = [
  ["no registration", exampleCarrier()],
  ["switched off", wanting({ enabled: false })],
  ["gateways of other edges only", wanting({ gateways: [exampleGateway({ edge: "san-jose-ix" })] })],
  ["no gateways", wanting({ gateways: [] })],
];

for (const [what, carrier] of unwanted) {
  test(`not registered with: a carrier with ${what}`, () => {
    const { apply, wire } = script();
    apply(carrier);
    wire.expectNothing();
  });
}

test("a gateway of this edge among others is reason enough", () => {
  const { apply, register } = script();
  const gateways = [
    exampleGateway({ edge: "san-jose-ix" }),
    exampleGateway({ sid: "CG2", edge: "ashburn-ix" }),
  ];
  apply(wanting({ gateways }));
  register();
});

test("a gateway without an interface for carriers registers nowhere", () => {
  const { apply, wire } = script(interfaces.slice(0, 1));
  apply(wanting());
  wire.expectNothing();
});

test("a new snapshot that changes nothing of it changes nothing", () => {
  const { apply, wire, register, grant } = script();
  apply(wanting());
  register();
  grant();
  apply(wanting({ friendlyName: "renamed", routes: [] }));
  wire.expectNothing();
});

test("a carrier that wants it no more: the binding is removed", () => {
  for (const after of [[], [exampleCarrier()], [wanting({ enabled: false })]]) {
    const { apply, wire, register, grant, registrations } = script();
    apply(wanting());
    register();
    grant();
    apply(...after);
    assert.equal(register().value("Expires"), "0");
    wire.expectNothing();
    assert.equal(registrations.states().size, 0);
  }
});

test("another registrar: the old binding is removed, the new one made", () => {
  const { apply, wire, register, grant } = script();
  apply(wanting());
  register();
  grant();
  apply(wanting({ registration: { ...registration, registrarUrl: "sip:203.0.113.8" } }));
  const removed = register();
  assert.deepEqual([removed.requestUri, removed.value("Expires")], ["sip:203.0.113.7", "0"]);
  const made = register();
  assert.deepEqual([made.requestUri, made.value("Expires")], ["sip:203.0.113.8", "600"]);
  wire.expectNothing();
});

test("another address-of-record too", () => {
  const { apply, register, grant } = script();
  apply(wanting());
  register();
  grant();
  apply(wanting({ registration: { ...registration, addressOfRecord: "sip:trunk8@carrier.example" } }));
  assert.equal(register().value("Expires"), "0");
  assert.equal(register().value("To"), "<sip:trunk8@carrier.example>");
});

test("another password or time: registered again at once, and the binding is not removed", () => {
  for (const after of [
    wanting({ credentials: { username: "u", password: "new" } }),
    wanting({ registration: { ...registration, expiresSeconds: 60 } }),
  ]) {
    const { apply, wire, register, grant } = script();
    apply(wanting());
    register();
    grant();
    apply(after);
    assert.notEqual(register().value("Expires"), "0");
    wire.expectNothing();
  }
});

test("a registrar that fails three times raises one alert, with the carrier's name", () => {
  const { apply, wire, register, clock, ledger } = script();
  apply(wanting());
  for (const waitMs of [2500, 5000, 10_000, 20_000]) {
    register();
    wire.inject(response(403));
    clock.advance(waitMs);
  }
  assert.deepEqual(
    ledger.alerts.map(({ code, text, accountSid, trunkSid, callSid }) => ({
      code,
      text,
      accountSid,
      trunkSid,
      callSid,
    })),
    [
      {
        code: reasons.carrierRegistrationFailed.code,
        text: "bigtel (CR1): 403 Forbidden",
        accountSid: null,
        trunkSid: null,
        callSid: null,
      },
    ],
  );
});

test("close removes all bindings and takes no more snapshots", async () => {
  const { apply, register, grant, registrations, clock } = script();
  apply(wanting());
  register();
  grant();
  apply(
    wanting(),
    wanting({ sid: "CR2", registration: { ...registration, registrarUrl: "sip:203.0.113.8" } }),
  );
  register();
  grant();
  const closing = registrations.close();
  const removed = [register(), register()];
  assert.deepEqual(
    removed.map((request) => [request.requestUri, request.value("Expires")]),
    [
      ["sip:203.0.113.7", "0"],
      ["sip:203.0.113.8", "0"],
    ],
  );
  clock.advance(unregisterWaitMs);
  await closing;
  apply(wanting());
  assert.equal(registrations.states().size, 0);
});
