import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { SystemClock } from "@tandem/clock";
import { Exchange } from "../harness/exchange.ts";
import { gatewayCounts, leftovers } from "../harness/gateway-counts.ts";
import { residentBytes } from "../harness/process-cost.ts";
import { delay } from "../harness/wait.ts";
import { carrierSipp, customerSipp, provisionLoad } from "./gateway-load.ts";
import { loadAddresses, noProbes, trunkLabel } from "./load-network.ts";
import { TalkingCalls } from "./talking-calls.ts";

interface Sample {
  readonly minute: number;
  readonly heapMiB: number;
  readonly residentMiB: number;
  readonly calls: number;
}

const phonePort = 5080;
/** Transactions live 32 s after the last message; one that was never answered as long again. */
const settleSeconds = 70;
/** Growth of the heap after the warm-up that still counts as none: noise of the collector. */
const heapNoiseShare = 0.1;
const warmUpMinutes = 10;
/** Share of RTP packets that may be lost. */
const maximumLoss = 0.0001;

/** `tandem bench soak`: a steady load for an hour; nothing may fail, grow or stay behind. */
export async function benchSoak(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "60" },
      rate: { type: "string", default: "50" },
      hold: { type: "string", default: "10" },
      talking: { type: "string", default: "100" },
      json: { type: "string" },
    },
  });
  const minutes = Number(values.minutes);
  const holdSeconds = Number(values.hold);
  const concurrent = Number(values.talking);
  const silentRate = Number(values.rate) - concurrent / holdSeconds;
  const exchange = await Exchange.start({
    customerAddress: loadAddresses.gatewayForCustomers,
    carrierAddress: loadAddresses.gatewayForCarriers,
    mediaPorts: { first: 20_000, last: 39_999 },
    gatewayNodeArguments: ["--expose-gc"],
    gateway: { health: noProbes, preboundEndpoints: 1000 },
  });
  const clock = new SystemClock();
  try {
    await provisionLoad(exchange, phonePort);
    const carrier = carrierSipp(exchange.directory);
    const calls = Math.floor(silentRate * (minutes * 60 - holdSeconds));
    console.log(
      `${minutes} minutes: ${silentRate} calls/s of ${holdSeconds} s without media, ${concurrent} calls at a time with G.711 both ways`,
    );
    const talking = new TalkingCalls({
      clock,
      exchange,
      phonePort,
      concurrent,
      holdSeconds,
      seconds: minutes * 60,
    });
    const customer = customerSipp(exchange, exchange.directory, exchange.terminationHost(trunkLabel), {
      name: "soak",
      calls,
      ratePerSecond: silentRate,
      pauseMs: holdSeconds * 1000,
      port: 5072,
    });
    const samples: Sample[] = [];
    const sampling = sampleEveryMinute(exchange, minutes, samples);
    const [sipp, media] = await Promise.all([customer.finished(), talking.run(), sampling]);
    await delay(settleSeconds * 1000);
    const left = await gatewayCounts(exchange.gateway);
    await carrier.stop();
    const loss = (media.packetsSent - media.packetsArrived) / media.packetsSent;
    const failed = calls - sipp.successful + media.failed;
    const growth = heapGrowth(samples);
    console.log(`calls ${calls + media.calls}, failed ${failed}`);
    console.log(
      `RTP sent ${media.packetsSent}, arrived ${media.packetsArrived}, loss ${(loss * 100).toFixed(4)} %`,
    );
    console.log(`heap after ${warmUpMinutes} minutes to the end: ${(growth * 100).toFixed(1)} %`);
    const remaining = leftovers(left);
    console.log(`left at the end: ${remaining.length === 0 ? "nothing" : remaining.join(", ")}`);
    if (values.json !== undefined) {
      writeFileSync(
        values.json,
        `${JSON.stringify({ minutes, calls, failed, media, loss, growth, remaining, samples }, undefined, 2)}\n`,
      );
    }
    const isSteady = loss <= maximumLoss && growth <= heapNoiseShare;
    return failed === 0 && isSteady && remaining.length === 0 ? 0 : 1;
  } finally {
    await exchange.stop();
    clock.close();
  }
}

async function sampleEveryMinute(exchange: Exchange, minutes: number, samples: Sample[]): Promise<void> {
  for (let minute = 1; minute < minutes; minute += 1) {
    await delay(60_000);
    const now = await gatewayCounts(exchange.gateway);
    const sample: Sample = {
      minute,
      heapMiB: now.heapUsed / 2 ** 20,
      residentMiB: residentBytes(exchange.gateway.pid) / 2 ** 20,
      calls: now.calls,
    };
    samples.push(sample);
    console.log(
      `minute ${minute}: heap ${sample.heapMiB.toFixed(1)} MiB, resident ${sample.residentMiB.toFixed(0)} MiB, ${sample.calls} calls`,
    );
  }
}

/** Growth from the mean of three samples after the warm-up to the mean of the last three, as a share; 0 for a short run. */
function heapGrowth(samples: readonly Sample[]): number {
  const settled = samples.filter((sample) => sample.minute >= warmUpMinutes);
  if (settled.length < 6) return 0;
  const mean = (some: readonly Sample[]): number =>
    some.reduce((sum, one) => sum + one.heapMiB, 0) / some.length;
  return mean(settled.slice(-3)) / mean(settled.slice(0, 3)) - 1;
}
