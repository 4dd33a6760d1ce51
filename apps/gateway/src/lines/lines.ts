import type { Clock } from "@tandem/clock";
import type {
  ConnectionHealth,
  GatewayConfiguration,
  InterfaceConfiguration,
  SnapshotConnection,
} from "@tandem/contracts";
import type { MediaRelay } from "@tandem/media";
import type { RoutingTable } from "@tandem/routing";
import type { TransportProtocol } from "@tandem/sip/transport";
import { ConnectionHealthTable, type LineChange, type LineObjection } from "./connection-health-table.ts";
import { effectiveInterface, type LineAttribution, lineOfAddress } from "./line-attribution.ts";
import { lineInterface, lineInterfaceName, sidOfLineInterface } from "./line-interface.ts";
import { LineSockets, type LineTransport } from "./line-sockets.ts";

export interface LinesOptions {
  readonly clock: Clock;
  readonly configuration: GatewayConfiguration;
  readonly transport: LineTransport & {
    sentBy(interfaceName: string, protocol: TransportProtocol): { readonly port: number };
  };
  readonly relay: Pick<MediaRelay, "addInterface" | "removeInterface">;
  /** Whether a call has a leg on that interface. */
  readonly isInUse: (interfaceName: string) => boolean;
  readonly onChange: (change: LineChange, connection: SnapshotConnection | undefined) => void;
  readonly onEvent: (event: string, fields: Record<string, unknown>) => void;
}

/**
 * The private lines of this gateway: which interface carries each, which of them a message came over, and how they are.
 *
 * With `lineAttribution: kernel` a line that is active or on its way has an interface of its own. Otherwise all share
 * the private interface, and the source address tells them apart.
 */
export class Lines {
  readonly attribution: LineAttribution;
  readonly health: ConnectionHealthTable;
  /** As configured, with the roles that they have. */
  readonly interfaces: readonly InterfaceConfiguration[];
  /** Told when the health of a line has changed. */
  onHealthChange: (() => void) | undefined;
  readonly #options: LinesOptions;
  readonly #edge: string;
  readonly #privateInterface: InterfaceConfiguration | undefined;
  readonly #byName: ReadonlyMap<string, InterfaceConfiguration>;
  readonly #sockets: LineSockets;
  #table: RoutingTable | undefined;
  #isOpen = false;
  /** Lines whose addresses overlap, as they were told. */
  readonly #told = new Set<string>();

  constructor(options: LinesOptions) {
    const { configuration, clock } = options;
    this.#options = options;
    this.#edge = configuration.edge;
    this.attribution = configuration.lineAttribution ?? "address";
    this.interfaces = configuration.interfaces.map((one) => effectiveInterface(one, this.attribution));
    this.#byName = new Map(this.interfaces.map((one) => [one.name, one]));
    this.#privateInterface = configuration.interfaces.find((one) => one.roles.includes("private"));
    this.health = new ConnectionHealthTable({ clock, onChange: (change) => this.#onChange(change) });
    this.#sockets = new LineSockets({
      clock,
      transport: options.transport,
      relay: options.relay,
      isInUse: options.isInUse,
      onBound: (name) => this.health.learn(this.#sidOf(name) ?? "", { kind: "bound" }),
      onUnbound: (name, text) => this.health.learn(this.#sidOf(name) ?? "", { kind: "unbound", text }),
    });
  }

  /**
   * Binds the lines of the snapshot; after the transport is open, since they take its ports. Resolves when each is bound
   * or could not be.
   * @param inJournal lines of calls that go on: they are bound whatever their status
   */
  async open(inJournal: ReadonlySet<string>): Promise<void> {
    this.#isOpen = true;
    await this.#bind(inJournal);
  }

  apply(table: RoutingTable): void {
    this.#table = table;
    this.#told.clear();
    this.health.setLines(new Set(table.connectionsOf(this.#edge).map(({ sid }) => sid)));
    if (this.#isOpen) void this.#bind(new Set());
  }

  /** What the agent of this host says of the lines; undefined: nothing. */
  onAgent(reports: readonly ConnectionHealth[] | undefined): void {
    this.health.learnFromAgent(reports);
    void this.#sockets.retry();
  }

  /** A configured interface with its effective roles, or that of a line. */
  interfaceByName(name: string): InterfaceConfiguration | undefined {
    return this.#byName.get(name) ?? this.#sockets.interfaceByName(name);
  }

  /** The interface that carries new calls over a line; undefined: none on this gateway. */
  interfaceOf(connection: SnapshotConnection): InterfaceConfiguration | undefined {
    const shared = this.#privateInterface;
    if (shared === undefined || connection.edge !== this.#edge) return undefined;
    if (this.attribution === "address") return shared;
    const name = lineInterfaceName(shared, connection.sid);
    return this.#sockets.isBound(name) ? this.#sockets.interfaceByName(name) : undefined;
  }

  /** The interface of the one line that leads to an address, where lines have interfaces of their own. */
  interfaceAt(address: string): InterfaceConfiguration | undefined {
    if (this.attribution === "address" || this.#table === undefined) return undefined;
    const line = lineOfAddress(this.#table, this.#edge, address);
    return line.kind === "one" ? this.interfaceOf(line.connection) : undefined;
  }

  /** SID of the line that a message from this address came over; undefined: none. Asked for every datagram. */
  connectionOf(address: string, interfaceName: string): string | undefined {
    if (this.attribution === "kernel") return this.#sidOf(interfaceName);
    if (this.#table === undefined || this.#byName.get(interfaceName)?.roles.includes("private") !== true) {
      return undefined;
    }
    const line = lineOfAddress(this.#table, this.#edge, address);
    if (line.kind === "several") this.#tellOverlap(line.sids, address);
    return line.kind === "one" ? line.connection.sid : undefined;
  }

  /** Why a line is better not used; undefined: use it. */
  objectionTo(sid: string): LineObjection | undefined {
    return this.health.objectionTo(sid);
  }

  /** Idempotent. */
  close(): void {
    this.#isOpen = false;
    this.#sockets.close();
    this.health.close();
  }

  async #bind(inJournal: ReadonlySet<string>): Promise<void> {
    const shared = this.#privateInterface;
    if (this.attribution === "address" || shared === undefined || this.#table === undefined) return;
    const ports = this.#boundPorts(shared);
    const wanted: InterfaceConfiguration[] = [];
    for (const connection of this.#table.connectionsOf(this.#edge)) {
      const isWanted = connection.status === "active" || connection.status === "in-transition";
      if (!isWanted && !inJournal.has(connection.sid)) continue;
      wanted.push(lineInterface(shared, ports, connection));
    }
    await this.#sockets.setWanted(wanted);
  }

  #sidOf(interfaceName: string): string | undefined {
    const shared = this.#privateInterface;
    if (shared === undefined || this.#byName.has(interfaceName)) return undefined;
    return sidOfLineInterface(shared, interfaceName);
  }

  /** The kernel maps addresses, not ports: a line has the ports that the private interface got. */
  #boundPorts(shared: InterfaceConfiguration): Record<string, number> {
    const ports: Record<string, number> = {};
    const { transport } = this.#options;
    if (shared.udpPort !== undefined) ports["udpPort"] = transport.sentBy(shared.name, "UDP").port;
    if (shared.tcpPort !== undefined) ports["tcpPort"] = transport.sentBy(shared.name, "TCP").port;
    if (shared.tlsPort !== undefined) ports["tlsPort"] = transport.sentBy(shared.name, "TLS").port;
    return ports;
  }

  #onChange(change: LineChange): void {
    const { sid, before, after, text } = change;
    this.#options.onEvent("line-health", { connection: sid, before, after, text });
    this.#options.onChange(change, this.#table?.connectionBySid(sid));
    this.onHealthChange?.();
  }

  /** Once for the same lines, until the next snapshot. */
  #tellOverlap(sids: readonly string[], address: string): void {
    const lines = sids.join(" ");
    if (this.#told.has(lines)) return;
    this.#told.add(lines);
    this.#options.onEvent("lines-overlap", { connections: sids, address });
  }
}
