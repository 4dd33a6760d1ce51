import assert from "node:assert/strict";
import { HandClock } from "@tandem/clock/testing";
import type {
  CallRecord,
  GatewayConfiguration,
  InterfaceConfiguration,
  Snapshot,
  SnapshotGateway,
} from "@tandem/contracts";
import { RelayDouble, SdpRelayDouble } from "@tandem/media/testing";
import type { DnsAnswer, Resolver } from "@tandem/sip/locate";
import {
  type FlowDouble,
  flow,
  type RequestParts,
  type ResponseParts,
  request,
  responseTo,
} from "@tandem/sip/testing";
import { Gateway } from "../gateway.ts";
import type { GatewayOptions } from "../gateway-options.ts";
import type { TargetPath } from "../health/target-health.ts";
import {
  addresses,
  exampleCarrier,
  exampleGateway,
  exampleSnapshot,
  exampleTrunk,
  exampleUrl,
  trunkHost,
} from "./example-snapshot.ts";
import { answer, configurationOf, offer } from "./gateway-script.ts";
import { LedgerDouble } from "./ledger-double.ts";
import { BackboneLink, LinkedTransport } from "./linked-transport.ts";

export const backboneSecret = "5a".repeat(32);

/** A gateway in a script: between doubles of wire, relay and disk, and the backbone to the others. */
export interface ScriptedGateway {
  readonly name: string;
  readonly gateway: Gateway;
  readonly wire: LinkedTransport;
  readonly relay: RelayDouble;
  readonly ledger: LedgerDouble;
  readonly faults: unknown[];
}

/** The call enters at `entry` (edge ashburn); `near` and `far` are gateways of san-jose-ix. */
export interface BackboneScript {
  readonly clock: HandClock;
  readonly link: BackboneLink;
  readonly entry: ScriptedGateway;
  readonly near: ScriptedGateway;
  readonly far: ScriptedGateway;
  /** An INVITE of a carrier for +15550001111. */
  readonly carrierInvite: (parts?: RequestParts) => void;
  /** An INVITE of a customer. */
  readonly customerInvite: (parts?: RequestParts) => void;
  /** `near` again, after it was killed: with the journal of its first life. */
  readonly restartNear: () => Promise<ScriptedGateway>;
}

/** OU1 of the example, as the entry gateway reaches it. */
export const farTarget: TargetPath = {
  sid: "OU1",
  uri: "sip:192.0.2.20:5080",
  edge: "san-jose-ix",
  path: { interfaceName: "backbone", connection: undefined },
};

export const backboneAddresses = { entry: "100.64.0.1", near: "100.64.0.2", far: "100.64.0.3" } as const;

const sdp = ["Content-Type", "application/sdp"] as const;

function interfacesOf(address: string): InterfaceConfiguration[] {
  return [
    {
      name: "customers",
      roles: ["private", "public"],
      localAddress: "198.51.100.1",
      udpPort: 5060,
      tcpPort: 5060,
    },
    { name: "carriers", roles: ["carrier"], localAddress: "198.51.100.2", udpPort: 5060, tcpPort: 5060 },
    { name: "backbone", roles: ["backbone"], localAddress: address, udpPort: 5060 },
  ];
}

export function gatewayRow(name: string, edge: string, address: string): SnapshotGateway {
  const ports = { udpPort: 5060, tcpPort: null, tlsPort: null };
  return { name, edge, interfaces: [{ name: "backbone", roles: ["backbone"], address, ...ports }] };
}

/** One URL of the trunk and one gateway of the carrier, both at san-jose-ix, unless changed. */
export function backboneSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return exampleSnapshot({
    trunks: [
      exampleTrunk({ originationUrls: [exampleUrl({ sipUrl: "sip:192.0.2.20:5080;edge=san-jose-ix" })] }),
    ],
    carriers: [exampleCarrier({ gateways: [exampleGateway({ edge: "san-jose-ix" })] })],
    gateways: [
      gatewayRow("entry", "ashburn", backboneAddresses.entry),
      gatewayRow("near", "san-jose-ix", backboneAddresses.near),
      gatewayRow("far", "san-jose-ix", backboneAddresses.far),
    ],
    backboneKeys: [{ id: 1, secret: backboneSecret }],
    ...changes,
  });
}

export interface BackboneScriptOptions {
  readonly snapshot?: Partial<Snapshot>;
  readonly configuration?: Partial<GatewayConfiguration>;
  /** Gateways that have an rtpengine; left out: none. */
  readonly withRtpengine?: readonly string[];
  /** What gateways do about PASSporTs; left out: nothing. */
  readonly stir?: Readonly<Partial<Record<keyof typeof backboneAddresses, GatewayOptions["stir"]>>>;
}

export async function backboneScript(options: BackboneScriptOptions = {}): Promise<BackboneScript> {
  const clock = new HandClock({ monotonicMs: 1_000_000 });
  const link = new BackboneLink();
  const open = (
    name: keyof typeof backboneAddresses,
    edge: string,
    ledger?: LedgerDouble,
  ): Promise<ScriptedGateway> =>
    openGateway({ name, edge, clock, link, ledger: ledger ?? new LedgerDouble(), options });
  const entry = await open("entry", "ashburn");
  const near = await open("near", "san-jose-ix");
  const far = await open("far", "san-jose-ix");
  const inject = (on: FlowDouble, parts: RequestParts): void =>
    entry.wire.inject(request("INVITE", { headerFields: [sdp], body: offer, ...parts }), on);
  return {
    clock,
    link,
    entry,
    near,
    far,
    carrierInvite: (parts = {}) =>
      inject(flow("UDP", { interfaceName: "carriers", remoteAddress: addresses.carrier }), {
        requestUri: "sip:+15550001111@198.51.100.2",
        from: '"Ada \\"L\\"" <sip:+442071838750@bigtel.example>',
        sentBy: `${addresses.carrier}:5060`,
        ...parts,
      }),
    customerInvite: (parts = {}) =>
      inject(flow("UDP", { interfaceName: "customers", remoteAddress: addresses.customer }), {
        requestUri: `sip:+15557654321@${trunkHost}`,
        from: '"Bob" <sip:+15550001111@acme.example>',
        sentBy: `${addresses.customer}:5060`,
        ...parts,
      }),
    restartNear: () => {
      const ledger = new LedgerDouble();
      ledger.recovered = [...near.ledger.journalled].map(([callSid, text]) => ({ callSid, text }));
      return open("near", "san-jose-ix", ledger);
    },
  };
}

async function openGateway(parts: {
  readonly name: keyof typeof backboneAddresses;
  readonly edge: string;
  readonly clock: HandClock;
  readonly link: BackboneLink;
  readonly ledger: LedgerDouble;
  readonly options: BackboneScriptOptions;
}): Promise<ScriptedGateway> {
  const { name, edge, clock, link, ledger, options } = parts;
  const address = backboneAddresses[name];
  const wire = new LinkedTransport(link, address);
  const interfaces = interfacesOf(address);
  const advertised = { customers: "198.51.100.1", carriers: "198.51.100.2", backbone: address };
  const relay = new RelayDouble({
    clock,
    interfaces: Object.entries(advertised).map(([interfaceName, advertisedAddress]) => ({
      name: interfaceName,
      localAddress: advertisedAddress,
      advertisedAddress,
    })),
  });
  const faults: unknown[] = [];
  const hasRtpengine = options.withRtpengine?.includes(name) === true;
  const gateway = new Gateway({
    configuration: configurationOf({ name, edge, interfaces, ...options.configuration }),
    clock,
    resolver: nothingResolves,
    relay,
    sdpRelay: hasRtpengine ? new SdpRelayDouble({ clock, addresses: advertised }) : undefined,
    ledger,
    stir: options.stir?.[name],
    tls: undefined,
    random: () => 0.5,
    onEvent: () => {},
    onFault: (error) => faults.push(error),
    transport: wire,
  });
  gateway.applySnapshot(backboneSnapshot(options.snapshot));
  await gateway.open();
  gateway.recover();
  return { name, gateway, wire, relay, ledger, faults };
}

/** A response of the far end to an INVITE that a gateway sent; with a body it is SDP. */
export function respond(
  at: ScriptedGateway,
  invite: string,
  statusCode: number,
  parts: ResponseParts = {},
): void {
  const type = parts.body === undefined ? [] : [sdp];
  at.wire.inject(
    responseTo(invite, statusCode, { ...parts, headerFields: [...type, ...(parts.headerFields ?? [])] }),
  );
}

/** The far end answers, and both ACKs go their way. Returns the caller's 200. */
export function answered(
  script: BackboneScript,
  at: ScriptedGateway,
): { readonly invite: string; readonly ok: string } {
  const invite = at.wire.expect("INVITE");
  respond(at, invite, 200, { body: answer });
  at.wire.expect("ACK");
  const ok = script.entry.wire.expect(200);
  return { invite, ok };
}

/** The next message of that kind, whatever comes before it. */
export function lastOf(at: ScriptedGateway, what: string | number): string {
  for (;;) {
    try {
      return at.wire.expect(what);
    } catch (error) {
      if (String(error).includes("there was nothing")) throw error;
    }
  }
}

/** `failed OU1 near san-jose-ix customers UDP 192.0.2.20:5080 486`, a text of ours in place of the status. */
export function attemptViews(record: CallRecord | undefined): string[] {
  return (record?.attempts ?? []).map((one) => {
    const where = [one.viaGateway, one.edge, one.interface, one.remote];
    const known = where.filter((part) => part !== null && part !== undefined);
    const end = one.statusCode ?? `${one.reason?.code} ${one.reason?.text}`;
    return [one.result, one.candidateSid, ...known, end].join(" ");
  });
}

/** Two URLs: one that only san-jose-ix reaches, then one of the public internet. */
export const twoUrls: Partial<Snapshot> = {
  trunks: [
    exampleTrunk({
      originationUrls: [
        exampleUrl({ sipUrl: "sip:192.0.2.20:5080;edge=san-jose-ix", priority: 1 }),
        exampleUrl({ sid: "OU2", sipUrl: "sip:192.0.2.30", priority: 2 }),
      ],
    }),
  ],
};

export function assertNoFaults(script: BackboneScript): void {
  for (const one of [script.entry, script.near, script.far]) assert.deepEqual(one.faults, [], one.name);
}

const nothing = async (): Promise<DnsAnswer<never>> => ({ ok: false, code: "NXDOMAIN", ttlSeconds: 30 });
const nothingResolves: Resolver = { naptr: nothing, srv: nothing, a: nothing, aaaa: nothing };
