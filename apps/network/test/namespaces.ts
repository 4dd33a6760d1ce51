/** Network namespaces of one test run, and programs in them. All are gone at the end. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { Order, Received } from "./peer.ts";

export class Namespaces {
  readonly #prefix = `tn${process.pid}x${randomBytes(2).toString("hex")}`;
  readonly #names: string[] = [];
  readonly #children: ChildProcess[] = [];

  /** A namespace with its loopback up. Its real name holds our process id. */
  add(name: string): string {
    const real = `${this.#prefix}-${name}`;
    execFileSync("ip", ["netns", "add", real]);
    this.#names.push(real);
    this.ip(name, "link set lo up");
    return real;
  }

  real(name: string): string {
    return `${this.#prefix}-${name}`;
  }

  /** `ip` in that namespace, words separated by spaces. */
  ip(name: string, words: string): string {
    return execFileSync("ip", ["-n", this.real(name), ...words.split(" ")], {
      encoding: "utf8",
      stdio: "pipe",
    });
  }

  /** A wire: a device in each of two namespaces, both up, each with an address. */
  wire(one: End, other: End): void {
    this.ip(
      one.in,
      `link add ${one.device} type veth peer name ${other.device} netns ${this.real(other.in)}`,
    );
    for (const end of [one, other]) {
      if (end.address !== undefined) this.ip(end.in, `address add ${end.address} dev ${end.device}`);
      this.ip(end.in, `link set ${end.device} up`);
    }
  }

  run(name: string, argv: readonly string[], input = ""): string {
    return execFileSync("ip", ["netns", "exec", this.real(name), ...argv], {
      encoding: "utf8",
      input,
      stdio: "pipe",
    });
  }

  sysctl(name: string, path: string, value: string): void {
    this.run(name, ["tee", `/proc/sys/net/${path}`], value);
  }

  spawn(name: string, argv: readonly string[]): ChildProcess {
    const child = spawn("ip", ["netns", "exec", this.real(name), ...argv], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#children.push(child);
    return child;
  }

  peer(name: string): Peer {
    return new Peer(
      this.spawn(name, [
        process.execPath,
        "--disable-warning=ExperimentalWarning",
        join(import.meta.dirname, "peer.ts"),
      ]),
    );
  }

  async remove(): Promise<void> {
    const running = this.#children.filter((child) => child.exitCode === null && child.signalCode === null);
    const ended = running.map(
      (child) =>
        new Promise((resolve) => {
          child.once("exit", resolve);
        }),
    );
    for (const child of running) child.kill("SIGKILL");
    await Promise.all(ended);
    for (const name of this.#names) execFileSync("ip", ["netns", "delete", name]);
  }
}

export interface End {
  readonly in: string;
  readonly device: string;
  readonly address?: string;
}

/** Sockets in a namespace. */
export class Peer {
  readonly #child: ChildProcess;
  readonly #waiting: ((value: unknown) => void)[] = [];
  readonly #all: Received[] = [];

  constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on("line", (line) =>
        this.#waiting.shift()?.(JSON.parse(line)),
      );
    }
    child.stderr?.pipe(process.stderr);
  }

  tell(order: Order): Promise<unknown> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
    });
  }

  /** Everything it got until now. */
  async received(): Promise<readonly Received[]> {
    this.#all.push(...((await this.tell({ do: "received" })) as Received[]));
    return this.#all;
  }

  /** Waits for something with this text (or hash). */
  async got(text: string): Promise<Received> {
    return await eventually(`${text} is received`, async () =>
      (await this.received()).find((one) => one.text === text),
    );
  }
}

/** Polls until there is a value. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  withinMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await wait(20);
  }
}
