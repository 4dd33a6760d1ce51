import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GatewayConfiguration } from "@tandem/contracts";
import { makeCertificate } from "../../harness/certificate.ts";
import { type GatewayCounts, gatewayCounts, leftovers } from "../../harness/gateway-counts.ts";
import { GatewayProcess } from "../../harness/gateway-process.ts";
import { delay, waitFor } from "../../harness/wait.ts";
import type { Play } from "./play.ts";
import { addressesOf, type StandAddresses, sipPort, sipsPort } from "./stand-addresses.ts";
import { standSnapshot } from "./stand-snapshot.ts";

export interface StandOptions {
  readonly network: string;
  readonly firstHost?: number | undefined;
  readonly plays: readonly Play[];
  /** Of the gateway; T2, T4 and timer D follow in the proportions of RFC 3261. */
  readonly t1Ms: number;
}

const maximumReplays = 5;

/** One real gateway that routes by a snapshot on its disk, with nobody at the other end of its stream to control. */
export class Stand {
  readonly addresses: StandAddresses;
  readonly t1Ms: number;
  /** PEM texts for peers that speak TLS. */
  certificate!: { readonly key: string; readonly cert: string };
  gateway!: GatewayProcess;
  readonly #directory = mkdtempSync(join(tmpdir(), "tandem-scenarios-"));
  /** Timers of the idle program. */
  #idleTimers = 0;

  private constructor({ network, firstHost = 0, t1Ms }: StandOptions) {
    this.addresses = addressesOf(network, firstHost);
    this.t1Ms = t1Ms;
  }

  static async start(options: StandOptions): Promise<Stand> {
    const stand = new Stand(options);
    try {
      await stand.#start(options.plays);
    } catch (error) {
      await stand.stop();
      throw error;
    }
    return stand;
  }

  counts(): Promise<GatewayCounts> {
    return gatewayCounts(this.gateway.program);
  }

  /**
   * Waits until the gateway holds nothing of any call any more: no transaction, dialog, relay endpoint, journal entry,
   * connection or timer. Returns what is left after the longest time that a transaction may live, and then some.
   */
  async leftovers(): Promise<readonly string[]> {
    const limitMs = 2 * 64 * this.t1Ms + 10_000;
    const deadlineMs = performance.now() + limitMs;
    for (;;) {
      const left = this.#leftIn(await this.counts());
      if (left.length === 0 || performance.now() > deadlineMs) return left;
      await delay(100);
    }
  }

  /** Lines of the gateway's log about errors of its own. */
  get faults(): readonly string[] {
    return this.gateway.program.output.split("\n").filter((line) => line.includes('"event":"fault"'));
  }

  /**
   * Plays something, and again as long as the gateway says that it was overloaded meanwhile: it refuses new work with 503
   * then, which tells something of this machine and nothing of what was played.
   */
  async unstrained<T>(play: () => Promise<T>, isGood: (result: T) => boolean): Promise<T> {
    for (let times = 1; ; times += 1) {
      await this.#calm();
      const before = this.#logged("overloaded");
      const result = await play();
      if (isGood(result) || times === maximumReplays) return result;
      await this.counts();
      if (this.#logged("overloaded") === before) return result;
    }
  }

  async stop(): Promise<void> {
    const { gateway } = this as { gateway?: GatewayProcess };
    if (gateway?.isRunning === true) await gateway.program.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #calm(): Promise<void> {
    await waitFor(
      "the gateway to catch up",
      () => this.#logged("overloaded") <= this.#logged("overload-over"),
      60_000,
    );
  }

  #logged(event: string): number {
    return this.gateway.program.output.split(`"event":"${event}"`).length - 1;
  }

  #leftIn(counts: GatewayCounts): readonly string[] {
    const left = [...leftovers(counts)];
    const { connections } = counts.transport;
    if (connections > 0) left.push(`connections: ${connections}`);
    if (counts.timers > this.#idleTimers) left.push(`timers: ${counts.timers - this.#idleTimers}`);
    return left;
  }

  async #start(plays: readonly Play[]): Promise<void> {
    const names = `IP:${this.addresses.forCustomers},IP:${this.addresses.carriers}`;
    const files = makeCertificate(this.#directory, "scenarios", names);
    this.certificate = {
      key: readFileSync(files.keyFile, "utf8"),
      cert: readFileSync(files.certificateFile, "utf8"),
    };
    this.gateway = new GatewayProcess({
      directory: this.#directory,
      configuration: this.#configuration({
        certificates: [{ serverNames: [], certificateFile: files.certificateFile, keyFile: files.keyFile }],
        verifyPeers: false,
      }),
    });
    this.gateway.keepSnapshot(standSnapshot(plays, this.addresses));
    await this.gateway.start();
    // The search for control comes and goes: the most that was seen.
    for (let look = 0; look < 5; look += 1) {
      this.#idleTimers = Math.max(this.#idleTimers, (await this.counts()).timers);
      await delay(50);
    }
  }

  #configuration(tls: GatewayConfiguration["tls"]): GatewayConfiguration {
    const { t1Ms, addresses } = this;
    const ports = { udpPort: sipPort, tcpPort: sipPort, tlsPort: sipsPort };
    return {
      name: "gateway-1",
      edge: "ashburn",
      region: "us1",
      stateDirectory: join(this.#directory, "state"),
      // Nobody is there: a gateway without control routes by what it knew last.
      control: { url: "http://127.0.0.1:9", token: "none" },
      interfaces: [
        { name: "customers", roles: ["public"], localAddress: addresses.forCustomers, ...ports },
        { name: "carriers", roles: ["carrier"], localAddress: addresses.forCarriers, ...ports },
      ],
      mediaPorts: { first: 20_000, last: 29_999 },
      preboundEndpoints: 4,
      ...(tls === undefined ? {} : { tls }),
      timers: { t1Ms, t2Ms: 8 * t1Ms, t4Ms: 10 * t1Ms, timerDMs: 64 * t1Ms },
      health: { enabled: false, intervalSeconds: 30 },
    };
  }
}
