import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gatewayCounts, leftovers } from "../../harness/gateway-counts.ts";
import { delay, waitFor } from "../../harness/wait.ts";
import { shortTimers } from "../../interop/group.ts";
import type { RemotePhone } from "../agent/remote-phone.ts";
import { runCommand } from "../builder/run-command.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import { Crowd } from "../scenario/crowd.ts";
import { heardBetween, type Interval } from "../scenario/heard-between.ts";
import { judgeCrowdRecords } from "../scenario/judge-crowd-records.ts";
import { startPrivateExchange } from "../scenario/private-exchange.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans } from "../standard/addresses.ts";

const gatewayName = "ashburn-ix-1";
/** G.711 both ways in each: 10,000 packets a second. */
const calls = 100;
/** Of talk without a disturbance, and again after the restart. */
const talkMs = 5000;
const deadMs = 3000;
/** Two seconds of each side of each call. */
const leastWhileDead = 100;
/** More than were lost in the undisturbed time, of all 200 directions: one packet in twenty calls. */
const lostByTheRestart = 5;
const limitMs = 60_000;
const lookMs = 500;
const [customer] = customerPlans;
const [carrier] = carrierPlans;

/** A gateway dies under calls whose media the kernel relays: nobody hears it. The next gateway hangs the calls up. */
async function play(stand: Stand): Promise<void> {
  stand.build({ gateways: { ashburn: 0, "san-jose-ix": 0, umatilla: 0 } });
  const { exchange, crowd } = await talkingCrowd(stand);
  const { verdicts, timeline } = stand;
  const began = await crowd.fallSilent();
  tell(stand, "while the calls came up", heardBetween([], began));
  await crowd.speak();
  await delay(talkMs);
  const undisturbed = await crowd.fallSilent();
  const control = heardBetween(began, undisturbed);
  tell(stand, "undisturbed", control);

  await crowd.speak();
  await exchange.program(gatewayName).kill();
  timeline.tell(gatewayName, "killed");
  await judgeDeadTime(stand, crowd);
  await exchange.startGateway(stand.gateway(gatewayName));
  timeline.tell(gatewayName, "runs again");
  await waitFor(
    "the calls to be adopted",
    () => exchange.program(gatewayName).output.includes(`"adopted":${calls},`),
    limitMs,
  );
  await delay(talkMs);
  const killed = heardBetween(undisturbed, await crowd.fallSilent());
  tell(stand, "with the kill", killed);
  verdicts.atMost("packets lost with the kill", killed.lost, control.lost + lostByTheRestart, "packets");
  verdicts.equal("packets that came twice", control.repeated + killed.repeated, 0);

  await crowd.hangUp();
  await judgeRelease(stand, exchange, crowd);
  await judgeCrowdRecords(stand, exchange, await crowd.ends());
}

/** The calls, up and speaking, through a kernel whose maps outlive the gateway. */
async function talkingCrowd(stand: Stand): Promise<{ exchange: NetworkExchange; crowd: Crowd }> {
  const { network, verdicts } = stand;
  const bpfDirectory = join(network.directory, "bpf");
  mkdirSync(bpfDirectory);
  // Outside the gateway's own mount namespace, which ends with it.
  runCommand("mount", ["-t", "bpf", "bpf", bpfDirectory]);
  const changes = { media: { engine: "kernel" as const, bpfDirectory }, timers: shortTimers };
  const [{ exchange }, callee, caller] = await Promise.all([
    startPrivateExchange(stand, { "line-1a": {} }, changes),
    stand.phone(carrier.name, { address: carrier.switchAddress, toneHz: 900 }),
    stand.phone(customer.name, { address: customer.sbcAddress, toneHz: 600 }),
  ]);
  await provisionTrunkOf(exchange, "one", { addresses: [customer.sbcAddress] });
  await provisionCarrierOf(exchange, carrier);
  await exchange.settled();
  const host = exchange.terminationHost("one", "ashburn-ix");
  const to = { address: stand.gateway(gatewayName).privateAddress ?? "", port: 5060 };
  const crowd = await Crowd.place({
    caller,
    callee,
    size: calls,
    wishes: (number) => ({
      requestUri: `sip:+1310556${String(number).padStart(4, "0")}@${host}`,
      from: `sip:${customerNumber}@${customer.sbcAddress}`,
      to,
    }),
  });
  verdicts.equal("calls up at a time", (await crowd.ends()).length, calls);
  await untilBothHear(crowd, caller, callee);
  return { exchange, crowd };
}

async function untilBothHear(crowd: Crowd, caller: RemotePhone, callee: RemotePhone): Promise<void> {
  const isHeard = async (): Promise<boolean> =>
    (await crowd.ends()).every(
      (ends) => ends.caller.heardToneHz === callee.toneHz && ends.callee.heardToneHz === caller.toneHz,
    );
  await waitFor("all to hear each other", isHeard, limitMs);
}

/** The gateway stays dead for so long, and until every side of every call was heard: no machine is too slow for it. */
async function judgeDeadTime({ verdicts }: Stand, crowd: Crowd): Promise<void> {
  const died = await crowd.heard();
  const leastArrived = async (): Promise<number> => heardBetween(died, await crowd.heard()).leastArrived;
  await delay(deadMs);
  await waitFor(
    "media of a dead gateway",
    async () => (await leastArrived()) >= leastWhileDead || delay(lookMs, false),
    limitMs,
  ).catch(() => undefined);
  verdicts.atLeast(
    "what each side of each call gets of a dead gateway",
    await leastArrived(),
    leastWhileDead,
    "packets",
  );
}

/** Every leg is ended, whichever side hung up, and the gateway has forgotten all. */
async function judgeRelease({ verdicts, timeline }: Stand, exchange: NetworkExchange, crowd: Crowd) {
  const open = async (): Promise<number> =>
    (await crowd.ends()).filter(({ caller, callee }) => caller.state !== "ended" || callee.state !== "ended")
      .length;
  await waitFor("every BYE to arrive", async () => (await open()) === 0, limitMs).catch(() => undefined);
  verdicts.equal("calls with a leg that has not ended", await open(), 0);
  timeline.tell(gatewayName, "half of the calls were ended by the caller, half by the callee");
  const left = async (): Promise<string> =>
    leftovers(await gatewayCounts(exchange.program(gatewayName))).join(", ");
  await waitFor(
    "the gateway to be empty",
    async () => (await left()) === "" || delay(lookMs, false),
    limitMs,
  ).catch(() => undefined);
  verdicts.equal("what is left in the gateway", await left(), "");
  verdicts.equal("its faults", (await gatewayCounts(exchange.program(gatewayName))).faults, 0);
}

function tell({ timeline }: Stand, what: string, { sent, lost, mostLost, repeated }: Interval): void {
  timeline.tell(
    "lab",
    `${what}: ${sent} packets sent, ${lost} lost, ${repeated} came twice; of one direction ${mostLost} at most`,
  );
}

export const gatewayKilledUnderKernelMedia: NetworkScenario = {
  name: "gateway-killed-under-kernel-media",
  sentence:
    "a gateway dies and comes back under a hundred calls on a private line, and not a second of their media is lost",
  programs: ["frr", "nft"],
  play,
};
