import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Program } from "../harness/program.ts";
import type { UnitFile } from "./unit-file.ts";

const root = join(import.meta.dirname, "..", "..");
/** Of nobody's; the tests need no users of their own on the host. */
const userIds: Readonly<Record<string, number>> = {
  "tandem-control": 64_001,
  "tandem-gateway": 64_002,
  "tandem-network": 64_003,
  "tandem-dns": 64_004,
};

/** Of a host, these are below `ConfinedOptions.host`. */
const hostPaths = /^\/(opt|etc|run|var\/lib)\/tandem\//;

export function userIdOf(user: string): number {
  const id = userIds[user];
  if (id === undefined) throw new Error(`no user ${user} in the tests`);
  return id;
}

export interface ConfinedOptions {
  readonly unit: UnitFile;
  /** What stands for %i. */
  readonly instance?: string;
  /** A directory that everybody may pass; it stands for the host: `opt/tandem`, `etc/tandem`, `run/tandem`, `var/lib/tandem`. */
  readonly host: string;
  /** A network namespace of its own that is there already. */
  readonly network: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Puts a configuration where the unit looks for it, readable for its group only. */
export function writeConfiguration(host: string, file: string, user: string, content: object): void {
  const directory = join(host, "etc", "tandem");
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const path = join(directory, file);
  writeFileSync(path, JSON.stringify(content));
  chownSync(path, 0, userIdOf(user));
  chmodSync(path, 0o640);
}

/**
 * Runs the program of a unit as systemd would, as far as the kernel lets anybody do that: its user without any other group, exactly its
 * capabilities and limits, no new privileges, a file system that is read-only but for what the unit lets it write to.
 */
export function runConfined(options: ConfinedOptions): Program {
  const { unit, host, network, instance = "" } = options;
  const fill = (text: string): string => text.replaceAll("%i", instance);
  const user = userIdOf(unit.value("User") ?? "");
  const state = fill(unit.value("StateDirectory") ?? "");
  const stateDirectory = join(host, "var", "lib", state);
  if (state !== "") {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o755 });
    chmodSync(stateDirectory, Number.parseInt(unit.value("StateDirectoryMode") ?? "755", 8));
    chownSync(stateDirectory, user, user);
  }
  const program = join(host, "opt", "tandem");
  mkdirSync(program, { recursive: true, mode: 0o755 });
  const writable = unit.words("ReadWritePaths").map((path) => fill(path.replace(/^-/, "")));
  const paths = writable.map((path) => (hostPaths.test(path) ? join(host, path) : path));
  const script = [
    "set -eu",
    "mount --make-rprivate /",
    `mount --bind '${root}' '${program}'`,
    "mount -o remount,bind,ro /",
    `mount -t tmpfs -o mode=1777 tmpfs /var/tmp`,
    ...[...(state === "" ? [] : [stateDirectory]), ...paths].map(
      (path) =>
        `[ ! -d '${path}' ] || { mount --bind '${path}' '${path}'; mount -o remount,bind,rw '${path}'; }`,
    ),
    `exec ${limits(unit)} setpriv ${privileges(unit, user)} -- "$@"`,
  ].join("\n");
  const words = (unit.value("ExecStart") ?? "").split(" ").map(fill);
  const at = (word: string): string => (hostPaths.test(word) ? join(host, word) : word);
  return new Program({
    name: fill(unit.name),
    launcher: ["ip", "netns", "exec", network, "unshare", "-m", "sh", "-c", script, "sh"],
    command: at(words[0] ?? ""),
    args: words.slice(1).map(at),
    environment: {
      TMPDIR: "/var/tmp",
      HOME: "/",
      TANDEM_NO_INSTALL: "1",
      NODE_TEST_CONTEXT: undefined,
      ...options.environment,
    },
    logFile: join(host, `${unit.name}.log`),
  });
}

/** Runs the commands of a unit that is no program of ours, as root. */
export function runCommands(unit: UnitFile, host: string): void {
  for (const value of unit.values("ExecStart")) {
    const script = /^\/bin\/sh -c '(.*)'$/.exec(value)?.[1];
    if (script === undefined) throw new Error(`ExecStart=${value} is nothing that the tests can play`);
    const own = script
      .replaceAll("/run/tandem", join(host, "run", "tandem"))
      .replaceAll(/\btandem-(gateway|network)\b/g, (user) => String(userIdOf(user)));
    execFileSync("sh", ["-c", `mkdir -p ${host}/run; ${own}`]);
  }
}

/** Whether this host lets its root raise limits; in a container it may not. */
export function mayRaiseLimits(): boolean {
  return spawnSync("prlimit", ["--nice=40", "true"]).status === 0;
}

function limits(unit: UnitFile): string {
  const nice = unit.value("LimitNICE");
  const files = unit.value("LimitNOFILE");
  const mayRaise = mayRaiseLimits();
  return [
    "prlimit",
    "--core=0",
    ...(files === undefined || !mayRaise ? [] : [`--nofile=${files}`]),
    // As getrlimit(2) counts: 1 is a nice value of 19.
    ...(nice === undefined || !mayRaise ? [] : [`--nice=${20 - Number(nice)}`]),
  ].join(" ");
}

function privileges(unit: UnitFile, user: number): string {
  const named = (setting: string): string =>
    ["-all", ...unit.words(setting).map((name) => `+${name.replace(/^CAP_/, "").toLowerCase()}`)].join(",");
  const groups = unit.words("SupplementaryGroups").map((group) => userIdOf(group));
  return [
    `--reuid=${user}`,
    `--regid=${user}`,
    groups.length === 0 ? "--clear-groups" : `--groups=${groups.join(",")}`,
    `--bounding-set=${named("CapabilityBoundingSet")}`,
    `--inh-caps=${named("AmbientCapabilities")}`,
    `--ambient-caps=${named("AmbientCapabilities")}`,
    ...(unit.value("NoNewPrivileges") === "yes" ? ["--no-new-privs"] : []),
  ].join(" ");
}
