import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { delay, waitFor } from "../../harness/wait.ts";
import { runCommand } from "../builder/run-command.ts";
import { startPrivateExchange } from "../scenario/private-exchange.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans } from "../standard/addresses.ts";

const gatewayName = "ashburn-ix-1";
const deadMs = 3000;
/** Of the 150 that a phone sends in that time: the processors are shared. */
const leastWhileDead = 100;
/** On their way when the other side stops counting. */
const underway = 10;
const [customer] = customerPlans;
const [carrier] = carrierPlans;

/** A gateway dies under a call whose media the kernel relays: nobody hears it. The next gateway hangs the call up. */
async function play(stand: Stand): Promise<void> {
  const { verdicts, timeline, network } = stand.build({
    gateways: { ashburn: 0, "san-jose-ix": 0, umatilla: 0 },
  });
  const gateway = stand.gateway(gatewayName);
  const bpfDirectory = join(network.directory, "bpf");
  mkdirSync(bpfDirectory);
  // Outside the gateway's own mount namespace, which ends with it.
  runCommand("mount", ["-t", "bpf", "bpf", bpfDirectory]);
  const [{ exchange }, pstn, sbc] = await Promise.all([
    startPrivateExchange(stand, { "line-1a": {} }, { media: { engine: "kernel", bpfDirectory } }),
    stand.phone(carrier.name, { address: carrier.switchAddress, toneHz: 900 }),
    stand.phone(customer.name, { address: customer.sbcAddress, toneHz: 600 }),
  ]);
  await provisionTrunkOf(exchange, "one", { addresses: [customer.sbcAddress] });
  await provisionCarrierOf(exchange, carrier);
  await exchange.settled();
  const call = await sbc.call({
    requestUri: `sip:${pstnNumber}@${exchange.terminationHost("one", "ashburn-ix")}`,
    from: `sip:${customerNumber}@${customer.sbcAddress}`,
    to: { address: gateway.privateAddress ?? "", port: 5060 },
  });
  verdicts.equal("the call is answered", (await call.settled()).statusCode, 200);
  const callee = await pstn.incoming(0);
  const heardBoth = async (): Promise<boolean> =>
    (await call.view()).heardToneHz === pstn.toneHz && (await callee.view()).heardToneHz === sbc.toneHz;
  await waitFor("both to hear each other", heardBoth, 20_000);

  await exchange.program(gatewayName).kill();
  timeline.tell(gatewayName, "killed");
  const [near, far] = [await call.view(), await callee.view()];
  await delay(deadMs);
  const [nearLater, farLater] = [await call.view(), await callee.view()];
  verdicts.atLeast(
    "the customer gets media of a dead gateway",
    nearLater.receivedPackets - near.receivedPackets,
    leastWhileDead,
    "packets",
  );
  verdicts.atLeast(
    "the carrier gets media of a dead gateway",
    farLater.receivedPackets - far.receivedPackets,
    leastWhileDead,
    "packets",
  );

  await exchange.startGateway(gateway);
  timeline.tell(gatewayName, "runs again");
  await waitFor(
    "the call to be adopted",
    () => exchange.program(gatewayName).output.includes('"adopted":1'),
    20_000,
  );
  await delay(1000);
  await call.hangUp();
  const [ended, farEnded] = [await call.view(), await callee.ended()];
  timeline.tell(customer.name, "hangs up, and the carrier hears it");
  verdicts.atLeast(
    "packets that the carrier got of the customer's",
    farEnded.receivedPackets,
    ended.sentPackets - underway,
    "packets",
  );
  verdicts.atLeast(
    "packets that the customer got of the carrier's",
    ended.receivedPackets,
    farEnded.sentPackets - underway,
    "packets",
  );
}

export const gatewayKilledUnderKernelMedia: NetworkScenario = {
  name: "gateway-killed-under-kernel-media",
  sentence:
    "a gateway dies and comes back under a call on a private line, and not a second of its media is lost",
  programs: ["frr", "nft"],
  play,
};
