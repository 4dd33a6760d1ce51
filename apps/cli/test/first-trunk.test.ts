/**
 * The README's first trunk, word for word, against the real programs: `up`, the commands that make a trunk, and the
 * dry run of a call over it.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

const root = join(import.meta.dirname, "..", "..", "..");
const main = join(root, "apps", "cli", "src", "main.ts");
const quickStart =
  readFileSync(join(root, "README.md"), "utf8").split("## Your first trunk")[1]?.split("\n## ")[0] ?? "";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** `create --friendly-name "Office PBX"` to its words, as a shell would. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

describe("the first trunk of the README", () => {
  const data = mkdtempSync(join(tmpdir(), "tandem-quick-"));
  let up: ChildProcess | undefined;
  let output = "";

  before(async () => {
    const ports = [
      "--sip-port",
      String(await freePort()),
      "--http-port",
      String(await freePort()),
      "--metrics-port",
      "off",
    ];
    const args = ["--disable-warning=ExperimentalWarning", main, "up", "--data", data, ...ports];
    up = spawn(process.execPath, args, { env: { ...process.env, NODE_TEST_CONTEXT: undefined } });
    up.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    up.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    for (let tries = 0; !output.includes("Tandem is up."); tries += 1) {
      assert.ok(tries < 900 && up.exitCode === null, `it did not come up:\n${output}`);
      await wait(100);
    }
  });
  after(async () => {
    if (up !== undefined && up.exitCode === null) {
      up.kill("SIGTERM");
      await once(up, "exit");
    }
    rmSync(data, { recursive: true, force: true });
  });

  const sids = new Map<string, string>();

  function run(line: string): { status: number | null; stdout: string; stderr: string } {
    const words = wordsOf(line.replace("./tandem ", "")).map((word) => {
      const prefix = /^([A-Z]{2})…$/.exec(word)?.[1];
      return prefix === undefined ? word : (sids.get(prefix) ?? `no ${prefix} was made before`);
    });
    const result = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...words], {
      encoding: "utf8",
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, TANDEM_DATA: data },
    });
    const sid = /^sid +(([A-Z]{2})[0-9a-f]{32})$/m.exec(result.stdout);
    if (sid?.[1] !== undefined && sid[2] !== undefined) sids.set(sid[2], sid[1]);
    return result;
  }

  it("makes a trunk with a number and a carrier", () => {
    const lines = quickStart.split("\n").filter((line) => /^\.\/tandem (?:attach|\S+ create) /.test(line));
    assert.ok(lines.length >= 9, lines.join("\n"));
    for (const line of lines) {
      const { status, stderr } = run(line);
      assert.equal(status, 0, `${line}: ${stderr}`);
    }
    assert.deepEqual(
      ["TK", "AL", "PN", "KR"].filter((prefix) => !sids.has(prefix)),
      [],
    );
  });

  it("explains that a call over it would be carried", async () => {
    const line = /`(\.\/tandem explain [^`]+)`/.exec(quickStart)?.[1] ?? "";
    let result = run(line);
    // The gateway hears of the change a moment later.
    for (let tries = 0; result.status !== 0 && tries < 100; tries += 1) {
      await wait(100);
      result = run(line);
    }
    assert.equal(result.status, 0, result.stdout + result.stderr);
    assert.match(result.stdout, /1\. use {2}sip:198\.51\.100\.7 from ashburn/);
  });

  it("shows the gateway", () => {
    assert.match(run("./tandem gateways list").stdout, /^gateway-1 +ashburn +true +false +0 /m);
  });

  it("refuses credentials that are wrong", () => {
    const { status, stderr } = spawnSync(process.execPath, [main, "trunks", "list"], {
      encoding: "utf8",
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, TANDEM_DATA: data, TANDEM_AUTH_TOKEN: "wrong" },
    });
    assert.equal(status, 1);
    assert.match(stderr, /error 20003 \(HTTP 401\)/);
  });
});
