import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type GatewayCounts, gatewayCounts, leftovers } from "../harness/gateway-counts.ts";
import { delay } from "../harness/wait.ts";
import { missingForNetwork } from "../network/builder/requirements.ts";
import { type GatewayState, gatewayState } from "./hold/gateway-state.ts";
import { type HoldResult, heapKiBPerCall, holdFaults, printHoldReport } from "./hold/hold-report.ts";
import { type HoldEngine, HoldStage } from "./hold/hold-stage.ts";

/** Calls before the measurement: the code is compiled then. */
const warmUpCalls = 1000;
/**
 * After the last call came up: until its transactions are gone, 32 s after their last message, and some more for the look
 * at a big heap.
 */
const heldMs = 100_000;
/** For a machine that sets calls up slower than it is asked to, and for what the last calls leave. */
const slackMs = 180_000;

/** `tandem bench hold`: so many calls up at once, and what each of them holds. */
export async function benchHold(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: "string" },
      rate: { type: "string", default: "125" },
      engine: { type: "string", default: "kernel" },
      json: { type: "string" },
    },
  });
  const { engine } = values;
  if (engine !== "kernel" && engine !== "userspace") throw new Error(`there is no engine ${engine}`);
  const calls = Number(values.calls ?? (engine === "kernel" ? 10_000 : 2500));
  const missing = missingForNetwork(["sipp"]);
  if (missing !== undefined) throw new Error(missing);
  const result = await hold(engine, calls, Number(values.rate));
  printHoldReport(result);
  const faults = holdFaults(result);
  for (const fault of faults) console.log(`FAULT  ${fault}`);
  if (values.json !== undefined) {
    const report = { heapKiBPerCall: heapKiBPerCall(result), faults, ...result };
    writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  return faults.length === 0 ? 0 : 1;
}

async function hold(engine: HoldEngine, calls: number, ratePerSecond: number): Promise<HoldResult> {
  const stage = await HoldStage.start(engine);
  try {
    const carrier = stage.carrier();
    const warmUp = await stage.customer("warm-up", warmUpCalls, ratePerSecond, 0).finished();
    const idle = await settled(stage, "nothing left of the warm-up", isEmpty);
    const rampMs = (calls / ratePerSecond) * 1000;
    console.log(`${calls} calls at ${ratePerSecond} a second, ${engine} engine`);
    const startedMs = performance.now();
    const customer = stage.customer("customer", calls, ratePerSecond, rampMs + heldMs);
    // Each look collects the heap, which holds the gateway up: none while the calls come.
    await delay(rampMs);
    await countsOnce(stage, "no call to be on its way", ({ invites }) => invites === 0);
    const setUpSeconds = (performance.now() - startedMs) / 1000;
    const held = await settled(stage, "no transaction to be left", hasNoTransaction);
    const { successful, retransmissions, errors } = await customer.finished();
    if (successful < calls) console.log(errors.slice(0, 2000));
    const end = await settled(stage, "nothing to be left", isEmpty);
    const taken = (await carrier.stop()).successful;
    return {
      engine,
      calls,
      setUpSeconds,
      failedAtCustomer: warmUpCalls + calls - warmUp.successful - successful,
      failedAtCarrier: warmUpCalls + calls - taken,
      retransmissions,
      idle,
      held,
      end,
    };
  } finally {
    await stage.close();
  }
}

/** Those of a call outlive its last message by 32 s. */
function hasNoTransaction({ clientTransactions, serverTransactions }: GatewayCounts): boolean {
  return clientTransactions + serverTransactions === 0;
}

function isEmpty(counts: GatewayCounts): boolean {
  return hasNoTransaction(counts) && leftovers(counts).length === 0;
}

/** The gateway once that is so; after `slackMs`, the gateway as it is. */
async function settled(
  stage: HoldStage,
  what: string,
  isSo: (counts: GatewayCounts) => boolean,
): Promise<GatewayState> {
  return gatewayState(stage, await countsOnce(stage, what, isSo));
}

async function countsOnce(
  { gateway }: HoldStage,
  what: string,
  isSo: (counts: GatewayCounts) => boolean,
): Promise<GatewayCounts> {
  const deadlineMs = performance.now() + slackMs;
  let counts = await gatewayCounts(gateway);
  while (!isSo(counts)) {
    if (performance.now() > deadlineMs) {
      console.log(`waited ${slackMs / 1000} s in vain for ${what}`);
      break;
    }
    await delay(1000);
    counts = await gatewayCounts(gateway);
  }
  return counts;
}
