import type { Clock } from "@tandem/clock";
import type { NameServerConfiguration, NameServerSocket, ZoneSnapshot } from "@tandem/contracts";
import type { LogFields, Logger } from "@tandem/telemetry";
import { GatewayHealth, rankNames } from "./health/gateway-health.ts";
import { takeHeartbeat } from "./health/heartbeat-intake.ts";
import { RareLog } from "./rare-log.ts";
import { Answering } from "./server/answering.ts";
import type { ServerCounts } from "./server/counts.ts";
import { serverLimits as limits } from "./server/limits.ts";
import { NetworkRates } from "./server/network-rates.ts";
import type { ZoneState } from "./server/responder.ts";
import { TcpServer } from "./server/tcp-server.ts";
import { UdpServer } from "./server/udp-server.ts";
import type { ZoneSerial } from "./state/zone-serial.ts";
import { everybodyLives, type HealthView } from "./zone/health-view.ts";
import { ZoneIndex } from "./zone/zone-index.ts";

export const defaultTtlSeconds = 30;

export interface NameServerOptions {
  readonly configuration: NameServerConfiguration;
  readonly clock: Clock;
  readonly serial: ZoneSerial;
  readonly random: () => number;
  readonly logger: Logger;
}

/** The name server without its outside world (disk, control): zone, health and sockets put together. */
export class NameServer {
  readonly #options: NameServerOptions;
  readonly #rare: RareLog;
  /** Undefined: there are no heartbeats, so nobody is ever believed dead. */
  readonly #health: GatewayHealth | undefined;
  readonly #view: HealthView;
  readonly #answering: Answering;
  readonly #udp: UdpServer[] = [];
  readonly #tcp: TcpServer[] = [];
  #zone: ZoneSnapshot | undefined;
  #index: ZoneIndex | undefined;
  #appliedAtMs: number | undefined;

  constructor(options: NameServerOptions) {
    const { configuration, clock, logger } = options;
    this.#options = options;
    this.#rare = new RareLog(logger, clock);
    const health =
      (configuration.heartbeats ?? []).length === 0
        ? undefined
        : new GatewayHealth({ clock, onChange: (gateway, rank) => this.#onHealth(gateway, rank) });
    this.#health = health;
    this.#view = health === undefined ? everybodyLives : (gateway) => health.rank(gateway);
    const { responsesPerSecond, burst } = configuration.responseRateLimit ?? {
      responsesPerSecond: limits.responsesPerSecond,
      burst: limits.responseBurst,
    };
    this.#answering = new Answering({
      state: () => this.#state(),
      rates: this.#rates(responsesPerSecond, burst),
      onLimited: (network) => this.#rare.warn("responses-limited", { network }),
      onFault: (error) => this.#rare.warn("fault", { error: stackOf(error) }),
    });
  }

  /** Version of the zone in force; 0: none yet. */
  get zoneVersion(): number {
    return this.#zone?.version ?? 0;
  }

  /** What it has answered since it began. */
  get counts(): Readonly<ServerCounts> {
    return this.#answering.counts;
  }

  /** Open TCP connections. */
  get connections(): number {
    return this.#tcp.reduce((sum, server) => sum + server.connections, 0);
  }

  /** When the zone in force was applied, wall clock; undefined: there is none. */
  get appliedAtMs(): number | undefined {
    return this.#appliedAtMs;
  }

  /** Gateways of the zone by what their heartbeats say; empty: there are no heartbeats, and nobody is believed dead. */
  gatewaysByState(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    if (this.#health === undefined) return counts;
    for (const name of Object.values(rankNames)) counts[name] = 0;
    for (const state of Object.values(this.#health.describe())) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  /** Throws when no zone can be made of it; then the old one stays in force. */
  applyZone(zone: ZoneSnapshot): void {
    this.#index = new ZoneIndex(zone, this.#options.configuration.nameServers);
    this.#zone = zone;
    this.#appliedAtMs = this.#options.clock.wallMs();
    this.#health?.setGateways(zone.gateways);
    void this.#options.serial.advance(zone.version);
    const { version, trunkLabels, edges, gateways } = zone;
    this.#options.logger.info("zone-applied", {
      version,
      trunks: trunkLabels.length,
      edges: edges.length,
      gateways: gateways.length,
    });
  }

  /** Binds all sockets. Rejects when an address or port cannot be had; then nothing is left open. */
  async open(): Promise<void> {
    const { listen, heartbeats } = this.#options.configuration;
    const health = this.#health;
    try {
      for (const socket of listen) await this.#listen(socket);
      if (health === undefined) return;
      for (const socket of heartbeats ?? []) await this.#openHeartbeats(socket, health);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Idempotent. */
  close(): void {
    for (const server of [...this.#udp, ...this.#tcp]) server.close();
    this.#udp.length = 0;
    this.#tcp.length = 0;
    this.#health?.close();
  }

  status(): LogFields {
    return {
      zoneVersion: this.zoneVersion,
      serial: this.#options.serial.current,
      gateways: this.#health?.describe() ?? {},
      connections: this.connections,
      ...this.#answering.counts,
    };
  }

  #state(): ZoneState | undefined {
    if (this.#index === undefined) return undefined;
    const { configuration, serial, random } = this.#options;
    return {
      index: this.#index,
      options: {
        ttlSeconds: configuration.ttlSeconds ?? defaultTtlSeconds,
        health: this.#view,
        serial: serial.current,
        random,
      },
    };
  }

  #onHealth(gateway: string, rank: 0 | 1 | 2): void {
    void this.#options.serial.advance(this.zoneVersion);
    const log = rank === 2 ? "warn" : "info";
    this.#options.logger[log](`gateway-${rankNames[rank]}`, { gateway });
  }

  /** UDP and TCP on one port; with port 0 the kernel chooses it for TCP, and UDP takes the same. */
  async #listen({ address, port }: NameServerSocket): Promise<void> {
    const onError = (error: Error) => this.#rare.warn("socket-error", { address, error: error.message });
    const tcp = new TcpServer(this.#options.clock, (bytes) => this.#answering.answerStream(bytes), onError);
    this.#tcp.push(tcp);
    const bound = await tcp.open(address, port);
    const udp = new UdpServer(address, (bytes, from) => this.#answering.answerDatagram(bytes, from), onError);
    this.#udp.push(udp);
    await udp.open(address, bound);
    this.#options.logger.info("listening", { address, port: bound });
  }

  async #openHeartbeats({ address, port }: NameServerSocket, health: GatewayHealth): Promise<void> {
    const intake = {
      clock: this.#options.clock,
      health,
      rates: this.#rates(limits.heartbeatsPerSecond, limits.heartbeatBurst),
      keys: () => this.#zone?.backboneKeys ?? [],
      onRefused: (why: string, from: string) => this.#rare.warn(`heartbeat-${why}`, { from }),
    };
    const take = (bytes: Buffer, from: string): undefined => {
      takeHeartbeat(bytes, from, intake);
    };
    const socket = new UdpServer(address, take, (error) =>
      this.#rare.warn("socket-error", { address, error: error.message }),
    );
    this.#udp.push(socket);
    const bound = await socket.open(address, port);
    this.#options.logger.info("listening-for-heartbeats", { address, port: bound });
  }

  #rates(perSecond: number, burst: number): NetworkRates {
    const { clock } = this.#options;
    return new NetworkRates({ clock, perSecond, burst, maximumNetworks: limits.maximumNetworks });
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
