import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const redisServerCommand = "/usr/bin/redis-server";

/** Above the ports that Linux gives to whoever asks for any (`ip_local_port_range`). */
const ports = { first: 61_000, last: 65_534 } as const;

export interface RedisServerOptions {
  readonly address: string;
  /** Read before what stands here. */
  readonly configurationFile?: string;
  /** Further words of its command line, `--requirepass secret`. */
  readonly words?: readonly string[];
  /** Serves TLS with it; PEM files. */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string };
}

/** A redis-server on a free port of loopback, with nothing on its disk; ended by its pid. */
export class RedisServer {
  readonly address: string;
  readonly port: number;
  readonly #options: RedisServerOptions;
  #directory = "";
  #child: ChildProcess | undefined;
  #output = "";

  private constructor(options: RedisServerOptions, port: number) {
    this.#options = options;
    this.address = options.address;
    this.port = port;
  }

  static async start(options: RedisServerOptions): Promise<RedisServer> {
    for (let tries = 0; tries < 20; tries += 1) {
      const server = new RedisServer(options, randomInt(ports.first, ports.last));
      if (await server.startAgain()) return server;
      if (!server.#output.includes("Address already in use")) throw new Error(server.#output);
    }
    throw new Error(`no port of ${options.address} is free`);
  }

  /** On the same port, and empty. False: it has ended again at once. */
  async startAgain(): Promise<boolean> {
    this.#directory = mkdtempSync(join(tmpdir(), "tandem-redis-"));
    this.#output = "";
    const child = spawn(redisServerCommand, this.#commandLine(), { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (this.#output += chunk.toString("utf8")));
    }
    process.once("exit", this.#killOnExit);
    const isOver = once(child, "close");
    const isReady = new Promise<true>((resolve) => {
      child.stdout.on("data", () => {
        if (this.#output.includes("Ready to accept connections")) resolve(true);
      });
    });
    const hasStarted = await Promise.race([isReady, isOver.then(() => false)]);
    if (!hasStarted) this.#clean();
    return hasStarted;
  }

  /** What `redis-cli` would print, roughly: the answer to one inline command. Not over TLS. */
  async command(line: string): Promise<string> {
    const socket = createConnection({ host: this.address, port: this.port });
    socket.write(`${line}\r\nQUIT\r\n`);
    let text = "";
    for await (const chunk of socket) text += String(chunk);
    return text.replace(/\+OK\r\n$/, "").trimEnd();
  }

  /** It lives and answers nothing; `go` ends that. */
  stall(): void {
    this.#child?.kill("SIGSTOP");
  }

  go(): void {
    this.#child?.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    if (child.exitCode === null && child.signalCode === null) {
      const isOver = once(child, "close");
      child.kill("SIGKILL");
      await isOver;
    }
    this.#clean();
  }

  #commandLine(): readonly string[] {
    const { address, tls, words = [], configurationFile } = this.#options;
    const port = String(this.port);
    const listen = tls === undefined ? `--port ${port}` : `--port 0 --tls-port ${port} --tls-auth-clients no`;
    const always = "--save  --appendonly no".split(" ");
    const file = configurationFile === undefined ? [] : [configurationFile];
    const line = [
      ...file,
      ...listen.split(" "),
      "--bind",
      address,
      "--dir",
      this.#directory,
      ...always,
      ...words,
    ];
    if (tls === undefined) return line;
    const { certificateFile, keyFile } = tls;
    return line.concat(
      "--tls-cert-file",
      certificateFile,
      "--tls-key-file",
      keyFile,
      "--tls-ca-cert-file",
      certificateFile,
    );
  }

  #clean(): void {
    process.off("exit", this.#killOnExit);
    this.#child = undefined;
    rmSync(this.#directory, { recursive: true, force: true });
  }

  readonly #killOnExit = (): void => {
    this.#child?.kill("SIGKILL");
  };
}
