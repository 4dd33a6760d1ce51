/** What a behaviour of a relay is shown on: three hosts, an engine on the middle one, telephones on the others. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import {
  EngineRelay,
  type FlowKind,
  KernelRelay,
  type KernelRelayOptions,
  type MediaInterface,
  type MediaRelay,
  type RelayEndpoint,
  type RelayPolicy,
  type RelayRemote,
  type SourcePolicy,
  type SystemCalls,
  systemCalls,
  UserspaceRelay,
  type UserspaceRelayOptions,
} from "@tandem/media";
import { FarSide } from "./far-side.ts";
import { inNamespace } from "./host-calls.ts";
import { addresses, addresses6, type ThreeHosts } from "./three-hosts.ts";

/** Of the addresses that a call has if nothing else is said: IPv4's or IPv6's. */
export type Family = "" | "6";

/** `both`: kernel and userspace in one relay. */
export type EngineName = "kernel" | "userspace" | "both" | "node:dgram";

export const ports = { first: 20_000, last: 20_019 } as const;
export const userspacePorts = { first: 20_100, last: 20_119 } as const;

const interfaces: readonly MediaInterface[] = [
  { name: "customers", localAddress: addresses.gatewayToCustomer, advertisedAddress: "203.0.113.5" },
  {
    name: "carriers",
    localAddress: addresses.gatewayToCarrier,
    advertisedAddress: addresses.gatewayToCarrier,
  },
  {
    name: "customers6",
    localAddress: addresses6.gatewayToCustomer,
    advertisedAddress: addresses6.gatewayToCustomer,
  },
  {
    name: "carriers6",
    localAddress: addresses6.gatewayToCarrier,
    advertisedAddress: addresses6.gatewayToCarrier,
  },
];

let theCalls: SystemCalls | undefined;

export async function calls(): Promise<SystemCalls> {
  const found = theCalls ?? (await systemCalls());
  if (typeof found === "string") throw new Error(found);
  theCalls = found;
  return found;
}

type Place = keyof typeof addresses | "customer6" | "carrier6" | "stranger6";

export interface Stage {
  readonly family: Family;
  readonly hosts: ThreeHosts;
  readonly relay: MediaRelay;
  readonly clock: HandClock;
  /** Time passes, for the engine too. */
  pass(ms: number): Promise<void>;
  /** The process dies and another begins, with its journal. */
  restart(): Promise<Stage>;
  /** A telephone, of the stage's family unless the place says another; it is closed with the stage. */
  at(place: Place, port?: number): FarSide;
  close(): Promise<void>;
}

export function kernelOptions(hosts: ThreeHosts, clock: HandClock): KernelRelayOptions {
  return {
    clock,
    interfaces,
    ports,
    bpfDirectory: hosts.bpfDirectory,
    name: "gateway",
    cacheDirectory: join(import.meta.dirname, "../../../../.tandem/kernel-relay"),
  };
}

export async function kernelRelay(
  hosts: ThreeHosts,
  clock: HandClock,
  more: Partial<KernelRelayOptions> = {},
): Promise<KernelRelay> {
  const system = await calls();
  const relay = inNamespace(hosts.gateway, () =>
    KernelRelay.start({ ...kernelOptions(hosts, clock), ...more }, system),
  );
  if (typeof relay === "string") throw new Error(relay);
  return relay;
}

/** Where it was made: the program is taken off that namespace's devices. */
export async function closeRelay(hosts: ThreeHosts, relay: MediaRelay): Promise<void> {
  await inNamespace(hosts.gateway, () => relay.close());
}

export function userspaceRelay(
  hosts: ThreeHosts,
  clock: HandClock,
  more: Partial<UserspaceRelayOptions> = {},
): UserspaceRelay {
  return inNamespace(hosts.gateway, () => {
    const relay = new UserspaceRelay({ clock, interfaces, ports, preboundEndpoints: 10, ...more });
    void relay.open();
    return relay;
  });
}

/** A relay, and what dies with its process: sockets. */
interface LivingRelay<T extends MediaRelay = MediaRelay> {
  readonly relay: T;
  readonly sockets: readonly UserspaceRelay[];
}

/** Kernel and userspace in one, the latter with ports of its own. */
export async function bothEngines(hosts: ThreeHosts, clock: HandClock): Promise<LivingRelay<EngineRelay>> {
  const kernel = await kernelRelay(hosts, clock);
  const standby = userspaceRelay(hosts, clock, { interfaces: [] });
  const userspace = userspaceRelay(hosts, clock, { ports: userspacePorts });
  const relay = new EngineRelay({ kernel, kernelPorts: ports, standby, userspace }, interfaces);
  return { relay, sockets: [standby, userspace] };
}

async function relayOf(engine: EngineName, hosts: ThreeHosts, clock: HandClock): Promise<LivingRelay> {
  if (engine === "both") return bothEngines(hosts, clock);
  if (engine === "kernel") return { relay: await kernelRelay(hosts, clock), sockets: [] };
  const relay = userspaceRelay(hosts, clock, { sockets: engine === "node:dgram" ? "node" : "native" });
  return { relay, sockets: [relay] };
}

/** Each behaviour has an engine of its own, in a network that all share. */
export async function setStage(hosts: ThreeHosts, engine: EngineName, family: Family = ""): Promise<Stage> {
  const clock = new HandClock({ monotonicMs: 100_000 });
  return stageOf({ hosts, engine, family, clock, farSides: [] }, await relayOf(engine, hosts, clock));
}

/** What outlives a process on the stage. */
interface Scenery {
  readonly hosts: ThreeHosts;
  readonly engine: EngineName;
  readonly family: Family;
  readonly clock: HandClock;
  readonly farSides: FarSide[];
}

function stageOf(scenery: Scenery, { relay, sockets }: LivingRelay): Stage {
  const { hosts, engine, family, clock, farSides } = scenery;
  return {
    family,
    hosts,
    relay,
    clock,
    pass: async (ms) => {
      // The kernel has a clock of its own.
      if (engine === "kernel" || engine === "both") await pause(ms);
      inNamespace(hosts.gateway, () => clock.advance(ms));
    },
    restart: async () => {
      // What the kernel relays goes on; sockets are the process's own.
      for (const one of sockets) await closeRelay(hosts, one);
      return stageOf(scenery, await relayOf(engine, hosts, clock));
    },
    at: (place, port = 0) => {
      const address = addressOf({ family }, place);
      const far = FarSide.open(namespaceOf(hosts, place), address, port);
      farSides.push(far);
      return far;
    },
    close: async () => {
      for (const far of farSides.splice(0)) far.close();
      await closeRelay(hosts, relay);
    },
  };
}

/** Of the stage's family, unless the place says another. */
export function addressOf({ family }: Pick<Stage, "family">, place: Place): string {
  const name = place.replace("6", "") as keyof typeof addresses6;
  const isSix = family === "6" || place.endsWith("6");
  return isSix ? addresses6[name] : addresses[place as keyof typeof addresses];
}

function namespaceOf(hosts: ThreeHosts, place: string): string {
  if (place.startsWith("gateway")) return hosts.gateway;
  return place.startsWith("carrier") ? hosts.carrier : hosts.customer;
}

export function endpointOf(relay: MediaRelay, mediaInterface: string, kind: FlowKind = "rtp"): RelayEndpoint {
  const endpoint = relay.openEndpoint({ mediaInterface, kind });
  assert.ok(endpoint, `no port on ${mediaInterface}`);
  return endpoint;
}

export function remoteAt(
  rtp: { address: string; port: number },
  rtcp?: { address: string; port: number },
): RelayRemote {
  return {
    address: rtp.address,
    port: rtp.port,
    rtcpAddress: (rtcp ?? rtp).address,
    rtcpPort: rtcp?.port ?? 0,
  };
}

export function policyOf(
  source: SourcePolicy,
  trustedNetworks: readonly string[] = [],
  signalingAddress?: string,
): RelayPolicy {
  return { source, signalingAddress, trustedNetworks };
}

/** Two far sides joined by the relay. */
export interface JoinedCall {
  readonly a: RelayEndpoint;
  readonly b: RelayEndpoint;
  readonly alice: FarSide;
  readonly bob: FarSide;
  readonly bobRtcp: FarSide;
}

export function joinedCall(stage: Stage, kind: FlowKind = "rtp", family = stage.family): JoinedCall {
  const [alice, bob, bobRtcp] = [
    stage.at(`customer${family}`),
    stage.at(`carrier${family}`),
    stage.at(`carrier${family}`),
  ];
  const a = endpointOf(stage.relay, `customers${family}`, kind);
  const b = endpointOf(stage.relay, `carriers${family}`, kind);
  a.setRemote(remoteAt(alice));
  b.setRemote(remoteAt(bob, bobRtcp));
  stage.relay.join(a, b);
  return { a, b, alice, bob, bobRtcp };
}

/** What was on its way has come, or never will. */
export async function quiet(): Promise<void> {
  await pause(60);
}
