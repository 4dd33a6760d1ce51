/**
 * `tandem demo`: starts everything on loopback addresses, provisions over REST, places five calls with a tone in each
 * direction, and shows what the API says about them. Exit code 1 when anything is not as expected.
 */
import { parseArgs } from "node:util";
import { SystemClock } from "@tandem/clock";
import { Exchange } from "../harness/exchange.ts";
import { runDemo } from "./demo.ts";
import { addresses } from "./demo-network.ts";

const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
const clock = new SystemClock();
const startedMs = performance.now();
console.log("Tandem demo: control and a gateway of the edge ashburn-ix on loopback, then five calls.\n");
const exchange = await Exchange.start({
  customerAddress: addresses.gatewayForCustomers,
  carrierAddress: addresses.gatewayForCarriers,
});
let failures: readonly string[] = ["the demo did not finish"];
try {
  console.log(`  REST API             ${exchange.controlUrl}`);
  console.log(`  towards customers    ${addresses.gatewayForCustomers}:${exchange.sipPort} UDP and TCP`);
  console.log(`  towards carriers     ${addresses.gatewayForCarriers}:${exchange.sipPort} UDP and TCP`);
  failures = await runDemo(exchange, clock);
  if (values.keep && failures.length === 0) {
    const { accountSid, authToken } = exchange.api.credentials;
    console.log(`\nStill running; the calls are in the console, ${exchange.controlUrl}/console/`);
    console.log(`Account ${accountSid}, token ${authToken}. Ctrl-C stops it.`);
    await new Promise<void>((resolve) => {
      process.once("SIGINT", resolve);
      process.once("SIGTERM", resolve);
    });
  }
} catch (error) {
  failures = [error instanceof Error ? error.message : String(error)];
} finally {
  await exchange.stop();
  clock.close();
}
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
if (failures.length === 0) {
  console.log(`\nAll five calls went as expected (${seconds} s).`);
} else {
  console.log(`\nNot as expected (${seconds} s):`);
  for (const failure of failures) console.log(`  - ${failure}`);
  process.exitCode = 1;
}
