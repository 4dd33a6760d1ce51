import { HandClock } from "@tandem/clock/testing";
import type { GatewayConfiguration, Snapshot } from "@tandem/contracts";
import type { CountStore } from "@tandem/coordination";
import { RelayDouble, type SdpRelayDouble } from "@tandem/media/testing";
import type { DnsAnswer, Resolver } from "@tandem/sip/locate";
import { type FlowDouble, flow, type RequestParts, request } from "@tandem/sip/testing";
import type { TransportProtocol } from "@tandem/sip/transport";
import { Gateway } from "../gateway.ts";
import type { GatewayOptions } from "../gateway-options.ts";
import { interfaces } from "./call-of.ts";
import { addresses, exampleSnapshot, trunkHost } from "./example-snapshot.ts";
import { LedgerDouble } from "./ledger-double.ts";
import { TransportDouble } from "./transport-double.ts";

export const offer = [
  "v=0",
  "o=- 1 1 IN IP4 192.0.2.10",
  "s=-",
  "c=IN IP4 192.0.2.10",
  "t=0 0",
  "m=audio 4000 RTP/AVP 0",
  "",
].join("\r\n");

export const answer = offer.replaceAll("192.0.2.10", "203.0.113.7").replace("4000", "6000");

const sdp = ["Content-Type", "application/sdp"] as const;

export interface GatewayScriptOptions {
  readonly snapshot?: Partial<Snapshot>;
  /** False: the gateway has none. */
  readonly hasSnapshot?: boolean;
  readonly configuration?: Partial<GatewayConfiguration>;
  readonly protocol?: TransportProtocol;
  readonly relay?: RelayDouble;
  /** Left out: there is no rtpengine. */
  readonly sdpRelay?: SdpRelayDouble;
  readonly ledger?: LedgerDouble;
  /** Left out: limits are not shared. */
  readonly limitStore?: () => CountStore;
  readonly isOpen?: boolean;
  /** Left out: no name exists. */
  readonly resolver?: Resolver;
  readonly clock?: HandClock;
  /** Left out: PASSporTs are neither signed nor verified. */
  readonly stir?: GatewayOptions["stir"];
  /** Left out: always 0.5. */
  readonly random?: () => number;
}

/** A whole gateway between doubles of wire, relay and disk, on a hand clock. */
export interface GatewayScript {
  readonly clock: HandClock;
  readonly wire: TransportDouble;
  readonly relay: RelayDouble;
  readonly ledger: LedgerDouble;
  readonly gateway: Gateway;
  readonly events: { readonly event: string; readonly fields: Record<string, unknown> }[];
  readonly faults: { readonly error: unknown; readonly fields: Record<string, unknown> }[];
  readonly customer: FlowDouble;
  readonly carrier: FlowDouble;
  /** An INVITE of the customer, over `customer` unless a flow is given. */
  readonly invite: (parts?: RequestParts, on?: FlowDouble) => string;
  /** An INVITE of the carrier for +15550001111. */
  readonly carrierInvite: (parts?: RequestParts) => string;
}

export async function gatewayScript(options: GatewayScriptOptions = {}): Promise<GatewayScript> {
  const clock = options.clock ?? new HandClock({ monotonicMs: 1_000_000 });
  const wire = new TransportDouble(options.protocol);
  const relay = options.relay ?? new RelayDouble({ clock });
  const ledger = options.ledger ?? new LedgerDouble();
  const events: GatewayScript["events"] = [];
  const faults: GatewayScript["faults"] = [];
  const gateway = new Gateway({
    configuration: configurationOf(options.configuration),
    clock,
    resolver: options.resolver ?? nothingResolves,
    relay,
    sdpRelay: options.sdpRelay,
    ledger,
    tls: undefined,
    stir: options.stir,
    random: options.random ?? (() => 0.5),
    onEvent: (event, fields) => events.push({ event, fields }),
    onFault: (error, fields) => faults.push({ error, fields }),
    transport: wire,
    limitStore: options.limitStore,
  });
  if (options.hasSnapshot !== false) gateway.applySnapshot(exampleSnapshot(options.snapshot));
  if (options.isOpen !== false) await gateway.open();
  const { protocol = "UDP" } = options;
  const customer = flow(protocol, { interfaceName: "customers", remoteAddress: addresses.customer });
  const carrier = flow(protocol, { interfaceName: "carriers", remoteAddress: addresses.carrier });
  return {
    clock,
    wire,
    relay,
    ledger,
    gateway,
    events,
    faults,
    customer,
    carrier,
    invite: (parts = {}, on = customer) => {
      const text = request("INVITE", {
        requestUri: `sip:+15557654321@${trunkHost}`,
        from: "<sip:+15550001111@acme.example>",
        transport: protocol,
        headerFields: [sdp],
        body: offer,
        ...parts,
      });
      wire.inject(text, on);
      return text;
    },
    carrierInvite: (parts = {}) => {
      const text = request("INVITE", {
        requestUri: "sip:+15550001111@198.51.100.2",
        from: "<sip:+442071838750@bigtel.example>",
        sentBy: `${addresses.carrier}:5060`,
        headerFields: [sdp],
        body: answer,
        ...parts,
      });
      wire.inject(text, carrier);
      return text;
    },
  };
}

export function configurationOf(changes: Partial<GatewayConfiguration> = {}): GatewayConfiguration {
  return {
    name: "gateway-1",
    edge: "ashburn-ix",
    region: "us1",
    stateDirectory: "unused",
    control: { url: "http://127.0.0.1:1", token: "t" },
    interfaces: [...interfaces],
    mediaPorts: { first: 10_000, last: 19_999 },
    health: { enabled: false, intervalSeconds: 30 },
    ...changes,
  };
}

const nothing = async (): Promise<DnsAnswer<never>> => ({ ok: false, code: "NXDOMAIN", ttlSeconds: 30 });
const nothingResolves: Resolver = { naptr: nothing, srv: nothing, a: nothing, aaaa: nothing };
