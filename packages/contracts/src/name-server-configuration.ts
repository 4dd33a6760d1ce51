/** The configuration file of one name server (YAML or JSON). Only the name server's `main.ts` reads it. */
import { type Static, Type } from "typebox";
import { MetricsConfiguration } from "./metrics-configuration.ts";

const Port = Type.Integer({ minimum: 0, maximum: 65535 });

/** Local address and port, for UDP and TCP alike. */
export const NameServerSocket = Type.Object({
  /** An address, not a wildcard: an answer must leave from the address that was asked. */
  address: Type.String(),
  /** 0 takes a free port (tests). */
  port: Port,
});
export type NameServerSocket = Static<typeof NameServerSocket>;

/** One NS record of the zone. */
export const ZoneNameServer = Type.Object({
  /** A host name; without a dot it stands below the base domain. */
  name: Type.String({ pattern: "^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$", maxLength: 253 }),
  /** Addresses of a name below the base domain; empty for others. */
  addresses: Type.Array(Type.String(), { maxItems: 8 }),
});
export type ZoneNameServer = Static<typeof ZoneNameServer>;

export const NameServerConfiguration = Type.Object({
  /** In the log, and in control's. */
  name: Type.String({ minLength: 1, maxLength: 64 }),
  /** Directory for the zone; created with mode 0700. */
  stateDirectory: Type.String(),
  control: Type.Object({ url: Type.String(), token: Type.String() }),
  /** Where questions come. */
  listen: Type.Array(NameServerSocket, { minItems: 1, maxItems: 16 }),
  /** Where heartbeats come (UDP). Left out: no gateway is ever believed dead. */
  heartbeats: Type.Optional(Type.Array(NameServerSocket, { maxItems: 16 })),
  /** The zone's NS records, the first also in SOA. */
  nameServers: Type.Array(ZoneNameServer, { minItems: 1, maxItems: 13 }),
  /** Seconds for which answers may be kept. Default 30. */
  ttlSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
  /** Answers over UDP to one source network (/24, /56) a second, and how many at once. */
  responseRateLimit: Type.Optional(
    Type.Object({
      responsesPerSecond: Type.Number({ exclusiveMinimum: 0 }),
      burst: Type.Integer({ minimum: 1 }),
    }),
  ),
  /** Left out: nothing is served. */
  metrics: Type.Optional(MetricsConfiguration),
  logLevel: Type.Optional(
    Type.Union([Type.Literal("debug"), Type.Literal("info"), Type.Literal("warn"), Type.Literal("error")]),
  ),
});
export type NameServerConfiguration = Static<typeof NameServerConfiguration>;
