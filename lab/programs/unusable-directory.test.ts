/** Each program, started alone, ends with a text and exit code 1 when it cannot have the directory that it keeps its state in. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

const apps = join(import.meta.dirname, "..", "..", "apps");
const isLinuxRoot = process.getuid?.() === 0 && process.platform === "linux";
/** A program that hangs is ended then, and the test fails. */
const patienceMs = 60_000;
const control = { url: "http://127.0.0.1:9", token: "a-token-of-its-own" };

/** Configuration of each program that keeps its state in `directory`. */
const configurations: Readonly<Record<string, (directory: string) => object>> = {
  gateway: (stateDirectory) => ({
    name: "gateway-1",
    edge: "ashburn-ix",
    region: "us1",
    stateDirectory,
    control,
    interfaces: [{ name: "customers", roles: ["public"], localAddress: "127.0.66.1", udpPort: 0 }],
    mediaPorts: { first: 42_000, last: 42_099 },
    media: { engine: "userspace" },
  }),
  dns: (stateDirectory) => ({
    name: "ns1",
    stateDirectory,
    control,
    listen: [{ address: "127.0.66.2", port: 0 }],
    heartbeats: [],
    nameServers: [{ name: "ns1.tandem.test", addresses: ["192.0.2.53"] }],
  }),
  acme: (directory) => ({
    directory,
    directoryUrl: "https://127.0.66.3:14000/dir",
    termsOfServiceAgreed: true,
    email: "operator@example.com",
    solver: { type: "http-01", address: "127.0.66.3", port: 0 },
    certificates: [{ name: "ashburn", domains: ["pstn.ashburn.tandem.test"] }],
  }),
};

describe("a program that cannot have its directory", () => {
  let base = "";
  before(() => {
    base = mkdtempSync(join(tmpdir(), "tandem-unusable-"));
    chmodSync(base, 0o755);
    writeFileSync(join(base, "file"), "");
    mkdirSync(join(base, "locked"), { mode: 0o555 });
    mkdirSync(join(base, "disk"));
    if (isLinuxRoot) {
      execFileSync("mount", ["-t", "tmpfs", "-o", "ro,size=64k", "tandem-unusable-test", join(base, "disk")]);
    }
  });
  after(() => {
    if (isLinuxRoot) execFileSync("umount", [join(base, "disk")]);
    rmSync(base, { recursive: true });
  });

  function run(program: string, directory: string, launcher: readonly string[]) {
    const words = [process.execPath, "--disable-warning=ExperimentalWarning"];
    words.push(join(apps, program, "src", "main.ts"));
    const environment: Record<string, string | undefined> = { ...process.env, NODE_TEST_CONTEXT: undefined };
    if (program === "control") {
      environment["TANDEM_DATA_DIRECTORY"] = directory;
      environment["TANDEM_HTTP_PORT"] = "0";
    } else {
      const file = join(base, `${program}.json`);
      writeFileSync(file, JSON.stringify(configurations[program]?.(directory)));
      words.push("--config", file);
    }
    const [command = "", ...args] = [...launcher, ...words];
    return spawnSync(command, args, { env: environment, encoding: "utf8", timeout: patienceMs });
  }

  const stranger = isLinuxRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
  const cases: readonly [string, string, RegExp, readonly string[], boolean][] = [
    ["/proc", "/proc/tandem/state", /\/proc takes no directories/, [], process.platform === "linux"],
    ["a file above it", "file/state", /\/file is no directory/, [], true],
    ["no permission", "locked/state", /no permission to write in .*\/locked /, stranger, true],
    ["a read-only file system", "disk/state", /the file system of .*\/disk is read-only/, [], isLinuxRoot],
  ];
  for (const program of ["gateway", "control", "dns", "acme"]) {
    for (const [what, path, expected, launcher, isPossible] of cases) {
      it(`${program}: ${what}`, { skip: !isPossible }, () => {
        const directory = path.startsWith("/") ? path : join(base, path);
        const { status, stderr } = run(program, directory, launcher);
        assert.match(stderr, expected);
        assert.ok(stderr.includes(`cannot use ${directory}: `), stderr);
        assert.ok(!stderr.includes("    at "), `no stack: ${stderr}`);
        assert.equal(status, 1);
      });
    }
  }
});
