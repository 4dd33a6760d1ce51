/** Debian's scanners against the exchange, beside the calls of a customer. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { Program } from "../harness/program.ts";
import { delay, waitFor } from "../harness/wait.ts";
import { RepliesToStrangers } from "./replies-to-strangers.ts";
import { HostilityStage } from "./stage.ts";

const network = 200;
const tools = ["svmap", "svwar", "svcrack", "sipsak", "sipp", "tshark"].map((name) => `/usr/bin/${name}`);
const missing = tools.filter((file) => !existsSync(file));
const isRoot = process.getuid?.() === 0;
/** Octets of the strangers: a network of their own. */
const [svmap, flooder, trasher] = [65, 68, 69];
const strangers = `127.0.${network}.64/26`;
/** svwar and svcrack bind to no address, whatever they are told. */
const unbound = "127.0.0.1";
/** Calls beside the scans: 50 a second for 12 seconds. */
const [callsPerSecond, calls] = [50, 600];

if (missing.length > 0) {
  it(`scanners need more: ${missing.join(", ")}`, (context) => {
    if (isRoot) assert.fail(missing.join(", "));
    context.skip(missing.join(", "));
  });
} else describe("scanners", tests);

function tests(): void {
  let stage: HostilityStage;
  before(async () => {
    stage = await HostilityStage.start(network);
  });
  after(async () => {
    await stage.stop();
  });

  it("hear no byte and are banned within seconds, while every call of a customer goes through", async () => {
    const { exchange, gatewayAddress } = stage;
    const replies = await RepliesToStrangers.start(exchange.directory, gatewayAddress, [strangers, unbound]);
    const calling = stage.call(calls, callsPerSecond);
    const target = `sip:100@${gatewayAddress}`;
    const scans: readonly (readonly [command: string, ...args: string[]])[] = [
      ["svmap", gatewayAddress, "-b", stage.address(svmap)],
      ["svwar", gatewayAddress, "-e100-400", "-m", "INVITE", "--force"],
      ["svcrack", gatewayAddress, "-u", "100", "-r1-500"],
      ["sipsak", "-F", "-e", "2000", "-s", target, "-k", stage.address(flooder)],
      // It waits half a minute for each answer: too slow for a ban.
      ["sipsak", "-R", "-t", "60", "-s", target, "-k", stage.address(trasher)],
    ];
    const startedMs = performance.now();
    const running = scans.map(([command, ...args], index) => {
      const name = `${command}-${index}`;
      const logFile = `${exchange.directory}/${name}.log`;
      return new Program({ name, command: `/usr/bin/${command}`, args, logFile });
    });
    let heard: readonly string[] = [];
    try {
      for (const wanted of [stage.address(svmap), stage.address(flooder), unbound]) {
        await waitFor(`a ban of ${wanted}`, () => stage.bans().some((ban) => ban.startsWith(`${wanted} `)));
      }
      console.log(`banned in ${(performance.now() - startedMs).toFixed(0)} ms: ${stage.bans().join(", ")}`);
      await delay(2000, undefined);
    } finally {
      for (const scan of running) await scan.stop(500);
      heard = await replies.stop();
    }
    const { successful, failed, errors } = await calling;
    assert.deepEqual({ successful, failed }, { successful: calls, failed: 0 }, errors);
    assert.deepEqual(heard, []);
  });
}
