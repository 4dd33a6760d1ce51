/** A real PostgreSQL for one test process, in a directory of its own, gone when the process ends. */
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, rmSync } from "node:fs";
import { chown, mkdtemp, readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";

/** Where Debian and its kin keep the programs of each version. */
const installations = "/usr/lib/postgresql";
const oldestVersion = 15;
const startAttempts = 3;
const readyAttempts = 600;
const readyIntervalMs = 50;

/** Directory of initdb and postgres of the newest version, undefined when none of 15 or later is installed. */
export async function findPostgresql(directory = installations): Promise<string | undefined> {
  const versions = await readdir(directory).catch(() => []);
  const usable = versions
    .map(Number)
    .filter((version) => version >= oldestVersion)
    .sort((a, b) => b - a)
    .map((version) => join(directory, String(version), "bin"));
  return usable.find((bin) => existsSync(join(bin, "initdb")) && existsSync(join(bin, "postgres")));
}

/** PostgreSQL refuses to run as root. */
interface User {
  readonly uid: number;
  readonly gid: number;
}

export class PostgresqlServer {
  readonly port: number;
  readonly directory: string;
  readonly #launch: () => ChildProcess;
  #process: ChildProcess;

  private constructor(launchThere: () => ChildProcess, directory: string, port: number) {
    this.#launch = launchThere;
    this.#process = launchThere();
    this.directory = directory;
    this.port = port;
  }

  /** Takes seconds. `bin`: what `findPostgresql` found. */
  static async start(bin: string): Promise<PostgresqlServer> {
    const user = process.getuid?.() === 0 ? userNamed("postgres") : undefined;
    const directory = await mkdtemp(join(tmpdir(), "tandem-postgresql-"));
    if (user !== undefined) await chown(directory, user.uid, user.gid);
    const data = join(directory, "data");
    await promisify(execFile)(
      join(bin, "initdb"),
      [
        "--pgdata",
        data,
        "--username",
        "tandem",
        "--auth",
        "trust",
        "--encoding",
        "UTF8",
        "--no-sync",
        "--no-locale",
      ],
      { ...user, cwd: directory },
    );
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      const server = new PostgresqlServer(() => launch(bin, directory, port, user), directory, port);
      if (await server.#isReady()) return server;
      // Another process may have taken the port in between.
      if (attempt === startAttempts) throw new Error(`PostgreSQL did not start: ${await server.#log()}`);
    }
  }

  url(database: string): string {
    return `postgres://tandem@127.0.0.1:${this.port}/${database}`;
  }

  /** Ends the server as its administrator would: sessions are cut, what is committed stays. `resume` starts it again. */
  async halt(): Promise<void> {
    await this.#end("SIGINT");
  }

  /** Starts a halted server again, on the same port; resolves when it takes sessions. */
  async resume(): Promise<void> {
    this.#process = this.#launch();
    if (!(await this.#isReady())) throw new Error(`PostgreSQL did not start again: ${await this.#log()}`);
  }

  /** Ends the server at once and removes its directory. */
  async close(): Promise<void> {
    await this.#end("SIGQUIT");
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10 });
  }

  /** The same for a process that is exiting already and can no longer wait for events. */
  stop(): void {
    if (this.#process.pid !== undefined && this.#process.exitCode === null) {
      process.kill(this.#process.pid, "SIGQUIT");
      waitForEnd(this.#process.pid);
    }
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10 });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.ref();
    process.kill(pid, signal);
    await ended;
  }

  async #isReady(): Promise<boolean> {
    for (let attempt = 0; attempt < readyAttempts && this.#process.exitCode === null; attempt += 1) {
      const client = new pg.Client({ connectionString: this.url("postgres") });
      client.on("error", () => undefined);
      try {
        await client.connect();
        await client.end();
        return true;
      } catch {
        await wait(readyIntervalMs);
      }
    }
    return false;
  }

  #log(): Promise<string> {
    return readFile(join(this.directory, "log"), "utf8").catch(() => "no log");
  }
}

/** The parent-death signal ends the server when the test process is killed outright. */
function launch(bin: string, directory: string, port: number, user: User | undefined): ChildProcess {
  const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: directory, fsync: "off" };
  const words = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const postgres = [join(bin, "postgres"), "-D", join(directory, "data"), ...words];
  const identity =
    user === undefined ? [] : ["--reuid", String(user.uid), "--regid", String(user.gid), "--clear-groups"];
  const log = openSync(join(directory, "log"), "a");
  const child = spawn("setpriv", [...identity, "--pdeathsig", "INT", ...postgres], {
    cwd: directory,
    stdio: ["ignore", log, log],
  });
  child.on("error", () => undefined);
  child.unref();
  return child;
}

function userNamed(name: string): User {
  const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  return typeof address === "object" && address !== null ? address.port : 0;
}

function waitForEnd(pid: number): void {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (isGone(pid)) return;
    Atomics.wait(nap, 0, 0, 20);
  }
}

/** A zombie counts as gone: its parent, we, cannot reap it while this thread waits. */
function isGone(pid: number): boolean {
  try {
    return execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return true;
  }
}
