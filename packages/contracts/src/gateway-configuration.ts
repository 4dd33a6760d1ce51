/** The configuration file of one gateway (YAML or JSON). Only the gateway's `main.ts` reads it. */
import { type Static, Type } from "typebox";
import { MetricsConfiguration } from "./metrics-configuration.ts";
import { StirConfiguration } from "./stir-configuration.ts";

export const InterfaceRole = Type.Union([
  Type.Literal("private"),
  Type.Literal("public"),
  Type.Literal("carrier"),
  Type.Literal("backbone"),
]);
export type InterfaceRole = Static<typeof InterfaceRole>;

const Port = Type.Integer({ minimum: 0, maximum: 65535 });

export const InterfaceConfiguration = Type.Object({
  /** `customers`, `carriers`, …; unique in the gateway. */
  name: Type.String({ minLength: 1, maxLength: 64 }),
  /** A carrier is believed only on an interface of role `carrier`; a trunk only on `private` or `public`. */
  roles: Type.Array(InterfaceRole, { minItems: 1 }),
  /** Address the sockets are bound to. */
  localAddress: Type.String(),
  /** Address that stands in Via and Contact; the local one when left out. */
  advertisedAddress: Type.Optional(Type.String()),
  /** Ports; left out: that transport is not served. 0 takes a free port (tests). */
  udpPort: Type.Optional(Port),
  tcpPort: Type.Optional(Port),
  tlsPort: Type.Optional(Port),
  /** Differentiated services code point of signaling packets (RFC 2474). Default 24, CS3; 0: unmarked. Linux only. */
  signalingDscp: Type.Optional(Type.Integer({ minimum: 0, maximum: 63 })),
  /**
   * Whether requests go back over a TCP connection that a peer has opened, when its Via says `alias` (RFC 5923). Default
   * false: whoever shares that peer's address could take its calls. Over TLS a certificate decides, see docs/security.md.
   */
  tcpConnectionReuse: Type.Optional(Type.Boolean()),
  /** Media address to bind; the signalling address when left out. */
  mediaAddress: Type.Optional(Type.String()),
  /** Media address that stands in SDP; the media address when left out. */
  advertisedMediaAddress: Type.Optional(Type.String()),
  /** Device that media packets come by, when the media address is on the loopback device. For the kernel engine. */
  mediaDevice: Type.Optional(Type.String({ minLength: 1, maxLength: 15 })),
  /** Address in media packets on that device, when rules of the host put the media address in its place. */
  mediaWireAddress: Type.Optional(Type.String()),
});
export type InterfaceConfiguration = Static<typeof InterfaceConfiguration>;

export const TlsCertificate = Type.Object({
  /** Server names this certificate is chosen for by SNI; the first certificate also serves clients without SNI. */
  serverNames: Type.Array(Type.String()),
  certificateFile: Type.String(),
  keyFile: Type.String(),
});
export type TlsCertificate = Static<typeof TlsCertificate>;

/** How a routing daemon (FRR) is asked for the BGP and BFD state of the private lines. */
export const VtyshConfiguration = Type.Object({
  /** Program to run. Default `vtysh`. */
  path: Type.Optional(Type.String({ minLength: 1 })),
  /** FRR instance (`-N`), when more than one runs on the host. */
  pathspace: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}$" })),
  /** Directory of the daemons' sockets (`--vty_socket`). */
  socketDirectory: Type.Optional(Type.String({ minLength: 1 })),
  /** How often it is asked, besides after every change of a link. Default 1000, sensible 200 to 5000. */
  intervalMs: Type.Optional(Type.Integer({ minimum: 200, maximum: 10_000 })),
});
export type VtyshConfiguration = Static<typeof VtyshConfiguration>;

/** What the network agent (`tandem network`) of the gateway's host has to know besides. */
export const NetworkConfiguration = Type.Object({
  /**
   * Network (CIDR, /16 to /28) that the lines' local addresses are taken from; the agent lets no packet with such an
   * address in or out except as the line it belongs to. The same as control's. Default `100.127.0.0/16`.
   */
  localAddresses: Type.Optional(Type.String()),
  /**
   * Devices of lines whose routing tables a routing daemon (FRR, BIRD) fills. The agent puts no routes there then, only
   * the unreachable default behind them, and never touches the daemon's.
   */
  daemonRoutedDevices: Type.Optional(Type.Array(Type.String(), { maxItems: 4096 })),
  /** Left out: BGP and BFD are not asked for. */
  vtysh: Type.Optional(VtyshConfiguration),
});
export type NetworkConfiguration = Static<typeof NetworkConfiguration>;

/** Who carries media: see docs/media.md. */
export const MediaConfiguration = Type.Object({
  /**
   * `auto` (default): the kernel engine on every media address that it can serve, when the host has what it needs and the
   * process the capabilities; user space else. `kernel`: the same, but the gateway does not start without it.
   * `userspace`: never the kernel.
   */
  engine: Type.Optional(
    Type.Union([Type.Literal("auto"), Type.Literal("kernel"), Type.Literal("userspace")]),
  ),
  /** The part of `mediaPorts`, at its end, that is the kernel engine's alone. Even. Default: the last three quarters. */
  firstKernelPort: Type.Optional(Type.Integer({ minimum: 1024, maximum: 65534, multipleOf: 2 })),
  /** A bpf file system, or where the gateway can mount one. Default `/run/tandem/bpf`. */
  bpfDirectory: Type.Optional(Type.String({ minLength: 1 })),
  /** Differentiated services code point of media packets to carriers and sisters. Default 0. */
  dscp: Type.Optional(Type.Integer({ minimum: 0, maximum: 63 })),
});
export type MediaConfiguration = Static<typeof MediaConfiguration>;

/** A rtpengine that this gateway may use, for SRTP, DTLS and ICE. */
export const RtpengineConfiguration = Type.Object({
  /** Where its ng protocol listens, `address:port`. */
  address: Type.String({ minLength: 3, maxLength: 64 }),
  /** Share of the new sessions among those that answer. Default 1; 0: it gets none, which empties it. */
  weight: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  /** Its media addresses. A call needs one for each interface that its legs use. */
  interfaces: Type.Array(
    Type.Object({
      /** Interface of this gateway. */
      interface: Type.String({ minLength: 1, maxLength: 64 }),
      /** Logical interface of rtpengine (`--interface=NAME/…`). Default: named like the gateway's. */
      name: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}$" })),
      /** Address that rtpengine has or advertises there. Media on another one are not used. */
      address: Type.String(),
    }),
    { minItems: 1, maxItems: 4096 },
  ),
});
export type RtpengineConfiguration = Static<typeof RtpengineConfiguration>;

/** Overload control with neighbours that know it (RFC 7339): see docs/decisions/0039. */
export const OverloadControlConfiguration = Type.Object({
  /** Default true. False: nothing is announced, told or heeded. */
  enabled: Type.Optional(Type.Boolean()),
  /** Addresses of peers to which requests announce nothing, and whose feedback is not heeded: they can't read the Via. */
  exceptAddresses: Type.Optional(Type.Array(Type.String(), { maxItems: 1024 })),
});
export type OverloadControlConfiguration = Static<typeof OverloadControlConfiguration>;

/** SIP messages told to a collector (HEP3: Homer, sngrep): see docs/tracing.md. */
export const TraceConfiguration = Type.Object({
  /** Where the collector listens on UDP, `address` or `address:port`. Default port 9060. */
  collector: Type.String({ minLength: 3, maxLength: 64 }),
  /** Number of this gateway at the collector. Default 0. */
  captureId: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
  /** What the collector asks for; it goes in clear. */
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  /** Methods whose requests and responses are left out: `OPTIONS`, `REGISTER`. */
  skipMethods: Type.Optional(Type.Array(Type.String({ pattern: "^[A-Z]{1,32}$" }), { maxItems: 16 })),
});
export type TraceConfiguration = Static<typeof TraceConfiguration>;

/** Where the gateways of a region share the limits of trunks, a Valkey or Redis: see docs/limits.md. */
export const SharedLimitsConfiguration = Type.Object({
  /** Address or name. */
  host: Type.String({ minLength: 1, maxLength: 255 }),
  /** Default 6379. */
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  /** Number of the database. Default 0. */
  database: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  /** Left out: the store's user `default`. */
  username: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  /** Left out: the store asks for none. */
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
  /** Left out: no TLS, and counts and password go in clear. */
  tls: Type.Optional(
    Type.Object({
      /** PEM file of authorities that may have issued the store's certificate; the system's when left out. */
      authoritiesFile: Type.Optional(Type.String({ minLength: 1 })),
    }),
  ),
  /** Before each key, for installations that share a store. Default `tandem`. */
  keyPrefix: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9._-]{1,64}$" })),
});
export type SharedLimitsConfiguration = Static<typeof SharedLimitsConfiguration>;

export const GatewayConfiguration = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 64 }),
  edge: Type.String(),
  region: Type.String(),
  /** Directory for snapshot, journal and outbox; created with mode 0700. */
  stateDirectory: Type.String(),
  control: Type.Object({ url: Type.String(), token: Type.String() }),
  interfaces: Type.Array(InterfaceConfiguration, { minItems: 1 }),
  /** UDP ports of relay endpoints, both inclusive; the first must be even. */
  mediaPorts: Type.Object({ first: Type.Integer({ minimum: 1024 }), last: Type.Integer({ maximum: 65535 }) }),
  media: Type.Optional(MediaConfiguration),
  /** Endpoints (socket pairs) per media address that are bound at start. */
  preboundEndpoints: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Relays for secure media; left out: calls that need one are refused. */
  rtpengines: Type.Optional(Type.Array(RtpengineConfiguration, { maxItems: 32 })),
  tls: Type.Optional(
    Type.Object({
      certificates: Type.Array(TlsCertificate, { minItems: 1 }),
      /** Shown to servers that ask a gateway for a certificate (mutual TLS); none when left out. */
      clientCertificate: Type.Optional(
        Type.Object({ certificateFile: Type.String(), keyFile: Type.String() }),
      ),
      /** PEM file of trusted authorities for outgoing TLS; the system's when left out. */
      authoritiesFile: Type.Optional(Type.String()),
      /** Whether a customer's or carrier's server certificate must verify. Default true. */
      verifyPeers: Type.Optional(Type.Boolean()),
    }),
  ),
  /** DNS servers as `address` or `address:port`; the system's when left out. */
  dnsServers: Type.Optional(Type.Array(Type.String())),
  /** SIP timers in milliseconds; RFC 3261 values when left out. */
  timers: Type.Optional(
    Type.Object({
      t1Ms: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
      t2Ms: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
      t4Ms: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
      /** Timer D over UDP. Default 32000, and at least 64*T1 of the slowest peer: for tests with a short T1 alone. */
      timerDMs: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    }),
  ),
  /**
   * How a request's private line is known. `kernel`: each line has sockets on its own local address, and the rules of the
   * network agent let nothing else reach it. `address` (default): by the routes of the connection that hold the source
   * address, on interfaces of role private; for trials and tests, where nothing enforces it.
   */
  lineAttribution: Type.Optional(Type.Union([Type.Literal("kernel"), Type.Literal("address")])),
  /** For the network agent of the host; the gateway itself does not read it. */
  network: Type.Optional(NetworkConfiguration),
  /** Name servers that get heartbeats, as `address` or `address:port`. */
  heartbeatTargets: Type.Optional(Type.Array(Type.String(), { maxItems: 16 })),
  /** OPTIONS health probes of carrier gateways and origination URLs. */
  health: Type.Optional(
    Type.Object({
      enabled: Type.Boolean(),
      /** 15 or more. */
      intervalSeconds: Type.Number({ minimum: 15 }),
    }),
  ),
  /** Left out: nothing is served. */
  metrics: Type.Optional(MetricsConfiguration),
  overloadControl: Type.Optional(OverloadControlConfiguration),
  /** Left out: each gateway holds trunks to their limits by itself. */
  sharedLimits: Type.Optional(SharedLimitsConfiguration),
  /** Seconds with both directions silent after which a call is ended. Default 300. */
  mediaInactivitySeconds: Type.Optional(Type.Number({ minimum: 1 })),
  /** Session-Expires that the gateway asks for on each leg (RFC 4028). Default 1800. */
  sessionIntervalSeconds: Type.Optional(Type.Integer({ minimum: 90, maximum: 86_400 })),
  /** Min-SE: smaller session intervals are refused with 422. Default 90, the least that RFC 4028 allows. */
  minimumSessionIntervalSeconds: Type.Optional(Type.Integer({ minimum: 90, maximum: 86_400 })),
  /**
   * Nice value of the thread that carries calls. Default -10, where the process may set it and was not started with one of
   * its own. 0: as everything else.
   */
  nice: Type.Optional(Type.Integer({ minimum: -20, maximum: 19 })),
  /** How UDP of signaling, and of media in user space, is read and written. Default: `native`, which falls back to `node` where there is none. */
  datagrams: Type.Optional(Type.Union([Type.Literal("native"), Type.Literal("node")])),
  /** Left out: no message leaves the gateway but for its peers. */
  trace: Type.Optional(TraceConfiguration),
  /** Left out: Identity is neither signed nor verified. */
  stir: Type.Optional(StirConfiguration),
  logLevel: Type.Optional(
    Type.Union([Type.Literal("debug"), Type.Literal("info"), Type.Literal("warn"), Type.Literal("error")]),
  ),
});
export type GatewayConfiguration = Static<typeof GatewayConfiguration>;
