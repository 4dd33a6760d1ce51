/** The units of `deploy/systemd` by systemd's own judgement. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { UnitFile, unitDirectory } from "./unit-file.ts";

const root = join(import.meta.dirname, "..", "..");
const kernelMedia = "The kernel media engine";
/** Tenths, as systemd-analyze counts: 100 is "everything is open". */
const highestExposure = 25;
const analyzer = spawnSync("systemd-analyze", ["--version"]).status === 0;
/** It runs one command as root, and nothing of ours. */
const commands = ["tandem-bpf.service"];
const files = readdirSync(unitDirectory).filter((name) => name.endsWith(".service"));
const names = files.filter((name) => !commands.includes(name));

describe("units", { skip: analyzer ? false : "systemd-analyze is missing" }, () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tandem-units-"));
    chmodSync(folder, 0o755);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** With the program where it is here: systemd-analyze looks whether it can be run. */
  function placed(unit: UnitFile): string {
    const file = join(folder, unit.name.replace("@.", "@one."));
    writeFileSync(file, unit.text.replaceAll("/opt/tandem", root));
    return file;
  }

  function variants(name: string): readonly (readonly [string, UnitFile])[] {
    const unit = UnitFile.read(name);
    const plain = [[name, unit]] as const;
    if (!unit.text.includes(`# ${kernelMedia}`)) return plain;
    return [...plain, [`${name} with kernel media`, unit.withLinesBelow(kernelMedia)]];
  }

  for (const [what, unit] of files.flatMap(variants)) {
    it(`${what}: nothing in it that systemd does not know`, () => {
      const { status, stderr, stdout } = spawnSync("systemd-analyze", ["verify", "--man=no", placed(unit)], {
        encoding: "utf8",
      });
      const own = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("tandem"));
      assert.deepEqual(own, []);
      assert.equal(status, 0, `${stdout}${stderr}`);
    });
  }

  for (const [what, unit] of names.flatMap(variants)) {
    it(`${what}: open no further than it must be`, () => {
      const words = ["security", "--offline=yes", `--threshold=${highestExposure}`, placed(unit)];
      const { status, stdout } = spawnSync("systemd-analyze", words, { encoding: "utf8" });
      assert.equal(status, 0, stdout.slice(-400));
    });

    it(`${what}: what must hold of it`, () => {
      assert.match(unit.value("User") ?? "root", /^tandem-/, "no root");
      assert.equal(unit.value("NoNewPrivileges"), "yes");
      assert.equal(unit.value("ProtectSystem"), "strict");
      assert.equal(unit.value("MemoryDenyWriteExecute"), undefined, "Node's compiler writes what it runs");
      assert.equal(unit.value("KillMode"), "mixed", "only the program itself is told to end");
      assert.equal(unit.value("StartLimitIntervalSec"), "0", "it is tried again without end");
      assert.match(unit.text, /Environment=TANDEM_NO_INSTALL=1/, "a service installs nothing");
    });
  }

  it("there is one for each program that a service manager runs", () => {
    assert.deepEqual(names.toSorted(), [
      "tandem-acme.service",
      "tandem-control.service",
      "tandem-dns.service",
      "tandem-gateway@.service",
      "tandem-network@.service",
    ]);
  });

  it("a gateway has the time to end its calls, and stays ended when it was drained", () => {
    const unit = UnitFile.read("tandem-gateway@.service");
    const main = readFileSync(join(root, "apps/gateway/src/main.ts"), "utf8");
    assert.match(main, /drainLimitMs = 4 \* 3600 \* 1000;/);
    assert.equal(unit.value("TimeoutStopSec"), "4h 5min");
    assert.equal(unit.value("Restart"), "on-failure");
    assert.deepEqual(unit.words("CapabilityBoundingSet"), []);
  });

  it("the users of all units are made by sysusers", () => {
    const users = readFileSync(join(unitDirectory, "..", "sysusers.d", "tandem.conf"), "utf8");
    for (const name of names)
      assert.match(users, new RegExp(`^u ${UnitFile.read(name).value("User")} `, "m"), name);
  });
});
