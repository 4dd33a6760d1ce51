import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { familyCpuMicroseconds } from "../harness/process-cost.ts";
import { Program } from "../harness/program.ts";
import { delay } from "../harness/wait.ts";
import type { CallsOptions } from "./calls-options.ts";
import { carrierSipp, customerSipp } from "./gateway-load.ts";
import { InviteCapture, percentile } from "./invite-capture.ts";
import { loadAddresses } from "./load-network.ts";

export interface KamailioLoadResult {
  readonly calls: number;
  readonly failed: number;
  readonly callsPerSecond: number;
  readonly cpuMicrosecondsPerCall: number;
  readonly addedDelayP50Ms: number | undefined;
  readonly addedDelayP99Ms: number | undefined;
}

const command = "/usr/sbin/kamailio";
const warmUpCalls = 1000;

export function hasKamailio(): boolean {
  return existsSync(command);
}

export const configurationFile: string = join(import.meta.dirname, "kamailio.cfg");

/** The same calls through a tuned Kamailio: the yardstick. */
export async function loadKamailio(directory: string, options: CallsOptions): Promise<KamailioLoadResult> {
  const file = join(directory, "kamailio.cfg");
  const text = readFileSync(configurationFile, "utf8")
    .replaceAll("LISTEN_ADDRESS", loadAddresses.kamailio)
    .replaceAll("CARRIER_ADDRESS", loadAddresses.carrier);
  writeFileSync(file, text);
  const kamailio = new Program({
    name: "kamailio",
    command,
    args: [
      "-f",
      file,
      "-DD",
      "-E",
      "-m",
      "512",
      "-M",
      "64",
      "-Y",
      directory,
      "-P",
      join(directory, "kamailio.pid"),
    ],
    logFile: join(directory, "kamailio.log"),
  });
  const carrier = carrierSipp(directory);
  const place = { customerAddress: loadAddresses.kamailio, sipPort: 5060 };
  const customer = (name: string, calls: number, port: number) =>
    customerSipp(place, directory, "load.example", {
      name,
      calls,
      ratePerSecond: options.ratePerSecond,
      pauseMs: 0,
      port,
    });
  try {
    await delay(1500);
    if (kamailio.hasExited) throw new Error(`kamailio did not start:\n${kamailio.output.slice(-2000)}`);
    await customer("kamailio-warm-up", warmUpCalls, 5074).finished();
    const capture = await InviteCapture.start(directory, "kamailio");
    const cpuBefore = familyCpuMicroseconds(kamailio.pid);
    const startedMs = performance.now();
    const sipp = await customer("kamailio-customer", options.calls, 5075).finished();
    const seconds = (performance.now() - startedMs) / 1000;
    const cpu = familyCpuMicroseconds(kamailio.pid) - cpuBefore;
    const delays = await capture?.addedDelaysMs(loadAddresses.kamailio, loadAddresses.carrier);
    return {
      calls: options.calls,
      failed: options.calls - sipp.successful,
      callsPerSecond: options.calls / seconds,
      cpuMicrosecondsPerCall: cpu / options.calls,
      addedDelayP50Ms: delays === undefined ? undefined : percentile(delays, 0.5),
      addedDelayP99Ms: delays === undefined ? undefined : percentile(delays, 0.99),
    };
  } finally {
    await carrier.stop();
    await kamailio.stop();
  }
}
