import { join } from "node:path";
import { SystemClock } from "@tandem/clock";
import type { Exchange } from "../harness/exchange.ts";
import { gatewayCounts } from "../harness/gateway-counts.ts";
import { cpuMicroseconds, residentBytes } from "../harness/process-cost.ts";
import { provisionCarrier, provisionTrunk } from "../harness/provision.ts";
import { Sipp } from "../harness/sipp.ts";
import { delay, waitFor } from "../harness/wait.ts";
import type { CallsOptions } from "./calls-options.ts";
import { InviteCapture, percentile } from "./invite-capture.ts";
import { loadAddresses, mediaPrefix, trunkLabel } from "./load-network.ts";
import { type MediaCallerResult, runMediaCallers } from "./media-callers.ts";

export const scenarios = join(import.meta.dirname, "scenarios");
/** Calls before the measurement: the code is compiled then. */
const warmUpCalls = 3000;

export interface GatewayLoadResult {
  readonly calls: number;
  readonly failed: number;
  readonly seconds: number;
  readonly callsPerSecond: number;
  readonly cpuMicrosecondsPerCall: number;
  readonly addedDelayP50Ms: number | undefined;
  readonly addedDelayP99Ms: number | undefined;
  readonly residentMiB: number;
  readonly heapKiBPerHeldCall: number | undefined;
  readonly media: MediaCallerResult;
  readonly recordsStored: number;
  readonly recordsExpected: number;
}

/** One trunk known by its addresses, one carrier that is SIPp, one that takes media. */
export async function provisionLoad(exchange: Exchange, phonePort: number): Promise<void> {
  const { api, baseDomain } = exchange;
  const { customer, mediaCustomer, carrier, mediaCarrier } = loadAddresses;
  await provisionCarrier(api, {
    name: "SIPp",
    sourceAddresses: [carrier],
    gateways: [{ url: `sip:${carrier}:5060` }],
    prefixes: ["+"],
  });
  await provisionCarrier(api, {
    name: "Phones",
    sourceAddresses: [mediaCarrier],
    gateways: [{ url: `sip:${mediaCarrier}:${phonePort}` }],
    prefixes: [mediaPrefix],
  });
  await provisionTrunk(api, {
    name: "load",
    label: trunkLabel,
    baseDomain,
    addresses: [customer, mediaCustomer],
  });
  await exchange.settled();
}

export function customerSipp(
  exchange: { customerAddress: string; sipPort: number },
  directory: string,
  host: string,
  wishes: { name: string; calls: number; ratePerSecond: number; pauseMs: number; port: number },
): Sipp {
  return new Sipp({
    name: wishes.name,
    scenarioFile: join(scenarios, "customer.xml"),
    localAddress: loadAddresses.customer,
    localPort: wishes.port,
    remote: { address: exchange.customerAddress, port: exchange.sipPort },
    calls: wishes.calls,
    ratePerSecond: wishes.ratePerSecond,
    pauseMs: wishes.pauseMs,
    fields: [host],
    maximumConcurrent: 20_000,
    directory,
  });
}

export function carrierSipp(directory: string): Sipp {
  return new Sipp({
    name: `carrier-${Math.random().toString(36).slice(2, 8)}`,
    scenarioFile: join(scenarios, "carrier.xml"),
    localAddress: loadAddresses.carrier,
    localPort: 5060,
    directory,
  });
}

/** Loads the gateway and measures it. */
export async function loadGateway(exchange: Exchange, options: CallsOptions): Promise<GatewayLoadResult> {
  const clock = new SystemClock();
  const phonePort = 5080;
  await provisionLoad(exchange, phonePort);
  const carrier = carrierSipp(exchange.directory);
  const host = exchange.terminationHost(trunkLabel);
  const customer = (name: string, calls: number, port: number, pauseMs = 0) =>
    customerSipp(exchange, exchange.directory, host, {
      name,
      calls,
      ratePerSecond: options.ratePerSecond,
      pauseMs,
      port,
    });
  try {
    await customer("warm-up", warmUpCalls, 5071).finished();
    const mediaCalls = Math.ceil(options.calls / 100);
    const capture = await InviteCapture.start(exchange.directory, "gateway");
    const { pid } = exchange.gateway;
    const cpuBefore = cpuMicroseconds(pid);
    const startedMs = performance.now();
    const [sipp, media] = await Promise.all([
      customer("customer", options.calls - mediaCalls, 5072).finished(),
      runMediaCallers({
        clock,
        exchange,
        customerAddress: loadAddresses.mediaCustomer,
        carrierAddress: loadAddresses.mediaCarrier,
        port: phonePort,
        trunkLabel,
        called: `${mediaPrefix}5550100`,
        calls: mediaCalls,
        ratePerSecond: options.ratePerSecond / 100,
      }),
    ]);
    const seconds = (performance.now() - startedMs) / 1000;
    const cpuMicrosecondsPerCall = (cpuMicroseconds(pid) - cpuBefore) / options.calls;
    const delays = await capture?.addedDelaysMs(exchange.customerAddress, loadAddresses.carrier);
    const residentMiB = residentBytes(pid) / 2 ** 20;
    const recordsExpected = options.calls + warmUpCalls;
    const recordsStored = await storedRecords(exchange, recordsExpected);
    return {
      calls: options.calls,
      failed: options.calls - mediaCalls - sipp.successful + media.failed,
      seconds,
      callsPerSecond: options.calls / seconds,
      cpuMicrosecondsPerCall,
      addedDelayP50Ms: delays === undefined ? undefined : percentile(delays, 0.5),
      addedDelayP99Ms: delays === undefined ? undefined : percentile(delays, 0.99),
      residentMiB,
      heapKiBPerHeldCall: await heapPerHeldCall(exchange, options.heldCalls, (calls, pauseMs) =>
        customer("held", calls, 5073, pauseMs),
      ),
      media,
      recordsStored,
      recordsExpected,
    };
  } finally {
    await carrier.stop();
    clock.close();
  }
}

/** Waits until control has all records, or none has come for ten seconds. */
async function storedRecords(exchange: Exchange, expected: number): Promise<number> {
  let stored = 0;
  let lastChangeMs = performance.now();
  await waitFor(
    "the records",
    async () => {
      const now = await countRecords(exchange);
      if (now !== stored) lastChangeMs = performance.now();
      stored = now;
      return stored >= expected || performance.now() - lastChangeMs > 10_000;
    },
    120_000,
  );
  return stored;
}

async function countRecords(exchange: Exchange): Promise<number> {
  const { api } = exchange;
  let count = 0;
  let path: string | null = `${api.accountPath}/Calls.json?PageSize=1000`;
  while (path !== null) {
    const page: Record<string, unknown> = await api.get(path);
    count += (page["calls"] as unknown[]).length;
    path = page["next_page_uri"] as string | null;
  }
  return count;
}

/** Heap after garbage collection with and without `calls` held calls. */
async function heapPerHeldCall(
  exchange: Exchange,
  calls: number,
  start: (calls: number, pauseMs: number) => Sipp,
): Promise<number | undefined> {
  if (calls === 0) return undefined;
  const idle = await settledHeap(exchange, 0, abandonedForMs);
  const sipp = start(calls, heldForMs);
  const held = await settledHeap(exchange, calls, heldForMs);
  await sipp.finished();
  return (held - idle) / calls / 1024;
}

/** Calls are held so long: until the transactions of their set-up are gone, and some more. */
const heldForMs = 75_000;
/**
 * SIPp exits in the middle of the calls that it has begun beyond its number. Each of them is given up 32 s after its 200,
 * and its BYEs 32 s later; the rest is for a busy machine.
 */
const abandonedForMs = 150_000;

/** Heap with so many calls up and no transaction left: those of a call outlive its last message by 32 s. */
async function settledHeap(exchange: Exchange, calls: number, limitMs: number): Promise<number> {
  const counts = await waitFor(
    `${calls} calls without a transaction`,
    async () => {
      const now = await gatewayCounts(exchange.gateway);
      const isSettled = now.calls === calls && now.clientTransactions + now.serverTransactions === 0;
      return isSettled ? now : delay(1000, undefined);
    },
    limitMs,
  );
  return counts.heapUsed;
}
