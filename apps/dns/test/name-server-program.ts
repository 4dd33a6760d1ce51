/** The name server as a process of its own, with a zone on its disk and a control that is not there. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { NameServerConfiguration, ZoneSnapshot } from "@tandem/contracts";
import { signHeartbeat } from "@tandem/heartbeat";
import { ZoneFile } from "../src/state/zone-file.ts";
import { nameServers } from "../src/testing/example-zone.ts";
import type { DnsSocket } from "./dig.ts";

const main = new URL("../src/main.ts", import.meta.url).pathname;
/** Only a failing test waits this long. */
const patienceMs = 60_000;

export interface LogLine {
  readonly event: string;
  readonly level: string;
  readonly [field: string]: unknown;
}

export interface NameServerWishes {
  /** Loopback address, unique to the test file. */
  readonly address: string;
  /** On its disk before it starts; left out: none. */
  readonly zone?: ZoneSnapshot;
  readonly changes?: Partial<NameServerConfiguration>;
}

export class NameServerProgram {
  readonly directory: string = mkdtempSync(join(tmpdir(), "tandem-dns-"));
  readonly configurationFile: string;
  readonly #address: string;
  #child: ChildProcess | undefined;
  #output = "";
  #errors = "";
  readonly #heartbeats: Socket = createSocket("udp4");

  private constructor(wishes: NameServerWishes) {
    this.#address = wishes.address;
    this.configurationFile = join(this.directory, "dns.json");
    const configuration: NameServerConfiguration = {
      name: "ns1",
      stateDirectory: join(this.directory, "state"),
      control: { url: "http://127.0.0.1:9", token: "a-token-of-its-own" },
      listen: [{ address: wishes.address, port: 0 }],
      heartbeats: [{ address: wishes.address, port: 0 }],
      nameServers: [...nameServers],
      ...wishes.changes,
    };
    writeFileSync(this.configurationFile, JSON.stringify(configuration));
  }

  static async start(wishes: NameServerWishes): Promise<NameServerProgram> {
    const program = await NameServerProgram.prepare(wishes);
    await program.run();
    return program;
  }

  /** Files only. */
  static async prepare(wishes: NameServerWishes): Promise<NameServerProgram> {
    const program = new NameServerProgram(wishes);
    if (wishes.zone !== undefined) await new ZoneFile(join(program.directory, "state")).write(wishes.zone);
    return program;
  }

  /** Starts it, again after `stop`, and waits until it serves. */
  async run(): Promise<void> {
    this.#output = "";
    this.#child = this.#spawn("--config", this.configurationFile);
    await this.line("serving");
  }

  /** Runs it with other words to its end. */
  async once(...words: readonly string[]): Promise<{ code: number | null; output: string; errors: string }> {
    this.#output = "";
    this.#errors = "";
    const child = this.#spawn(...words);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, output: this.#output, errors: this.#errors };
  }

  /** Where it answers. */
  get socket(): DnsSocket {
    return { address: this.#address, port: this.#portOf("listening") };
  }

  get lines(): readonly LogLine[] {
    return this.#output
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** Fails at once when the program has ended before it said that. */
  async line(event: string): Promise<LogLine> {
    const find = () => this.lines.find((line) => line.event === event);
    await until(`a line ${event}`, () => {
      const hasEnded = this.#child?.exitCode !== null || this.#child.signalCode !== null;
      assert.ok(
        find() !== undefined || !hasEnded,
        `it ended without ${event}: ${this.#errors}${this.#output}`,
      );
      return find() !== undefined;
    });
    return find() as LogLine;
  }

  /** Asks for the counts and waits for a new line of them. */
  async status(): Promise<LogLine> {
    const before = this.lines.filter((line) => line.event === "status").length;
    this.#child?.kill("SIGUSR2");
    await until("a status", () => this.lines.filter((line) => line.event === "status").length > before);
    return this.lines.findLast((line) => line.event === "status") as LogLine;
  }

  /** One datagram at the socket for heartbeats. */
  heartbeat(
    gateway: string,
    edge: string,
    fields: { atMs?: number; draining?: boolean; secret?: string } = {},
  ): void {
    const { secret = "ab".repeat(32), ...rest } = fields;
    const said = { gateway, edge, atMs: Date.now(), draining: false, liveCalls: 0, ...rest };
    this.send(signHeartbeat(said, { id: 1, secret }));
  }

  send(text: string): void {
    const port = this.#portOf("listening-for-heartbeats");
    // While it is being started again there is no socket to send to.
    if (!Number.isNaN(port)) this.#heartbeats.send(text, port, this.#address);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
    child.kill(signal);
    return closed;
  }

  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    this.#heartbeats.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #spawn(...words: readonly string[]): ChildProcess {
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const child = spawn(process.execPath, [main, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (data: Buffer) => (this.#output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (this.#errors += data.toString()));
    return child;
  }

  #portOf(event: string): number {
    return Number(this.lines.find((line) => line.event === event)?.["port"]);
  }
}

/** Polls until it is true. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  more: () => string = () => "",
): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await isSo())) {
    assert.ok(performance.now() < end, `waited in vain for ${what}: ${more()}`);
    await delay(20);
  }
}
