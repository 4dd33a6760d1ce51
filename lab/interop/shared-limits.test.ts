/** Two gateways of one region hold a trunk to its limits together, through a real Redis, and each alone without. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { SystemClock } from "@tandem/clock";
import { RedisServer, redisServerCommand } from "@tandem/coordination/testing";
import { Exchange } from "../harness/exchange.ts";
import { freePort } from "../harness/free-port.ts";
import { provisionCarrier, provisionTrunk } from "../harness/provision.ts";
import { waitFor } from "../harness/wait.ts";
import { Phone, type PhoneCall } from "../user-agents/phone.ts";

const at = (host: number): string => `127.2.23.${host}`;
const metricsAddress = "127.0.0.1";
const names = ["gateway-1", "gateway-2"] as const;
type Name = (typeof names)[number];
const customers: Readonly<Record<Name, string>> = { "gateway-1": at(11), "gateway-2": at(21) };
const concurrentCalls = 3;
const longMs = 60_000;
const isMissing = !existsSync(redisServerCommand) && process.getuid?.() !== 0;

describe("limits that two gateways share", {
  concurrency: 1,
  skip: isMissing && "redis-server is not installed (tools/debian-packages.txt)",
}, () => {
  let exchange: Exchange;
  let store: RedisServer;
  let sipPort = 0;
  const metricsPorts = new Map<Name, number>();
  const tooMany = "Trunk concurrent call limit exceeded";
  const up: Record<Name, PhoneCall[]> = { "gateway-1": [], "gateway-2": [] };
  const clock = new SystemClock();
  let pstn: Phone;
  let customer: Phone;

  before(async () => {
    store = await RedisServer.start({ address: at(5), words: ["--requirepass", "secret"] });
    sipPort = await freePort(at(11));
    for (const name of names) metricsPorts.set(name, await freePort(metricsAddress));
    const [pstnPort, customerPort] = [await freePort(at(50)), await freePort(at(60))];
    pstn = new Phone({ clock, address: at(50), port: pstnPort, toneHz: 440 });
    customer = new Phone({ clock, address: at(60), port: customerPort, toneHz: 900 });
    const ports = { udpPort: sipPort };
    const common = (name: Name) => ({
      health: { enabled: false, intervalSeconds: 30 },
      sharedLimits: { host: store.address, port: store.port, password: "secret" },
      metrics: { address: metricsAddress, port: metricsPorts.get(name) ?? 0 },
    });
    exchange = await Exchange.start({
      customerAddress: at(11),
      carrierAddress: at(12),
      sipPort,
      edge: "ashburn",
      gateway: {
        ...common("gateway-1"),
        interfaces: [
          { name: "customers", roles: ["public"], localAddress: at(11), ...ports },
          { name: "carriers", roles: ["carrier"], localAddress: at(12), ...ports },
        ],
      },
      furtherGateways: [
        {
          edge: "ashburn",
          interfaces: [
            { name: "customers", roles: ["public"], localAddress: at(21), ...ports },
            { name: "carriers", roles: ["carrier"], localAddress: at(22), ...ports },
          ],
          gateway: common("gateway-2"),
        },
      ],
    });
    const { api, baseDomain } = exchange;
    await provisionCarrier(api, {
      name: "PSTN",
      sourceAddresses: [at(50)],
      gateways: [{ url: `sip:${at(50)}:${pstnPort}` }],
      prefixes: ["+"],
    });
    for (const [name, parameters] of [
      ["few", { ConcurrentCalls: concurrentCalls }],
      ["slow", { CallsPerSecond: 0.001 }],
      ["plain", {}],
    ] as const) {
      await provisionTrunk(api, { name, label: name, baseDomain, addresses: [at(60)], parameters });
    }
    await exchange.settled();
    await pstn.open();
    await customer.open();
    await waitForGauge("tandem_limit_gateways_heard", 1);
  });

  after(async () => {
    // A gateway with calls would wait for their end.
    for (const call of names.flatMap((name) => up[name])) call.hangUp();
    await exchange?.stop();
    await pstn?.close();
    await customer?.close();
    await store?.stop();
    clock.close();
  });

  async function metric(name: Name, series: string): Promise<number | undefined> {
    const response = await fetch(`http://${metricsAddress}:${metricsPorts.get(name)}/metrics`);
    const row = (await response.text()).split("\n").find((line) => line.startsWith(`${series} `));
    return row === undefined ? undefined : Number(row.slice(series.length + 1));
  }

  async function waitForGauge(series: string, value: number, of: readonly Name[] = names): Promise<void> {
    for (const name of of) {
      await waitFor(
        `${series} of ${name} to be ${value}`,
        async () => (await metric(name, series)) === value,
        longMs,
      );
    }
  }

  /** What each counts now has gone to the store, and then has come from there to each. */
  async function exchanged(): Promise<void> {
    const series = 'tandem_limit_exchanges_total{result="done"}';
    for (const _ of ["gone", "come"]) {
      const before = await Promise.all(names.map((name) => metric(name, series)));
      for (const [index, name] of names.entries()) {
        // The first may have begun before; the second has not.
        const wanted = (before[index] ?? 0) + 2;
        await waitFor(
          `exchanges of ${name}`,
          async () => ((await metric(name, series)) ?? 0) >= wanted,
          longMs,
        );
      }
    }
  }

  async function place(trunk: string, name: Name): Promise<PhoneCall> {
    const call = await customer.call({
      requestUri: `sip:+15550100@${exchange.terminationHost(trunk)}`,
      from: `sip:+442071838750@${at(60)}`,
      to: { address: customers[name], port: sipPort },
    });
    await waitFor("a final response", () => call.state !== "setup", longMs);
    return call;
  }

  async function answered(trunk: string, name: Name): Promise<PhoneCall> {
    const call = await place(trunk, name);
    assert.deepEqual([call.state, call.statusCode, call.reasonPhrase], ["answered", 200, "OK"]);
    return call;
  }

  async function refused(trunk: string, name: Name, phrase: string): Promise<void> {
    const call = await place(trunk, name);
    assert.deepEqual([call.statusCode, call.reasonPhrase], [503, phrase]);
  }

  it("as many calls at a time as the trunk may have over both, one more is refused at either", async () => {
    up["gateway-1"].push(await answered("few", "gateway-1"), await answered("few", "gateway-1"));
    up["gateway-2"].push(await answered("few", "gateway-2"));
    await exchanged();
    for (const name of names) await refused("few", name, tooMany);
  });

  it("a call that ends at one is free at the other", async () => {
    up["gateway-1"].pop()?.hangUp();
    await exchanged();
    up["gateway-2"].push(await answered("few", "gateway-2"));
    await exchanged();
    for (const name of names) await refused("few", name, tooMany);
  });

  it("calls per second that were used at one are used at the other", async () => {
    (await answered("slow", "gateway-1")).hangUp();
    await exchanged();
    for (const name of names) await refused("slow", name, "Trunk CPS limit exceeded");
  });

  it("calls per second that the trunks of an account share, too", async () => {
    const account = `${exchange.api.accountPath}.json`;
    await exchange.api.post(account, { CallsPerSecond: 0.001 });
    await exchange.settled();
    (await answered("plain", "gateway-1")).hangUp();
    await exchanged();
    for (const name of names) await refused("plain", name, "Account CPS limit exceeded");
    await exchange.api.post(account, { CallsPerSecond: "" });
    await exchange.settled();
  });

  it("the calls of a gateway that is killed are free when its counts expire, and count again when it has adopted them", async () => {
    const gateway = exchange.node("gateway-2");
    await gateway.program.kill();
    await waitForGauge("tandem_limit_gateways_heard", 0, ["gateway-1"]);
    const more = [await answered("few", "gateway-1"), await answered("few", "gateway-1")];
    await refused("few", "gateway-1", tooMany);
    await gateway.start();
    await waitForGauge("tandem_limit_gateways_heard", 1);
    for (const call of more) call.hangUp();
    await exchanged();
    for (const name of names) await refused("few", name, tooMany);
  });

  it("without the store calls go on by what each gateway counts itself, and an alert says so; it comes back by itself", async () => {
    await store.stop();
    await waitForGauge("tandem_limits_shared", 0);
    const alone = [await answered("few", "gateway-1"), await answered("few", "gateway-1")];
    await refused("few", "gateway-1", tooMany);
    const alerts = await waitFor("the alerts", async () => {
      const list = await exchange.api.get("/v1/Alerts?ErrorCode=90330");
      const found = list["alerts"] as { alert_text: string }[];
      return found.length >= 2 && found;
    });
    assert.equal(alerts.length, 2, "one of each gateway");
    assert.match(alerts[0]?.alert_text ?? "", /^the store of shared limits: ./);
    for (const call of alone) call.hangUp();
    assert.equal(await store.startAgain(), true);
    await waitForGauge("tandem_limits_shared", 1);
    await exchanged();
    for (const name of names) await refused("few", name, tooMany);
    for (const name of names) assert.ok(exchange.node(name).isRunning);
  });
});
