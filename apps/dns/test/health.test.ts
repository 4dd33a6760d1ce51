/** Heartbeats to the real program: an edge that falls silent leaves the names, and comes back. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { exampleZone } from "../src/testing/example-zone.ts";
import { dig, digIsMissing } from "./dig.ts";
import { NameServerProgram, until } from "./name-server-program.ts";

const zone = exampleZone();
const ashburnIx = ["A 198.51.100.1", "A 198.51.100.2"];
const sanJoseIx = ["A 198.51.100.11"];

let server: NameServerProgram;
/** Gateways that send heartbeats now. */
const beating = new Set<string>();
let drainingGateway: string | undefined;
let heart: NodeJS.Timeout;

before(async () => {
  server = await NameServerProgram.start({ address: "127.0.157.1", zone });
  heart = setInterval(() => {
    for (const { name, edge } of zone.gateways) {
      if (beating.has(name)) server.heartbeat(name, edge, { draining: name === drainingGateway });
    }
  }, 200);
});
after(async () => {
  clearInterval(heart);
  await server.remove();
});

function beatOnly(...gateways: readonly string[]): void {
  beating.clear();
  for (const gateway of gateways) beating.add(gateway);
}

const everybody = zone.gateways.map((gateway) => gateway.name);
const without = (...silent: readonly string[]) => everybody.filter((name) => !silent.includes(name));

async function becomes(name: string, type: string, answers: readonly string[]): Promise<void> {
  let last: readonly string[] = [];
  await until(
    `${name} ${type} to be ${answers.join(", ")}`,
    async () => {
      last = (await dig(server.socket, name, type)).answers;
      return last.join() === answers.join();
    },
    () => `it is ${last.join(", ")}`,
  );
}

describe("health", { skip: digIsMissing }, () => {
  const name = "office.pstn.us1-ix.tandem.test";

  test("an edge that falls silent: one gateway, both, and the next region's addresses; then it is back", async () => {
    beatOnly(...everybody);
    await becomes(name, "A", ashburnIx);
    beatOnly(...without("ashburn-ix-1"));
    await becomes(name, "A", ["A 198.51.100.2"]);
    beatOnly(...without("ashburn-ix-1", "ashburn-ix-2"));
    await becomes(name, "A", sanJoseIx);
    await becomes(`_sip._udp.${name}`, "SRV", [
      "SRV 10 10 5060 san-jose-ix-1.gw.san-jose-ix.tandem.test.",
      "SRV 20 10 5060 london-ix-1.gw.london-ix.tandem.test.",
    ]);
    await becomes("office.pstn.ashburn.tandem.test", "A", ["A 203.0.113.1"]);
    beatOnly(...everybody);
    await becomes(name, "A", ashburnIx);
  });

  test("a gateway that drains is left out", async () => {
    beatOnly(...everybody);
    drainingGateway = "ashburn-ix-2";
    await becomes(name, "A", ["A 198.51.100.1"]);
    drainingGateway = undefined;
    await becomes(name, "A", ashburnIx);
  });

  test("when all are silent, all are told", async () => {
    beatOnly("london-ix-1");
    await becomes(name, "A", ["A 198.51.100.21"]);
    beatOnly();
    await becomes(name, "A", ashburnIx);
    await becomes(`_sip._udp.${name}`, "SRV", [
      "SRV 10 10 5060 ashburn-ix-1.gw.ashburn-ix.tandem.test.",
      "SRV 10 10 5060 ashburn-ix-2.gw.ashburn-ix.tandem.test.",
      "SRV 20 10 5060 san-jose-ix-1.gw.san-jose-ix.tandem.test.",
      "SRV 30 10 5060 london-ix-1.gw.london-ix.tandem.test.",
    ]);
  });

  test("what is signed with another key, sent again, or nonsense brings nobody back", async () => {
    beatOnly("london-ix-1");
    await becomes(name, "A", ["A 198.51.100.21"]);
    server.heartbeat("ashburn-ix-1", "ashburn-ix", { secret: "cd".repeat(32) });
    server.heartbeat("ashburn-ix-1", "ashburn-ix", { atMs: Date.now() - 31_000 });
    server.heartbeat("ashburn-ix-1", "london-ix");
    server.heartbeat("atlantis-1", "ashburn-ix");
    server.send("nonsense");
    for (const why of ["wrong-mac", "wrong-time", "wrong-edge", "unknown-gateway", "not-json"]) {
      await server.line(`heartbeat-${why}`);
    }
    const { answers } = await dig(server.socket, name, "A");
    assert.deepEqual(answers, ["A 198.51.100.21"]);
  });

  test("the serial grows with health, and does not go back at a restart", async () => {
    const serial = async () =>
      Number((await dig(server.socket, "tandem.test", "SOA")).answers[0]?.split(" ")[3]);
    const before = await serial();
    beatOnly(...everybody);
    await becomes(name, "A", ashburnIx);
    const later = await serial();
    assert.ok(later > before, `${later} after ${before}`);
    assert.equal(await server.stop("SIGTERM"), 0);
    await server.run();
    assert.ok((await serial()) >= later);
    const status = await server.status();
    assert.equal(status["zoneVersion"], 7);
  });
});
