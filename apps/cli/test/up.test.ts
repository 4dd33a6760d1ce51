/**
 * `tandem up` with programs that only play control and gateway: what is started with what, in which order, what is
 * printed, and that nothing stays behind.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

const control = `
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
const e = process.env;
writeFileSync(e.TANDEM_CREDENTIALS_FILE, JSON.stringify({ accountSid: "AC1", authToken: "s3cret" }));
writeFileSync(e.MARKS + "/control", JSON.stringify({ pid: process.pid, domain: e.TANDEM_BASE_DOMAIN, topology: e.TANDEM_TOPOLOGY_FILE, tokens: e.TANDEM_GATEWAY_TOKENS, nameServers: e.TANDEM_NAME_SERVER_TOKENS }));
const edges = JSON.stringify({ edges: [{ name: "ashburn", region: "us1" }, { name: "dublin", region: "ie1" }], meta: { next_page_url: null } });
createServer((q, r) => r.end(q.url.startsWith("/v1/Edges") ? edges : "{}")).listen(Number(e.TANDEM_HTTP_PORT), e.TANDEM_HTTP_ADDRESS);
`;
const gateway = `
import { createServer } from "node:net";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
const file = process.argv[process.argv.indexOf("--config") + 1];
const { interfaces, control, stateDirectory, region } = JSON.parse(readFileSync(file, "utf8"));
if (!existsSync(process.env.MARKS + "/control")) process.exit(1);
writeFileSync(process.env.MARKS + "/gateway", JSON.stringify({ pid: process.pid, control, region }));
createServer((s) => s.end()).listen(interfaces[0].tcpPort, interfaces[0].localAddress);
mkdirSync(stateDirectory, { recursive: true });
writeFileSync(stateDirectory + "/snapshot.json", "{}");
`;

const dns = `
import { createServer } from "node:net";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
const file = process.argv[process.argv.indexOf("--config") + 1];
const { listen, control, stateDirectory } = JSON.parse(readFileSync(file, "utf8"));
if (!existsSync(process.env.MARKS + "/gateway")) process.exit(1);
writeFileSync(process.env.MARKS + "/dns", JSON.stringify({ pid: process.pid, control }));
createServer((s) => s.end()).listen(listen[0].port, listen[0].address);
mkdirSync(stateDirectory, { recursive: true });
writeFileSync(stateDirectory + "/zone.json", "{}");
`;

const unusableDirectories: readonly (readonly [
  what: string,
  path: (folder: string) => string,
  error: string,
])[] = [
  ["it is a file", (folder) => join(folder, "file"), ".*/file is no directory"],
  ["it is in a file", (folder) => join(folder, "file", "data"), ".*/file is no directory"],
  // Node's own mkdir, with `recursive`, does not come back from there.
  ...(existsSync("/proc/self")
    ? [["it is in /proc", () => "/proc/x", "/proc takes no directories"] as const]
    : []),
];

/** Takes all the room of a disk, to the last byte. */
function fill(file: string): void {
  const descriptor = openSync(file, "w");
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(65_536));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
  } finally {
    closeSync(descriptor);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

describe("tandem up", () => {
  let folder = "";
  let child: ChildProcess | undefined;
  let output = "";
  let ports: readonly number[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "tandem-up-"));
    output = "";
    ports = [await freePort(), await freePort()];
    play("control", control);
    play("gateway", gateway);
    play("dns", dns);
  });
  afterEach(async () => {
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  });

  /** The supervisor finds programs by path from its root, so a copy of the command line with other programs will do. */
  function play(name: string, source: string): void {
    mkdirSync(join(folder, "root", "apps", name, "src"), { recursive: true });
    writeFileSync(join(folder, "root", "apps", name, "src", "main.ts"), source);
    writeFileSync(join(folder, "root", "apps", name, "node-options.txt"), "--max-semi-space-size=8\n");
    writeFileSync(join(folder, "root", "package.json"), '{"type":"module"}');
  }

  function start(...more: string[]): void {
    const entry = join(folder, "entry.ts");
    const cli = join(import.meta.dirname, "..", "src");
    writeFileSync(
      entry,
      `import { buildProgram } from ${JSON.stringify(join(cli, "program.ts"))};
       import { recordingContext } from ${JSON.stringify(join(cli, "testing", "recording-context.ts"))};
       const context = recordingContext({ environment: process.env, root: ${JSON.stringify(join(folder, "root"))} });
       const print = (text) => console.log(text);
       buildProgram({ ...context, print, note: print }).parseAsync(process.argv).catch((error) => {
         console.log("error: " + error.message);
         process.exitCode = 1;
       });`,
    );
    const [sipPort, httpPort] = ports.map(String);
    const options = [
      "--data",
      join(folder, "data"),
      "--sip-port",
      sipPort ?? "",
      "--http-port",
      httpPort ?? "",
      "--metrics-port",
      "off",
    ];
    child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", entry, "up", ...options, ...more],
      {
        env: { ...process.env, MARKS: folder, NODE_TEST_CONTEXT: undefined, TANDEM_TOPOLOGY_FILE: undefined },
      },
    );
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }

  async function until(what: string, condition: () => boolean): Promise<void> {
    for (let tries = 0; !condition(); tries += 1) {
      assert.ok(tries < 600, `${what} never came; output:\n${output}`);
      await wait(50);
    }
  }

  const mark = (name: string): { pid: number } & Record<string, unknown> =>
    JSON.parse(readFileSync(join(folder, name), "utf8"));

  function isAlive(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  async function stop(signal: NodeJS.Signals): Promise<number | null> {
    const ended = once(child as ChildProcess, "exit");
    child?.kill(signal);
    return (await ended)[0] as number | null;
  }

  it("starts control, then the gateway with control's address and token; stops both", async () => {
    start("--base-domain", "sip.test");
    await until("the welcome", () => output.includes("Tandem is up."));
    const url = `http://127.0.0.1:${ports[1]}`;
    for (const part of [url, `127.0.0.1:${ports[0]}`, "AC1", "s3cret", ".pstn.sip.test"]) {
      assert.ok(output.includes(part), `${part} in ${output}`);
    }
    const data = join(folder, "data");
    assert.deepEqual(JSON.parse(readFileSync(join(data, "credentials.json"), "utf8")), {
      url,
      accountSid: "AC1",
      authToken: "s3cret",
    });
    const token = readFileSync(join(data, "gateway-token"), "utf8").trim();
    assert.equal(mark("control")["domain"], "sip.test");
    assert.equal(mark("control")["topology"], join(folder, "root", "topology", "loopback.yaml"));
    assert.equal(mark("control")["tokens"], `gateway-1=${token}`);
    assert.deepEqual(mark("gateway")["control"], { url, token });
    assert.equal(mark("control")["nameServers"], undefined);
    assert.equal(existsSync(join(folder, "dns")), false);
    for (const file of ["credentials.json", "gateway.json", "gateway-token"]) {
      assert.equal(statSync(join(data, file)).mode & 0o777, 0o600, file);
    }
    assert.equal(await stop("SIGTERM"), 0);
    assert.equal(isAlive(mark("control").pid), false);
    assert.equal(isAlive(mark("gateway").pid), false);
    assert.equal(existsSync(join(data, "up.pid")), false);
  });

  it("with --dns-port a name server runs too, with a token of its own that control knows", async () => {
    const [dnsPort, heartbeatPort] = [await freePort(), await freePort()].map(String);
    start("--dns-port", dnsPort ?? "", "--heartbeat-port", heartbeatPort ?? "");
    await until("the welcome", () => output.includes("Tandem is up."));
    assert.match(output, new RegExp(`names +127.0.0.1:${dnsPort} UDP and TCP`));
    const data = join(folder, "data");
    const token = readFileSync(join(data, "name-server-token"), "utf8").trim();
    assert.deepEqual(mark("dns")["control"], { url: `http://127.0.0.1:${ports[1]}`, token });
    assert.equal(mark("control")["nameServers"], `name-server-1=${token}`);
    const { heartbeatTargets } = JSON.parse(readFileSync(join(data, "gateway.json"), "utf8"));
    assert.deepEqual(heartbeatTargets, [`127.0.0.1:${heartbeatPort}`]);
    for (const file of ["dns.json", "name-server-token"]) {
      assert.equal(statSync(join(data, file)).mode & 0o777, 0o600, file);
    }
    assert.equal(await stop("SIGTERM"), 0);
    assert.equal(isAlive(mark("dns").pid), false);
  });

  it("takes its programs with it when it is killed", async () => {
    start();
    await until("the welcome", () => output.includes("Tandem is up."));
    const pids = [mark("control").pid, mark("gateway").pid];
    child?.kill("SIGKILL");
    await until("the programs to end", () => pids.every((pid) => !isAlive(pid)));
  });

  it("starts a crashed program again; the other one goes on", async () => {
    start();
    await until("the welcome", () => output.includes("Tandem is up."));
    const [controlBefore, gatewayBefore] = [mark("control").pid, mark("gateway").pid];
    process.kill(gatewayBefore, "SIGKILL");
    await until("another gateway", () => mark("gateway").pid !== gatewayBefore);
    assert.match(output, /gateway ended \(SIGKILL\); starting it again in 0.5 s/);
    assert.equal(mark("control").pid, controlBefore);
    assert.equal(isAlive(controlBefore), true);
    assert.equal(await stop("SIGINT"), 0);
    assert.equal(isAlive(mark("gateway").pid), false);
  });

  it("gives up on a program that never gets ready, with its last words", async () => {
    play("control", 'console.error("no database there"); process.exit(1);');
    start();
    const [code] = (await once(child as ChildProcess, "exit")) as [number | null];
    assert.equal(code, 1);
    assert.match(
      output,
      /error: control crashed 3 times; the end of .*control\.log:\n(.*\n)*no database there/,
    );
    assert.equal(existsSync(join(folder, "gateway")), false);
  });

  it("with no topology to follow and no edges yet it says how to make one, and goes on", async () => {
    play("control", control.replace(/edges: \[.*?\]/, "edges: []"));
    start("--topology", "none");
    await until("the welcome", () => output.includes("Tandem is up."));
    assert.equal(mark("control")["topology"], "none");
    assert.match(output, /there are no edges yet: make ashburn with '\.\/tandem edges create'/);
    assert.equal(await stop("SIGTERM"), 0);
  });

  it("refuses an edge that control does not know, with those that it knows, and leaves nothing running", async () => {
    start("--edge", "nosuch");
    assert.equal((await once(child as ChildProcess, "exit"))[0], 1);
    assert.match(output, /error: --edge nosuch: there is no such edge; there are ashburn, dublin\./);
    assert.equal(isAlive(mark("control").pid), false);
    assert.equal(existsSync(join(folder, "gateway")), false);
  });

  it("runs the gateway in the region of its edge, and refuses another one", async () => {
    start("--edge", "dublin");
    await until("the welcome", () => output.includes("Tandem is up."));
    assert.match(output, /gateway-1 on edge dublin, region ie1/);
    assert.equal(mark("gateway")["region"], "ie1");
    assert.equal(await stop("SIGTERM"), 0);
    rmSync(join(folder, "gateway"));
    output = "";
    start("--edge", "dublin", "--region", "us1");
    assert.equal((await once(child as ChildProcess, "exit"))[0], 1);
    assert.match(output, /error: --region us1: the edge dublin is in region ie1;/);
    assert.equal(existsSync(join(folder, "gateway")), false);
  });

  for (const [what, at, error] of unusableDirectories) {
    it(`ends with a clear word when its data directory cannot be made: ${what}`, async () => {
      writeFileSync(join(folder, "file"), "");
      const path = at(folder);
      start("--data", path);
      const [code] = (await once(child as ChildProcess, "exit")) as [number | null];
      assert.equal(code, 1);
      assert.match(output, new RegExp(`^error: cannot use ${path}: ${error}`));
      assert.equal(existsSync(join(folder, "control")), false);
    });
  }

  // Only root may mount: others have no small disk to try it on.
  describe("on a small disk", { skip: process.getuid?.() !== 0 || process.platform !== "linux" }, () => {
    let disk = "";
    const mount = (...options: string[]): void => {
      execFileSync("mount", ["-t", "tmpfs", "-o", options.join(","), "tandem-up-test", disk]);
    };
    beforeEach(() => {
      disk = join(folder, "disk");
      mkdirSync(disk);
    });
    afterEach(() => execFileSync("umount", [disk]));

    it("says that the disk is read-only", async () => {
      mount("size=1m", "ro");
      start("--data", join(disk, "data"));
      const [code] = (await once(child as ChildProcess, "exit")) as [number | null];
      assert.equal(code, 1);
      assert.match(output, new RegExp(`^error: cannot use ${disk}/data: the file system of .* is read-only`));
    });

    it("says that the disk is too small for a new database, or full, before it starts anything", async () => {
      mount("size=63m");
      start("--data", join(disk, "data"));
      assert.equal((await once(child as ChildProcess, "exit"))[0], 1);
      assert.match(output, new RegExp(`^error: cannot use ${disk}/data: .*ENOSPC.* needs 64 MiB`));
      assert.equal(existsSync(join(disk, "data", "up.pid")), false);
      output = "";
      fill(join(disk, "full"));
      start("--data", join(disk, "data"));
      assert.equal((await once(child as ChildProcess, "exit"))[0], 1);
      assert.match(output, new RegExp(`^error: cannot use ${disk}/data: ENOSPC: no space left on device`));
      assert.equal(existsSync(join(folder, "control")), false);
    });

    it("shows the last words of a program that the disk had no room for", async () => {
      mount("size=65m");
      const fillAndEnd = `import { writeFileSync } from "node:fs";
        try { writeFileSync(${JSON.stringify(join(disk, "full"))}, Buffer.alloc(70_000_000)); } catch (error) { console.error("no room: " + error.code); }
        process.exit(1);`;
      play("control", fillAndEnd);
      start("--data", join(disk, "data"));
      assert.equal((await once(child as ChildProcess, "exit"))[0], 1);
      assert.match(
        output,
        /error: control crashed 3 times; the end of .*control\.log:\n(.*\n)*no room: ENOSPC/,
      );
    });
  });

  it("says which port is taken before it starts anything", async () => {
    const server = createServer().listen(ports[1], "127.0.0.1");
    await once(server, "listening");
    start();
    const [code] = (await once(child as ChildProcess, "exit")) as [number | null];
    server.close();
    assert.equal(code, 1);
    assert.match(output, new RegExp(`cannot listen:\\n +tcp ${ports[1]} on 127.0.0.1, REST: EADDRINUSE`));
    assert.equal(existsSync(join(folder, "control")), false);
  });
});
