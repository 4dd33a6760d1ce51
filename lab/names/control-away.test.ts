/** Control, a name server and Node's own resolver: what is made over REST gets a name, and keeps it without control. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { NameServerConfiguration } from "@tandem/contracts";
import { Api, type ApiCredentials } from "../harness/api.ts";
import { freePort } from "../harness/free-port.ts";
import { Program } from "../harness/program.ts";
import { provisionTrunk } from "../harness/provision.ts";
import { waitFor } from "../harness/wait.ts";

const root = join(import.meta.dirname, "..", "..");
const address = "127.0.159.20";
const baseDomain = "tandem.test";
const token = randomBytes(24).toString("hex");
const directory = mkdtempSync(join(tmpdir(), "tandem-names-"));
const configurationFile = join(directory, "dns.json");
const zoneFile = join(directory, "dns", "zone.json");
const resolver = new Resolver({ timeout: 5000, tries: 4 });

let control: Program;
let nameServer: Program;
let api: Api;

before(async () => {
  const httpPort = await freePort("127.0.0.1");
  const dnsPort = await freePort(address);
  control = new Program({
    name: "control",
    command: process.execPath,
    args: ["--disable-warning=ExperimentalWarning", join(root, "apps/control/src/main.ts")],
    environment: {
      TANDEM_DATA_DIRECTORY: join(directory, "control"),
      TANDEM_HTTP_PORT: String(httpPort),
      TANDEM_BASE_DOMAIN: baseDomain,
      TANDEM_CREDENTIALS_FILE: join(directory, "credentials.json"),
      TANDEM_NAME_SERVER_TOKENS: `ns1=${token}`,
    },
    logFile: join(directory, "control.log"),
  });
  await control.waitForOutput("control-started", 60_000);
  const url = `http://127.0.0.1:${httpPort}`;
  const credentials = JSON.parse(readFileSync(join(directory, "credentials.json"), "utf8")) as ApiCredentials;
  api = new Api({ ...credentials, url });
  const configuration: NameServerConfiguration = {
    name: "ns1",
    stateDirectory: join(directory, "dns"),
    control: { url, token },
    listen: [{ address, port: dnsPort }],
    nameServers: [{ name: "ns1", addresses: [address] }],
  };
  writeFileSync(configurationFile, JSON.stringify(configuration));
  resolver.setServers([`${address}:${dnsPort}`]);
  await startNameServer();
});
after(async () => {
  await nameServer?.stop();
  await control?.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function startNameServer(): Promise<void> {
  nameServer = new Program({
    name: "dns",
    command: process.execPath,
    args: [join(root, "apps/dns/src/main.ts"), "--config", configurationFile],
    logFile: join(directory, "dns.log"),
  });
  await nameServer.waitForOutput('"serving"', 60_000);
  await nameServer.waitForOutput('"zone-applied"', 60_000);
}

/** `exists`: there are records, or it is a name without any of this type. */
async function stateOf(label: string): Promise<string> {
  try {
    await resolver.resolve4(`${label}.pstn.ashburn-ix.${baseDomain}`);
    return "exists";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENODATA" ? "exists" : String(code);
  }
}

test("a trunk that is made over REST has a name at once, and secrets do not reach the name server", async () => {
  assert.equal(await stateOf("office"), "ENOTFOUND");
  await provisionTrunk(api, {
    name: "Office",
    label: "office",
    baseDomain,
    credentials: { username: "alice", password: "Secret-Password-1" },
    addresses: ["192.0.2.77"],
  });
  await waitFor("the name", async () => (await stateOf("office")) === "exists");
  assert.equal(await stateOf("nobody"), "ENOTFOUND");
  const text = await waitFor("the zone on disk", () => {
    const written = readFileSync(zoneFile, "utf8");
    return written.includes("office") ? written : undefined;
  });
  assert.doesNotMatch(text, /ha1|alice|nonce|192\.0\.2\.77|Office/);
  assert.equal(statSync(zoneFile).mode & 0o777, 0o600);
});

test("with control killed and the name server started again the names are as they were", async () => {
  const { serial } = await resolver.resolveSoa(baseDomain);
  await control.kill();
  assert.equal(await stateOf("office"), "exists");
  await nameServer.stop();
  await startNameServer();
  assert.equal(await stateOf("office"), "exists");
  assert.equal(await stateOf("nobody"), "ENOTFOUND");
  assert.ok((await resolver.resolveSoa(baseDomain)).serial >= serial);
  assert.deepEqual(await resolver.resolveNs(baseDomain), [`ns1.${baseDomain}`]);
  assert.deepEqual(await resolver.resolve4(`ns1.${baseDomain}`), [address]);
});
