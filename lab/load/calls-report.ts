import { readFileSync } from "node:fs";
import type { GatewayLoadResult } from "./gateway-load.ts";
import { configurationFile, type KamailioLoadResult } from "./kamailio-load.ts";
import { packetsPerCall } from "./media-callers.ts";

/** What both systems are measured by. */
type Common = Pick<
  GatewayLoadResult,
  "calls" | "failed" | "callsPerSecond" | "cpuMicrosecondsPerCall" | "addedDelayP50Ms" | "addedDelayP99Ms"
>;

/** Prints both results side by side, and the configuration that the other one ran with. */
export function printReport(tandem: GatewayLoadResult, kamailio: KamailioLoadResult | undefined): void {
  const ours = [...commonCells(tandem), ...ownCells(tandem)];
  const theirs = [...commonCells(kamailio), "–", "–", "none", "none"];
  console.log(`${"".padEnd(32)}${"Tandem".padStart(18)}${"Kamailio".padStart(12)}`);
  for (const [index, title] of titles.entries()) {
    console.log(`${title.padEnd(32)}${ours[index]?.padStart(18)}${theirs[index]?.padStart(12)}`);
  }
  const { media } = tandem;
  console.log(
    `\n${media.calls} of the calls sent at least ${packetsPerCall} RTP packets each way; ${media.failed} of these failed.`,
  );
  if (kamailio !== undefined) printComparison(tandem, kamailio);
}

const titles = [
  "calls",
  "failed",
  "calls per second",
  "CPU per call, µs",
  "added post-dial delay p50, ms",
  "added post-dial delay p99, ms",
  "resident memory, MiB",
  "heap per held call, KiB",
  "records stored",
  "RTP packets arrived",
];

function commonCells(result: Common | undefined): readonly string[] {
  if (result === undefined) return ["–", "–", "–", "–", "–", "–"];
  return [
    String(result.calls),
    String(result.failed),
    result.callsPerSecond.toFixed(0),
    result.cpuMicrosecondsPerCall.toFixed(0),
    milliseconds(result.addedDelayP50Ms),
    milliseconds(result.addedDelayP99Ms),
  ];
}

function ownCells(result: GatewayLoadResult): readonly string[] {
  return [
    result.residentMiB.toFixed(0),
    result.heapKiBPerHeldCall?.toFixed(1) ?? "–",
    `${result.recordsStored} of ${result.recordsExpected}`,
    `${result.media.packetsArrived} of ${result.media.packetsSent}`,
  ];
}

function printComparison(tandem: GatewayLoadResult, kamailio: KamailioLoadResult): void {
  const ratio = tandem.cpuMicrosecondsPerCall / kamailio.cpuMicrosecondsPerCall;
  console.log(`CPU per call: ${ratio.toFixed(2)} of Kamailio's in the same run.`);
  console.log("Tandem authenticates by address, anchors media, journals and records every call;");
  console.log("Kamailio is a record-routing proxy with dialogs. Its configuration:\n");
  console.log(readFileSync(configurationFile, "utf8").replace(/^/gm, "  "));
}

function milliseconds(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "–" : value.toFixed(2);
}
