/**
 * To be run in a network namespace of its own: the program with two private lines to one customer, on the addresses that
 * lines have by default. Ends with exit code 0 when everything was as it should be.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionHealth } from "@tandem/contracts";
import { RoutingTable } from "@tandem/routing";
import { type RequestParts, request, responseTo } from "@tandem/sip/testing";
import { SnapshotStore } from "../src/snapshot/snapshot-store.ts";
import {
  addresses,
  connectionSid,
  exampleConnection,
  exampleSnapshot,
  exampleTrunk,
  exampleUrl,
} from "../src/testing/example-snapshot.ts";
import { configurationOf } from "../src/testing/gateway-script.ts";
import { deadLine, lineReport } from "../src/testing/line-report.ts";
import { type Heard, SipPeer, until } from "./sip-peer.ts";

const [one, two] = [connectionSid(1), connectionSid(2)];
const [edge, carriersAddress, sbcAddress] = ["203.0.113.64", "198.51.100.2", "172.56.42.132"];
const directory = mkdtempSync(join(tmpdir(), "two-lines-"));
const stateDirectory = join(directory, "state");

const addAddress = (address: string): void => {
  execFileSync("ip", ["address", "add", `${address}/32`, "dev", "lo"]);
};

execFileSync("ip", ["link", "set", "lo", "up"]);
// The second line's address comes later: its agent is slow.
for (const address of [edge, carriersAddress, sbcAddress, addresses.carrier, "100.127.0.1"])
  addAddress(address);

await new SnapshotStore(stateDirectory).keep(
  RoutingTable.from(
    exampleSnapshot({
      connections: [exampleConnection(1), exampleConnection(2)],
      ipAccessControlLists: [{ sid: "AL1", networks: ["172.56.42.0/24"], connectionSid: two }],
      trunks: [
        exampleTrunk({
          originationUrls: [two, one].map((tnx, index) =>
            exampleUrl({ sid: `OU${index}`, sipUrl: `sip:${sbcAddress}:5080;tnx=${tnx}`, priority: index }),
          ),
        }),
      ],
    }),
  ),
);

const file = join(directory, "gateway.json");
writeFileSync(
  file,
  JSON.stringify(
    configurationOf({
      stateDirectory,
      lineAttribution: "kernel",
      interfaces: [
        { name: "customers", roles: ["private"], localAddress: edge, udpPort: 5060, tcpPort: 5060 },
        { name: "carriers", roles: ["carrier"], localAddress: carriersAddress, udpPort: 5060 },
      ],
      mediaPorts: { first: 40_000, last: 40_199 },
      preboundEndpoints: 1,
    }),
  ),
);

const program = spawn(
  process.execPath,
  [new URL("../src/main.ts", import.meta.url).pathname, "--config", file],
  {
    stdio: ["ignore", "pipe", "inherit"],
  },
);
let output = "";
program.stdout.on("data", (data: Buffer) => (output += data.toString()));
const logged = (pattern: RegExp): Promise<void> =>
  until(`${pattern} in ${output}`, () => pattern.test(output));

const sbc = await SipPeer.open(sbcAddress, 5080);
const carrier = await SipPeer.open(addresses.carrier, 5060);

const sdp = (address: string): string =>
  `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n`;

function invite(from: SipPeer, callId: string, parts: RequestParts): string {
  return request("INVITE", {
    callId,
    branch: `z9hG4bK-${callId}`,
    sentBy: `${from.address}:${from.port}`,
    contact: `<sip:${from.address}:${from.port}>`,
    headerFields: [["Content-Type", "application/sdp"]],
    body: sdp(from.address),
    ...parts,
  });
}

/** A call from the PSTN: the address that its INVITE came to the customer from. The customer is busy. */
async function calledBy(callId: string): Promise<string> {
  const parts = {
    requestUri: `sip:+15550001111@${carriersAddress}`,
    from: "<sip:+442071838750@bigtel.example>",
  };
  carrier.send(invite(carrier, callId, parts), 5060, carriersAddress);
  const received: Heard = await sbc.next("INVITE");
  sbc.reply(received, responseTo(received.text, 486));
  await sbc.next("ACK");
  await carrier.next("SIP/2.0 486", callId);
  return received.from.address;
}

/** What a line says to the customer's call. */
async function answerOf(lineAddress: string, callId: string): Promise<string> {
  const parts = {
    requestUri: "sip:+15557654321@acme.pstn.ashburn-ix.tandem.test",
    from: "<sip:+15550001111@acme.example>",
  };
  sbc.send(invite(sbc, callId, parts), 5060, lineAddress);
  const { text, from } = await sbc.next("SIP/2.0 ", callId);
  assert.equal(from.address, lineAddress);
  return text.slice(8, 11);
}

/** As the agent writes it. */
function agentSays(...connections: readonly ConnectionHealth[]): void {
  const path = join(stateDirectory, "network-state.json");
  const state = { formatVersion: 1, writtenAtMs: Date.now(), appliedSnapshotVersion: 7, connections };
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}

try {
  await logged(/"serving"/);
  assert.match(output, new RegExp(`"line-health".*"connection":"${two}".*"after":"unprovisioned"`));
  assert.equal(await calledBy("before"), "100.127.0.1", "the line that is there carries the call");

  addAddress("100.127.0.2");
  await logged(new RegExp(`"connection":"${two}","before":"unprovisioned"`));
  assert.equal(await calledBy("bound"), "100.127.0.2");

  // The access control list is bound to the second line: same customer, same address, another line.
  assert.equal(await answerOf("100.127.0.1", "in-1"), "403");
  assert.equal(await answerOf("100.127.0.2", "in-2"), "100");

  agentSays(lineReport(one), deadLine(two));
  await logged(new RegExp(`"connection":"${two}".*"after":"down".*link down`));
  assert.equal(await calledBy("dead"), "100.127.0.1");

  agentSays(lineReport(one), lineReport(two));
  await logged(new RegExp(`"connection":"${two}","before":"down","after":"up"`));
  assert.equal(await calledBy("back"), "100.127.0.2");
} finally {
  program.kill("SIGKILL");
  await Promise.all([sbc.close(), carrier.close()]);
  rmSync(directory, { recursive: true, force: true });
}
