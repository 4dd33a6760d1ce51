/** Carrier registration over real UDP sockets, against a registrar made of our own stack. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { SystemClock } from "@tandem/clock";
import { RelayDouble } from "@tandem/media/testing";
import { reasons } from "@tandem/reasons";
import type { DnsAnswer } from "@tandem/sip/locate";
import { Gateway } from "../src/gateway.ts";
import { exampleCarrier, exampleSnapshot } from "../src/testing/example-snapshot.ts";
import { configurationOf } from "../src/testing/gateway-script.ts";
import { LedgerDouble } from "../src/testing/ledger-double.ts";
import { Registrar } from "./registrar.ts";

/** Generous: only a failing test waits this long. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 5) {
    assert.ok(waitedMs < 30_000, `still waiting until ${what}`);
    await delay(5);
  }
}

const nothing = async (): Promise<DnsAnswer<never>> => ({ ok: false, code: "NXDOMAIN", ttlSeconds: 30 });

async function scene(context: TestContext, password: string) {
  const registrar = new Registrar("right");
  await registrar.transport.open();
  context.after(() => registrar.close());
  const clock = new SystemClock();
  const ledger = new LedgerDouble();
  const events: string[] = [];
  const gateway = new Gateway({
    configuration: configurationOf({
      interfaces: [{ name: "carriers", roles: ["carrier"], localAddress: "127.0.0.1", udpPort: 0 }],
    }),
    clock,
    resolver: { naptr: nothing, srv: nothing, a: nothing, aaaa: nothing },
    relay: new RelayDouble(),
    ledger,
    tls: undefined,
    random: () => 0,
    onEvent: (event, fields) => events.push(`${event} ${JSON.stringify(fields)}`),
  });
  context.after(async () => {
    await gateway.close();
    clock.close();
  });
  const carrier = exampleCarrier({
    credentials: { username: "trunk7", password },
    registration: {
      registrarUrl: `sip:127.0.0.1:${registrar.port}`,
      addressOfRecord: "sip:trunk7@carrier.example",
      expiresSeconds: 60,
    },
  });
  gateway.applySnapshot(exampleSnapshot({ carriers: [carrier] }));
  await gateway.open();
  const contact = `<sip:trunk7@127.0.0.1:${gateway.transport.sentBy("carriers", "UDP").port}>`;
  return { registrar, gateway, ledger, events, contact };
}

test("the gateway registers with digest when it opens, and takes its binding back when it closes", async (context) => {
  const { registrar, gateway, events, contact } = await scene(context, "right");
  await until("it is registered", () => gateway.registrations().get("CR1") === "registered");
  assert.deepEqual(registrar.bindings, [`${contact} 60`]);
  assert.ok(
    events.includes('carrier-registration {"carrierSid":"CR1","state":"registered","text":"for 60 s"}'),
    events.join("\n"),
  );
  await gateway.close();
  assert.deepEqual(registrar.bindings, [`${contact} 60`, `${contact} 0`]);
});

test("a wrong password is refused, and after the third time there is an alert", async (context) => {
  const { registrar, gateway, ledger } = await scene(context, "wrong");
  await until("it has failed", () => gateway.registrations().get("CR1") === "failed");
  await until("somebody is told", () => ledger.alerts.length === 1);
  assert.equal(ledger.alerts[0]?.code, reasons.carrierRegistrationFailed.code);
  assert.deepEqual(registrar.bindings, []);
});
