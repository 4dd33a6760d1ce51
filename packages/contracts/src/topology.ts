/**
 * The topology file: where the exchange is on the map and on the network. It says what customers, carriers and their
 * firewalls are told; `packages/topology` reads it and checks what a schema cannot say.
 */
import { type Static, Type } from "typebox";

/** Nothing but the named members, so that a misspelt one is found. */
const strict = { additionalProperties: false } as const;

const labelPattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";
const Name = Type.String({ pattern: labelPattern });
const Port = Type.Integer({ minimum: 1, maximum: 65535 });
/** CIDR text, or an address for itself. */
const Network = Type.String({ minLength: 2, maxLength: 49 });
const Place = Type.String({ maxLength: 255 });

/** Who says so: the reference document, the reference system's public documentation, or the operator. */
export const TopologySource = Type.Enum(["reference", "public-docs", "operator"]);
export type TopologySource = Static<typeof TopologySource>;

export const PortRange = Type.Object({ first: Port, last: Port }, strict);
export type PortRange = Static<typeof PortRange>;

/** Ports of signaling; null: that transport is not served. */
export const SignalingPorts = Type.Object(
  {
    udp: Type.Union([Port, Type.Null()]),
    tcp: Type.Union([Port, Type.Null()]),
    tls: Type.Union([Port, Type.Null()]),
  },
  strict,
);
export type SignalingPorts = Static<typeof SignalingPorts>;

export const TopologyRegion = Type.Object(
  {
    name: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,31}$" }),
    place: Type.Optional(Place),
    /** Other regions in the order in which they take over for this one; empty: none does. */
    fallback: Type.Array(Type.String(), { maxItems: 63 }),
    source: TopologySource,
  },
  strict,
);
export type TopologyRegion = Static<typeof TopologyRegion>;

/** What we announce by BGP on a private line: the prefix, or its parts up to `maximumLength`. */
export const BgpPrefix = Type.Object(
  { prefix: Network, maximumLength: Type.Optional(Type.Integer({ minimum: 1, maximum: 128 })) },
  strict,
);
export type BgpPrefix = Static<typeof BgpPrefix>;

export const TopologyExchange = Type.Object(
  {
    name: Name,
    place: Place,
    /** Source of name and place. */
    source: TopologySource,
    dataCenter: Type.Optional(Type.String({ maxLength: 255 })),
    bgpPrefixes: Type.Optional(Type.Array(BgpPrefix, { maxItems: 64 })),
    /** Our networks in the policy of an IPsec tunnel to this exchange. */
    encryptionDomain: Type.Optional(Type.Array(Network, { maxItems: 64 })),
    /** Bandwidths that a connection may have, in Mbit/s. */
    bandwidthMbps: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 400_000 }), { maxItems: 16 }),
    ),
    /** Source of everything but name and place. */
    detailsSource: Type.Optional(TopologySource),
  },
  strict,
);
export type TopologyExchange = Static<typeof TopologyExchange>;

export const TopologyEdge = Type.Object(
  {
    name: Name,
    legacyId: Name,
    region: Type.String(),
    kind: Type.Enum(["private", "public"]),
    /** Of a private edge: where its lines end. */
    exchange: Type.Optional(Type.String()),
    /** Left out: the exchange's. */
    place: Type.Optional(Place),
    /** Addresses and networks of signaling, both of requests that we send and of those we take. */
    signaling: Type.Array(Network, { maxItems: 64 }),
    /** Left out: those of the whole topology. */
    ports: Type.Optional(SignalingPorts),
    source: TopologySource,
  },
  strict,
);
export type TopologyEdge = Static<typeof TopologyEdge>;

export const TopologyMedia = Type.Object(
  {
    network: Network,
    /** UDP ports of our relay endpoints; the first is even. */
    ports: PortRange,
    /** UDP ports that clients send from and receive on. */
    clientPorts: PortRange,
    secureMedia: Type.Optional(Type.Array(Type.Enum(["ICE", "STUN", "SRTP"]))),
    /** Edges whose calls have their media there, the pseudo-edge among them. */
    edges: Type.Array(Type.Object({ edge: Type.String(), source: TopologySource }, strict), {
      maxItems: 1000,
    }),
  },
  strict,
);
export type TopologyMedia = Static<typeof TopologyMedia>;

export const Topology = Type.Object(
  {
    formatVersion: Type.Literal(1),
    /** Of a new installation, unless its configuration names one. */
    baseDomain: Type.String({
      pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$",
      maxLength: 200,
    }),
    /** Addresses of name servers that know the base domain; two at most are told to customers. */
    nameServers: Type.Optional(Type.Array(Network, { maxItems: 8 })),
    signaling: Type.Object({ ports: SignalingPorts }, strict),
    media: TopologyMedia,
    /** The pseudo-edge that means whichever private edge is nearest. */
    roaming: Type.Optional(Type.Object({ name: Name, legacyId: Name }, strict)),
    regions: Type.Array(TopologyRegion, { maxItems: 64 }),
    exchanges: Type.Array(TopologyExchange, { maxItems: 1000 }),
    edges: Type.Array(TopologyEdge, { maxItems: 1000 }),
    /** Gateways that are to be, for those who plan; a gateway itself is known by its token. */
    gateways: Type.Optional(
      Type.Array(
        Type.Object(
          { name: Type.String({ minLength: 1, maxLength: 64 }), edge: Type.String(), address: Network },
          strict,
        ),
        { maxItems: 1000 },
      ),
    ),
  },
  strict,
);
export type Topology = Static<typeof Topology>;
