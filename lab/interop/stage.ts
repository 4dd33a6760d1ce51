import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RtpengineConfiguration } from "@tandem/contracts";
import type { ApiObject } from "../harness/api.ts";
import { makeCertificate } from "../harness/certificate.ts";
import { Exchange, type ExchangeOptions } from "../harness/exchange.ts";
import { type GatewayCounts, gatewayCounts } from "../harness/gateway-counts.ts";
import { provisionCarrier, provisionTrunk, type TrunkWishes } from "../harness/provision.ts";
import { waitFor } from "../harness/wait.ts";
import { RtpengineProcess } from "../user-agents/rtpengine.ts";
import { type CallRecordView, recordView } from "./record-view.ts";
import { Caller, type CallerOptions } from "./sipp/caller.ts";
import { Peer, type PeerOptions } from "./sipp/peer.ts";
import type { Step } from "./sipp/script.ts";

export interface StageOptions {
  /** Third number of the loopback addresses, 127.0.N.*: no two files may have the same. */
  readonly network: number;
  /** Their first two numbers; default 127.0. */
  readonly block?: "127.0" | "127.1" | "127.2";
  readonly exchange?: Partial<ExchangeOptions>;
  /** The gateway serves TLS, with a certificate made for this stage. */
  readonly hasTls?: boolean;
  /** So many rtpengines that the gateway may use, with media on both of its addresses. */
  readonly rtpengines?: number;
  /** Makes what the gateway needs beside it, in the directory of the stage. */
  readonly prepare?: (directory: string, addressPrefix: string) => Promise<Surroundings>;
}

/** What stands beside a gateway. */
export interface Surroundings {
  /** Merged into its configuration. */
  readonly gateway: ExchangeOptions["gateway"];
  readonly close: () => Promise<void>;
}

/** Label of the trunk that knows its customers by address. */
export const listedLabel = "listed";

type PeerWishes = Partial<
  Pick<PeerOptions, "transport" | "calls" | "ratePerSecond" | "extra" | "address" | "port" | "remote">
>;

export interface CarrierWishes {
  /** URLs of its gateways; the first has the lowest priority number. */
  readonly gateways: readonly string[];
  /** Called numbers it takes. */
  readonly prefix: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}

/** Where scenarios play: one exchange, and addresses, ports and numbers that no two scenarios share. */
export class Stage {
  readonly exchange: Exchange;
  readonly rtpengines: readonly RtpengineProcess[];
  readonly customerAddress: string;
  readonly otherCustomerAddress: string;
  readonly carrierAddress: string;
  /** Source of the calls from the PSTN. */
  readonly pstnAddress: string;
  /** Nobody listens here. */
  readonly deadAddress: string;
  readonly #network: number;
  readonly #peers: Peer[] = [];
  #surroundings: Surroundings | undefined;
  #nextPort = 5070;
  #nextNumber = 1000;
  #nextName = 1;

  private constructor(exchange: Exchange, rtpengines: readonly RtpengineProcess[], options: StageOptions) {
    this.exchange = exchange;
    this.rtpengines = rtpengines;
    this.#network = options.network;
    const prefix = prefixOf(options);
    this.customerAddress = `${prefix}.11`;
    this.otherCustomerAddress = `${prefix}.12`;
    this.carrierAddress = `${prefix}.21`;
    this.pstnAddress = `${prefix}.31`;
    this.deadAddress = `${prefix}.99`;
  }

  static async open(options: StageOptions): Promise<Stage> {
    const { hasTls } = options;
    const prefix = prefixOf(options);
    const directory = mkdtempSync(join(tmpdir(), "tandem-lab-"));
    const rtpengines = await startRtpengines(options, directory);
    const surroundings = await options.prepare?.(directory, prefix);
    const names = `DNS:*.tandem.test,IP:${prefix}.1`;
    const exchange = await Exchange.start({
      directory,
      ...(hasTls === true ? { tls: makeCertificate(directory, "gateway", names) } : {}),
      customerAddress: `${prefix}.1`,
      carrierAddress: `${prefix}.2`,
      ...options.exchange,
      gateway: {
        health: { enabled: false, intervalSeconds: 30 },
        ...(rtpengines.length === 0 ? {} : { rtpengines: rtpengines.map(configurationOf) }),
        ...options.exchange?.gateway,
        ...surroundings?.gateway,
      },
    });
    const stage = new Stage(exchange, rtpengines, options);
    stage.#surroundings = surroundings;
    try {
      await stage.#provision();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  async close(): Promise<void> {
    for (const peer of this.#peers) await peer.stop();
    await this.exchange.stop();
    for (const rtpengine of this.rtpengines) await rtpengine.stop();
    await this.#surroundings?.close();
    rmSync(this.exchange.directory, { recursive: true, force: true });
  }

  get network(): number {
    return this.#network;
  }

  /** Every SIPp process so far. */
  get peers(): readonly Peer[] {
    return this.#peers;
  }

  freePort(): number {
    this.#nextPort += 2;
    return this.#nextPort;
  }

  /** A number that no other scenario calls. */
  number(): string {
    this.#nextNumber += 1;
    return `+1415555${this.#nextNumber}`;
  }

  uniqueName(base: string): string {
    this.#nextName += 1;
    return `${base}-${this.#nextName}`;
  }

  /** Lines of a customer that calls `number` through a termination name. */
  customerLines(number: string, label: string = listedLabel, options: Partial<CallerOptions> = {}): Caller {
    const requestUri = `sip:${number}@${this.exchange.terminationHost(label)}`;
    return new Caller({ requestUri, from: "+12025550123", ...options });
  }

  /** Lines of the PSTN that calls `number`. */
  pstnLines(number: string, options: Partial<CallerOptions> = {}): Caller {
    return new Caller({
      requestUri: `sip:${number}@${this.exchange.carrierAddress}`,
      from: "+13105550199",
      ...options,
    });
  }

  /** A customer that places a call. */
  customer(steps: readonly Step[], wishes: PeerWishes = {}): Peer {
    const { customerAddress: address, sipPort: port } = this.exchange;
    return this.#peer("customer", this.customerAddress, steps, { remote: { address, port }, ...wishes });
  }

  /** The PSTN places a call. */
  pstn(steps: readonly Step[], wishes: PeerWishes = {}): Peer {
    const { carrierAddress: address, sipPort: port } = this.exchange;
    return this.#peer("pstn", this.pstnAddress, steps, { remote: { address, port }, ...wishes });
  }

  /** A carrier's gateway that is called. */
  carrier(steps: readonly Step[], wishes: PeerWishes = {}): Peer {
    return this.#peer("carrier", this.carrierAddress, steps, wishes);
  }

  /** A customer's SBC that is called. */
  sbc(steps: readonly Step[], wishes: PeerWishes = {}): Peer {
    return this.#peer("sbc", this.customerAddress, steps, wishes);
  }

  /** A carrier that takes calls to the prefix. */
  async provisionCarrier(wishes: CarrierWishes): Promise<ApiObject> {
    const carrier = await provisionCarrier(this.exchange.api, {
      name: this.uniqueName("carrier"),
      sourceAddresses: [],
      gateways: wishes.gateways.map((url, index) => ({ url, priority: index + 1 })),
      prefixes: [wishes.prefix],
      ...(wishes.parameters === undefined ? {} : { parameters: wishes.parameters }),
    });
    await this.exchange.settled();
    return carrier;
  }

  /** A trunk with a label of its own. */
  async provisionTrunk(
    wishes: Omit<TrunkWishes, "name" | "baseDomain" | "label">,
  ): Promise<{ readonly sid: string; readonly label: string }> {
    const label = this.uniqueName("trunk");
    const { baseDomain, api } = this.exchange;
    const trunk = await provisionTrunk(api, { ...wishes, name: label, label, baseDomain });
    await this.exchange.settled();
    return { sid: trunk.sid, label };
  }

  /** `;edge=` of this exchange, for origination URLs. */
  get edgeParameter(): string {
    return `;edge=${this.exchange.edge}`;
  }

  /** A trunk that takes calls to one new number at these URLs, in this order. */
  async provisionOrigination(
    urls: readonly string[],
    parameters: TrunkWishes["parameters"] = {},
  ): Promise<string> {
    const number = this.number();
    await this.provisionTrunk({
      originationUrls: urls.map((url, index) => ({ url, priority: index + 1 })),
      numbers: [number],
      parameters,
    });
    return number;
  }

  /** Records of the calls to that number that are over; waits for so many. */
  async records(number: string, count = 1): Promise<readonly CallRecordView[]> {
    const { api } = this.exchange;
    return waitFor(
      `${count} records of calls to ${number}`,
      async () => {
        const list = await api.get(
          `${api.accountPath}/Calls.json?To=${encodeURIComponent(number)}&PageSize=100`,
        );
        const over = (list["calls"] as Record<string, unknown>[]).filter((call) => call["end_time"] !== null);
        if (over.length > count)
          throw new Error(`${over.length} records of calls to ${number}, not ${count}`);
        return over.length === count ? over.map(recordView) : undefined;
      },
      30_000,
    );
  }

  async record(number: string): Promise<CallRecordView> {
    const [record] = await this.records(number);
    if (record === undefined) throw new Error("no record");
    return record;
  }

  /** Records of all calls that are over, oldest first. */
  async allRecords(): Promise<readonly CallRecordView[]> {
    const { api } = this.exchange;
    const list = await api.get(`${api.accountPath}/Calls.json?PageSize=1000`);
    return (list["calls"] as Record<string, unknown>[])
      .filter((call) => call["end_time"] !== null)
      .map(recordView)
      .reverse();
  }

  /** SID of the one call to that number that is in progress. */
  async liveCall(number: string, status = "in-progress"): Promise<string> {
    const { api } = this.exchange;
    return waitFor(`a call to ${number} in progress`, async () => {
      const list = await api.get(`${api.accountPath}/Calls.json?To=${encodeURIComponent(number)}`);
      const live = (list["calls"] as Record<string, unknown>[]).find((call) => call["status"] === status);
      return live === undefined ? undefined : String(live["sid"]);
    });
  }

  counts(): Promise<GatewayCounts> {
    return gatewayCounts(this.exchange.gateway);
  }

  async #provision(): Promise<void> {
    const { api, baseDomain } = this.exchange;
    await provisionCarrier(api, {
      name: "PSTN",
      sourceAddresses: [this.pstnAddress],
      gateways: [],
      prefixes: [],
    });
    await provisionTrunk(api, {
      name: listedLabel,
      label: listedLabel,
      baseDomain,
      addresses: [this.customerAddress],
    });
    mkdirSync(join(this.exchange.directory, "peers"));
    await this.exchange.settled();
  }

  #peer(role: string, address: string, steps: readonly Step[], wishes: PeerWishes): Peer {
    const peer = new Peer({
      name: role,
      address,
      port: this.freePort(),
      directory: join(this.exchange.directory, "peers"),
      steps,
      ...wishes,
    });
    this.#peers.push(peer);
    return peer;
  }
}

function prefixOf({ network, block = "127.0" }: StageOptions): string {
  return `${block}.${network}`;
}

async function startRtpengines(
  options: StageOptions,
  directory: string,
): Promise<readonly RtpengineProcess[]> {
  const { rtpengines: count = 0 } = options;
  const prefix = prefixOf(options);
  const started: RtpengineProcess[] = [];
  for (let number = 0; number < count; number += 1) {
    const one = new RtpengineProcess({
      name: `rtpengine-${number + 1}`,
      control: { address: `${prefix}.9`, port: 2223 + number },
      interfaces: { customers: `${prefix}.1`, carriers: `${prefix}.2` },
      mediaPorts: { first: 40_000 + 1000 * number, last: 40_999 + 1000 * number },
      directory,
    });
    await one.start();
    started.push(one);
  }
  return started;
}

function configurationOf({ name, options }: RtpengineProcess): RtpengineConfiguration {
  const interfaces = Object.entries(options.interfaces).map(([one, address]) => ({
    interface: one,
    address,
  }));
  return { address: name, interfaces };
}
