/** Debian's pebble, an authority for tests, and its DNS server, on one loopback network. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TestAuthority } from "@tandem/certificates/testing";

/** Generous: only a failing test waits this long. */
const patienceMs = 60_000;

export const pebbleCommand = "/usr/bin/pebble";

export function hasPebble(): boolean {
  return existsSync(pebbleCommand);
}

export class Pebble {
  readonly directory: string = mkdtempSync(join(tmpdir(), "tandem-pebble-"));
  readonly address: string;
  /** Where every domain leads. */
  readonly domainAddress: string;
  readonly authoritiesFile: string;
  /** Port on which it looks for http-01 proofs. */
  readonly httpPort = 5002;
  readonly #children: ChildProcess[] = [];
  output = "";

  private constructor(network: number) {
    this.address = `127.0.${network}.1`;
    this.domainAddress = `127.0.${network}.2`;
    this.authoritiesFile = join(this.directory, "authority.pem");
  }

  static async start(network: number): Promise<Pebble> {
    const pebble = new Pebble(network);
    const authority = await TestAuthority.create("pebble's own server");
    const server = await authority.issue({ commonName: "pebble", alternativeNames: `IP:${pebble.address}` });
    const at = (name: string): string => join(pebble.directory, name);
    writeFileSync(pebble.authoritiesFile, authority.certificate);
    writeFileSync(at("server.pem"), server.certificate);
    writeFileSync(at("server-key.pem"), server.key, { mode: 0o600 });
    const configuration = {
      listenAddress: `${pebble.address}:14000`,
      managementListenAddress: `${pebble.address}:15000`,
      certificate: at("server.pem"),
      privateKey: at("server-key.pem"),
      httpPort: pebble.httpPort,
      tlsPort: 5001,
      ocspResponderURL: "",
      externalAccountBindingRequired: false,
    };
    writeFileSync(at("pebble.json"), JSON.stringify({ pebble: configuration }));
    pebble.#spawn("/usr/bin/pebble-challtestsrv", [
      `-defaultIPv4=${pebble.domainAddress}`,
      "-defaultIPv6=",
      `-dns01=${pebble.address}:8053`,
      `-management=${pebble.address}:8055`,
      "-http01=",
      "-https01=",
      "-tlsalpn01=",
    ]);
    pebble.#spawn(pebbleCommand, [
      "-strict",
      "-config",
      at("pebble.json"),
      "-dnsserver",
      `${pebble.address}:8053`,
    ]);
    for (const port of [14_000, 8055]) await pebble.#untilOpen(port);
    return pebble;
  }

  get directoryUrl(): string {
    return `https://${this.address}:14000/dir`;
  }

  /** A program that writes TXT records into its DNS server. */
  get dnsHook(): readonly string[] {
    const script = `
      const [verb, host, value] = process.argv.slice(1);
      const path = verb === "add" ? "set-txt" : "clear-txt";
      const body = JSON.stringify({ host: host + ".", value });
      const response = await fetch("http://${this.address}:8055/" + path, { method: "POST", body });
      process.exit(response.ok ? 0 : 1);`;
    return [process.execPath, "--input-type=module", "-e", script];
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      if (child.exitCode === null && child.signalCode === null && child.kill("SIGKILL")) await gone;
    }
    rmSync(this.directory, { recursive: true });
  }

  #spawn(command: string, args: readonly string[]): void {
    // No sleep before it looks, and no proof of yesterday is good today.
    const env = { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_AUTHZREUSE: "0" };
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data: Buffer) => (this.output += data.toString()));
    }
    this.#children.push(child);
  }

  async #untilOpen(port: number): Promise<void> {
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 50) {
      const isOpen = await new Promise<boolean>((resolve) => {
        const socket = connect({ host: this.address, port }, () => resolve(true));
        socket.once("error", () => resolve(false));
        socket.once("close", () => resolve(false));
        socket.once("connect", () => socket.destroy());
      });
      if (isOpen) return;
      await delay(50);
    }
    throw new Error(`pebble does not listen on ${this.address}:${port}:\n${this.output.slice(-3000)}`);
  }
}
