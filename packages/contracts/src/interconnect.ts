/** What a snapshot says of the interconnect: regions, gateways and the customers' private lines. */
import { type Static, Type } from "typebox";

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Port = Type.Integer({ minimum: 1, maximum: 65535 });

/** A failure domain, and who takes over for it. */
export const SnapshotRegion = Type.Object({
  name: Type.String(),
  /** Other regions in the order in which they take over. */
  fallback: Type.Array(Type.String()),
});
export type SnapshotRegion = Static<typeof SnapshotRegion>;

/** Where a gateway is reached: the advertised address of one of its interfaces. Null: that transport is not served. */
export const SnapshotGatewayInterface = Type.Object({
  name: Type.String(),
  roles: Type.Array(
    Type.Union([
      Type.Literal("private"),
      Type.Literal("public"),
      Type.Literal("carrier"),
      Type.Literal("backbone"),
    ]),
  ),
  address: Type.String(),
  udpPort: Nullable(Port),
  tcpPort: Nullable(Port),
  tlsPort: Nullable(Port),
});
export type SnapshotGatewayInterface = Static<typeof SnapshotGatewayInterface>;

export const SnapshotGateway = Type.Object({
  name: Type.String(),
  edge: Type.String(),
  /** As the gateway itself reported them last; empty until it has connected once. */
  interfaces: Type.Array(SnapshotGatewayInterface),
});
export type SnapshotGateway = Static<typeof SnapshotGateway>;

export const ConnectionType = Type.Union([
  Type.Literal("crossconnect"),
  Type.Literal("mpls"),
  Type.Literal("vpn"),
  Type.Literal("cloudconnect"),
]);
export type ConnectionType = Static<typeof ConnectionType>;

/**
 * not-ready → inactive → in-transition → active → in-transition → inactive; pending-deletion and expired end it.
 * `not-ready`: something that its type needs is missing (a VPN's gateway address or routes).
 */
export const ConnectionStatus = Type.Union([
  Type.Literal("not-ready"),
  Type.Literal("inactive"),
  Type.Literal("in-transition"),
  Type.Literal("active"),
  Type.Literal("pending-deletion"),
  Type.Literal("expired"),
]);
export type ConnectionStatus = Static<typeof ConnectionStatus>;

/** A customer's private line, as the gateways of its edge see it. */
export const SnapshotConnection = Type.Object({
  /** `TX` and 32 hex digits. */
  sid: Type.String(),
  accountSid: Type.String(),
  /** Subaccounts that may use it besides its owner. */
  sharedAccountSids: Type.Array(Type.String()),
  friendlyName: Type.String(),
  type: ConnectionType,
  /** Name of its private edge. */
  edge: Type.String(),
  status: ConnectionStatus,
  /** `public`: an attempt that this line cannot carry leaves over the internet instead. */
  fallback: Type.Union([Type.Literal("none"), Type.Literal("public")]),
  /** Customer networks behind it (CIDR texts). */
  routes: Type.Array(Type.String()),
  /** Network device of the line on every gateway host of the edge; at most 15 characters (IFNAMSIZ). */
  device: Type.String({ pattern: "^[A-Za-z0-9._-]{1,15}$" }),
  /** Next hop of the routes on that device; null: the routes are directly on it (point to point) or BGP says. */
  nextHop: Nullable(Type.String()),
  /**
   * Address of a gateway host that only this line's packets have: sockets and media of the line are bound to it, policy
   * routing sends what leaves it into the line, and the kernel maps it to the advertised address of the edge.
   */
  localAddress: Type.String(),
  /** Number of the line's routing table and of its packet mark, unique in the installation. */
  routingTable: Type.Integer({ minimum: 1000, maximum: 2_000_000_000 }),
});
export type SnapshotConnection = Static<typeof SnapshotConnection>;

/** What is known of one line on one gateway. `unprovisioned`: its local address or device is not on the host yet. */
export const ConnectionHealth = Type.Object({
  sid: Type.String(),
  state: Type.Union([
    Type.Literal("up"),
    Type.Literal("down"),
    Type.Literal("unknown"),
    Type.Literal("unprovisioned"),
  ]),
  /** Why it is not up; null when it is. */
  reason: Nullable(Type.String()),
  sinceMs: Type.Number(),
  link: Type.Union([
    Type.Literal("up"),
    Type.Literal("down"),
    Type.Literal("missing"),
    Type.Literal("unknown"),
  ]),
  route: Type.Union([Type.Literal("present"), Type.Literal("missing"), Type.Literal("unknown")]),
  /** `Established`, `Idle`, …; null: no BGP neighbour known. */
  bgp: Nullable(Type.String()),
  /** `up`, `down`; null: no BFD session known. */
  bfd: Nullable(Type.String()),
  /** Device counters since it appeared; null: not known. */
  receivedBytes: Nullable(Type.Number()),
  sentBytes: Nullable(Type.Number()),
});
export type ConnectionHealth = Static<typeof ConnectionHealth>;

/**
 * What the network agent of a gateway host (`apps/network`) knows of the lines, in the file `network-state.json` beside
 * the gateway's snapshot; replaced atomically whenever something changed and at least every `networkStateIntervalMs`.
 */
export const NetworkState = Type.Object({
  formatVersion: Type.Literal(1),
  /** Wall clock; older than `networkStateMaximumAgeMs`: the agent is gone, nothing is known. */
  writtenAtMs: Type.Number(),
  /** Version of the snapshot whose rules and routes are in the kernel now. */
  appliedSnapshotVersion: Type.Integer(),
  connections: Type.Array(ConnectionHealth),
});
export type NetworkState = Static<typeof NetworkState>;
export const networkStateFileName = "network-state.json";
export const networkStateIntervalMs = 2000;
export const networkStateMaximumAgeMs = 10_000;

/** What one gateway knows of another, from OPTIONS over the backbone and from calls. */
export const SisterHealthReport = Type.Object({
  gateway: Type.String(),
  edge: Type.String(),
  /** `draining`: it lives and takes no new calls. `unknown`: nothing was heard of it yet. */
  state: Type.Union([
    Type.Literal("up"),
    Type.Literal("draining"),
    Type.Literal("down"),
    Type.Literal("unknown"),
  ]),
  reason: Nullable(Type.String()),
  /** Wall clock of the last change; null: there was none. */
  sinceMs: Nullable(Type.Number()),
});
export type SisterHealthReport = Static<typeof SisterHealthReport>;

/** A signed sign of life: one UDP datagram of JSON from a gateway to each name server, every `heartbeatIntervalMs`. */
export const Heartbeat = Type.Object({
  formatVersion: Type.Literal(1),
  gateway: Type.String({ maxLength: 64 }),
  edge: Type.String({ maxLength: 64 }),
  /** Wall clock of the gateway. A reader refuses what is older than the newest it saw, or off by more than 30 s. */
  atMs: Type.Number(),
  draining: Type.Boolean(),
  liveCalls: Type.Integer(),
  /** Backbone key id and hex HMAC-SHA256 over the JSON text of the other fields, in this order, without `mac`. */
  keyId: Type.Integer(),
  mac: Type.String({ pattern: "^[0-9a-f]{64}$" }),
});
export type Heartbeat = Static<typeof Heartbeat>;
export const heartbeatIntervalMs = 1000;
/** A gateway that has been silent for so long counts as dead. */
export const heartbeatDeadAfterMs = 3500;
export const defaultHeartbeatPort = 5390;
