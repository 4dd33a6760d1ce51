import { writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { Exchange } from "../harness/exchange.ts";
import { hasSipp } from "../harness/sipp.ts";
import { parseCallsOptions } from "./calls-options.ts";
import { printReport } from "./calls-report.ts";
import { type GatewayLoadResult, loadGateway } from "./gateway-load.ts";
import { hasKamailio, type KamailioLoadResult, loadKamailio } from "./kamailio-load.ts";
import { loadAddresses, noProbes } from "./load-network.ts";

/** Endpoints that 500 short calls per second need, with their quarantine of two seconds. */
const endpointsPerCallPerSecond = 3;

/** `tandem bench calls`: loads a gateway, then a Kamailio with the same calls. Returns the exit code. */
export async function benchCalls(args: readonly string[]): Promise<number> {
  const options = parseCallsOptions(args);
  if (!hasSipp()) {
    console.log("SIPp is not installed: apt-get install sip-tester");
    return 1;
  }
  const machine = `${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} cores, Linux ${release()}, Node ${process.version}`;
  console.log(`${options.calls} calls at ${options.ratePerSecond}/s; ${machine}\n`);
  const exchange = await Exchange.start({
    customerAddress: loadAddresses.gatewayForCustomers,
    carrierAddress: loadAddresses.gatewayForCarriers,
    mediaPorts: { first: 20_000, last: 39_999 },
    gatewayNodeArguments: ["--expose-gc"],
    gateway: {
      health: noProbes,
      preboundEndpoints: Math.min(4000, options.ratePerSecond * endpointsPerCallPerSecond),
    },
  });
  let tandem: GatewayLoadResult;
  let kamailio: KamailioLoadResult | undefined;
  try {
    tandem = await loadGateway(exchange, options);
    if (options.withKamailio && hasKamailio()) kamailio = await loadKamailio(exchange.directory, options);
  } finally {
    await exchange.stop();
  }
  printReport(tandem, kamailio);
  if (options.jsonFile !== undefined) {
    const result = { at: new Date().toISOString(), machine, options, tandem, kamailio };
    writeFileSync(options.jsonFile, `${JSON.stringify(result, undefined, 2)}\n`);
  }
  return tandem.failed === 0 && tandem.recordsStored === tandem.recordsExpected ? 0 : 1;
}
