/** One control and two gateways of two regions: a number is everybody's, so a carrier's call may enter at either. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { SystemClock } from "@tandem/clock";
import { Exchange } from "../harness/exchange.ts";
import { provisionCarrier, provisionTrunk } from "../harness/provision.ts";
import { waitFor } from "../harness/wait.ts";
import { Phone } from "../user-agents/phone.ts";

const network = 166;
const at = (host: number): string => `127.0.${network}.${host}`;
const phonePort = 5070;
const number = "+15550002001";
const tones = { pstn: 440, customer: 900 } as const;

describe("two gateways of one exchange", { concurrency: 1 }, () => {
  let exchange: Exchange;
  const clock = new SystemClock();
  const pstn = new Phone({ clock, address: at(50), port: phonePort, toneHz: tones.pstn });
  const customer = new Phone({ clock, address: at(60), port: phonePort, toneHz: tones.customer });

  before(async () => {
    const ports = { udpPort: 5060, tcpPort: 5060 };
    exchange = await Exchange.start({
      customerAddress: at(1),
      carrierAddress: at(2),
      edge: "ashburn",
      gateway: { health: { enabled: false, intervalSeconds: 30 } },
      furtherGateways: [
        {
          name: "san-jose-1",
          edge: "san-jose-ix",
          region: "us2",
          interfaces: [
            { name: "customers", roles: ["public", "private"], localAddress: at(11), ...ports },
            { name: "carriers", roles: ["carrier"], localAddress: at(12), ...ports },
            { name: "backbone", roles: ["backbone"], localAddress: at(13), ...ports },
          ],
        },
      ],
    });
    await provisionCarrier(exchange.api, {
      name: "PSTN",
      sourceAddresses: [at(50)],
      gateways: [],
      prefixes: [],
    });
    await provisionTrunk(exchange.api, {
      name: "customer",
      baseDomain: exchange.baseDomain,
      originationUrls: [{ url: `sip:${at(60)}:${phonePort}` }],
      numbers: [number],
    });
    await exchange.settled();
    await pstn.open();
    await customer.open();
  });

  after(async () => {
    await pstn.close();
    await customer.close();
    await exchange.stop();
    clock.close();
  });

  for (const [name, carriers, customers] of [
    ["gateway-1", at(2), at(1)],
    ["san-jose-1", at(12), at(11)],
  ] as const) {
    it(`a carrier's call that enters at ${name} reaches the customer from there`, async () => {
      const count = customer.received.length;
      const to = { address: carriers, port: 5060 };
      const call = await pstn.call({
        requestUri: `sip:${number}@${carriers}`,
        from: `sip:+442071838750@${at(50)}`,
        to,
      });
      await waitFor("an answer", () => call.state === "answered", 60_000);
      const callee = await waitFor("the customer's call", () => customer.received[count], 60_000);
      const via = callee.request?.via();
      assert.ok(via?.ok === true);
      assert.equal(via.value.host, customers);
      await waitFor(
        "tones both ways",
        () => call.audio.heardToneHz === tones.customer && callee.audio.heardToneHz === tones.pstn,
        60_000,
      );
      call.hangUp();
      await waitFor("the customer to be told", () => callee.state === "ended", 60_000);
      assert.ok(exchange.node(name).isRunning);
    });
  }
});
