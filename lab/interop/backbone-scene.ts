import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "@tandem/clock";
import {
  defaultAttemptTimers,
  type GatewayConfiguration,
  type InterfaceConfiguration,
  type OriginationUrl,
  type OutboxEntry,
  type Snapshot,
  type SnapshotGateway,
  snapshotFormatVersion,
} from "@tandem/contracts";
import { GatewayProcess } from "../harness/gateway-process.ts";
import { Phone, type PhoneCall, type PhoneOptions } from "../user-agents/phone.ts";

/** 127.0.N.*: no two files may have the same. */
const network = 165;
const at = (host: number): string => `127.0.${network}.${host}`;

export const sipPort = 5060;
export const phonePort = 5070;
/** A carrier that sends calls to `entry`, and a carrier that only san-jose reaches. */
export const places = {
  pstn: at(50),
  farCarrier: at(51),
  customer: at(60),
  otherCustomer: at(61),
  pbx: at(62),
  nobody: at(99),
} as const;
export const tones = { pstn: 440, farCarrier: 620, customer: 900, otherCustomer: 1200, pbx: 700 } as const;

export const numbers = {
  plain: "+15550001001",
  busy: "+15550001002",
  silent: "+15550001003",
  failover: "+15550001004",
} as const;
export const label = "acme";
export const baseDomain = "tandem.test";

/** Gateways: `entry` on the public edge ashburn, two of san-jose-ix. */
const gateways = [
  { name: "entry", edge: "ashburn", host: 1 },
  { name: "near", edge: "san-jose-ix", host: 11 },
  { name: "far", edge: "san-jose-ix", host: 21 },
] as const;

export type GatewayName = (typeof gateways)[number]["name"];

export function gatewayAddress(
  name: GatewayName,
  interfaceName: "customers" | "carriers" | "backbone",
): string {
  const { host } = gateways.find((one) => one.name === name) ?? { host: 0 };
  return at(host + ["customers", "carriers", "backbone"].indexOf(interfaceName));
}

/** Three gateways that never reach control, with a snapshot on their disks: calls cross them all the same. */
export class BackboneScene {
  readonly directory = mkdtempSync(join(tmpdir(), "tandem-backbone-"));
  readonly clock = new SystemClock();
  readonly #gateways = new Map<GatewayName, GatewayProcess>();
  readonly #phones: Phone[] = [];

  static async open(): Promise<BackboneScene> {
    const scene = new BackboneScene();
    const snapshot = exampleSnapshot();
    for (const { name, edge } of gateways) {
      const configuration = scene.#configuration(name, edge);
      const gateway = new GatewayProcess({ directory: scene.directory, configuration });
      gateway.keepSnapshot(snapshot);
      scene.#gateways.set(name, gateway);
      await gateway.start();
    }
    return scene;
  }

  gateway(name: GatewayName): GatewayProcess {
    const found = this.#gateways.get(name);
    if (found === undefined) throw new Error(`no gateway ${name}`);
    return found;
  }

  async phone(place: keyof typeof tones, answer?: PhoneOptions["answer"]): Promise<Phone> {
    const options = { clock: this.clock, address: places[place], port: phonePort, toneHz: tones[place] };
    const phone = new Phone(answer === undefined ? options : { ...options, answer });
    await phone.open();
    this.#phones.push(phone);
    return phone;
  }

  /** A call from the PSTN to that number, as it enters at `entry`. */
  fromPstn(pstn: Phone, number: string): Promise<PhoneCall> {
    const to = { address: gatewayAddress("entry", "carriers"), port: sipPort };
    return pstn.call({
      requestUri: `sip:${number}@${to.address}`,
      from: `sip:+442071838750@${places.pstn}`,
      to,
    });
  }

  /** Ends the gateways in order, and tells what waits in their outboxes. */
  async outboxes(): Promise<ReadonlyMap<GatewayName, readonly OutboxEntry[]>> {
    const entries = new Map<GatewayName, readonly OutboxEntry[]>();
    for (const [name, gateway] of this.#gateways) {
      await gateway.program.stop(10_000);
      entries.set(name, gateway.outbox());
    }
    return entries;
  }

  async close(): Promise<void> {
    for (const phone of this.#phones) await phone.close();
    for (const gateway of this.#gateways.values()) await gateway.program.stop(3000);
    this.clock.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #configuration(name: GatewayName, edge: string): GatewayConfiguration {
    const one = (
      interfaceName: "customers" | "carriers" | "backbone",
      roles: InterfaceConfiguration["roles"],
    ): InterfaceConfiguration => ({
      name: interfaceName,
      roles,
      localAddress: gatewayAddress(name, interfaceName),
      udpPort: sipPort,
      tcpPort: sipPort,
    });
    return {
      name,
      edge,
      region: "us1",
      stateDirectory: join(this.directory, name),
      // Nobody listens there: routing goes by the snapshot on the disk.
      control: { url: `http://${places.nobody}:9`, token: "none" },
      interfaces: [
        one("customers", ["public", "private"]),
        one("carriers", ["carrier"]),
        one("backbone", ["backbone"]),
      ],
      mediaPorts: { first: 24_000, last: 24_999 },
      preboundEndpoints: 4,
      health: { enabled: false, intervalSeconds: 30 },
      timers: { t1Ms: 200 },
    };
  }
}

function urlsOf(index: number, ...sipUrls: readonly string[]): OriginationUrl[] {
  return sipUrls.map((sipUrl, order) => ({
    sid: `OU${index}${order}`,
    sipUrl,
    priority: order,
    weight: 1,
    enabled: true,
  }));
}

/** One trunk for each number; the first one takes calls of customers too. */
const originationUrls: Readonly<Record<keyof typeof numbers, readonly string[]>> = {
  plain: [`sip:${places.customer}:${phonePort};edge=san-jose-ix?X-Line=west%201`],
  busy: [`sip:${places.pbx}:${phonePort};edge=san-jose-ix`, `sip:${places.otherCustomer}:${phonePort}`],
  silent: [`sip:${places.nobody}:${phonePort};edge=san-jose-ix`, `sip:${places.otherCustomer}:${phonePort}`],
  failover: [`sip:${places.customer}:${phonePort};edge=us2-ix`, `sip:${places.otherCustomer}:${phonePort}`],
};

function exampleSnapshot(): Snapshot {
  const names = Object.keys(numbers) as (keyof typeof numbers)[];
  return {
    formatVersion: snapshotFormatVersion,
    version: 1,
    baseDomain,
    realm: baseDomain,
    edges: [
      { name: "ashburn", legacyId: "us1", region: "us1", kind: "public" },
      { name: "san-jose-ix", legacyId: "us2-ix", region: "us2", kind: "private" },
    ],
    accounts: [{ sid: "AC1", status: "active", compatibility: "tandem" }],
    trunks: names.map((name, index) => ({
      sid: `TK${index}`,
      accountSid: "AC1",
      friendlyName: name,
      domainLabel: index === 0 ? label : null,
      secure: false,
      sourcePolicy: "address",
      ipAccessControlListSids: index === 0 ? ["AL1"] : [],
      credentialListSids: [],
      originationUrls: urlsOf(index, ...originationUrls[name]),
      timers: defaultAttemptTimers,
      failoverOverrides: {},
      maximumDurationSeconds: 600,
      callsPerSecond: null,
      concurrentCalls: null,
    })),
    ipAccessControlLists: [{ sid: "AL1", networks: [`${places.customer}/32`], connectionSid: null }],
    credentialLists: [],
    numbers: names.map((name, index) => ({
      sid: `PN${index}`,
      accountSid: "AC1",
      trunkSid: `TK${index}`,
      phoneNumber: numbers[name],
    })),
    carriers: [
      {
        sid: "CR1",
        friendlyName: "far carrier",
        enabled: true,
        sourceNetworks: [`${places.pstn}/32`],
        gateways: [
          {
            sid: "CG1",
            sipUrl: `sip:${places.farCarrier}:${phonePort}`,
            priority: 1,
            weight: 1,
            enabled: true,
            edge: "san-jose-ix",
          },
        ],
        routes: [{ prefix: "+", priority: 1, weight: 1 }],
        credentials: null,
        registration: null,
        sourcePolicy: "address",
        timers: defaultAttemptTimers,
        failoverOverrides: {},
      },
    ],
    nonceKeys: [{ id: 1, secret: "00".repeat(32) }],
    regions: [],
    gateways: gateways.map(({ name, edge }): SnapshotGateway => {
      const ports = { udpPort: sipPort, tcpPort: sipPort, tlsPort: null };
      const address = gatewayAddress(name, "backbone");
      return { name, edge, interfaces: [{ name: "backbone", roles: ["backbone"], address, ...ports }] };
    }),
    connections: [],
    backboneKeys: [{ id: 1, secret: "5a".repeat(32) }],
  };
}
