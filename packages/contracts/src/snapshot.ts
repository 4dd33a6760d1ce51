/**
 * The snapshot: everything a gateway routes by, compiled by control, applied atomically between two messages and
 * kept on the gateway's disk with mode 0600 (it holds HA1 values and carrier passwords).
 *
 * Lists are flat and refer to each other by SID; `packages/routing` builds the indexes.
 */
import { type Static, Type } from "typebox";
import { accountDestinations, SnapshotDestinations } from "./destinations.ts";
import { HeaderRules } from "./header-policy.ts";
import { SnapshotConnection, SnapshotGateway, SnapshotRegion } from "./interconnect.ts";

/** Version of this document's shape. A reader accepts its own version and the one before (`upgradeSnapshot`). */
export const snapshotFormatVersion = 2;

export const Edge = Type.Object({
  /** `ashburn-ix`; what stands in localized termination names and in `;edge=`. */
  name: Type.String(),
  /** `us1-ix`; accepted wherever the name is. */
  legacyId: Type.String(),
  region: Type.String(),
  kind: Type.Union([Type.Literal("private"), Type.Literal("public")]),
});
export type Edge = Static<typeof Edge>;

/** Numbers that a customer's calls may show: any, those of its account, or also those of callers whose calls it sends on. */
export const CallerIdPolicy = Type.Union([
  Type.Literal("any"),
  Type.Literal("account"),
  Type.Literal("account-or-diverted"),
]);
export type CallerIdPolicy = Static<typeof CallerIdPolicy>;

export const SnapshotAccount = Type.Object({
  sid: Type.String(),
  status: Type.Union([Type.Literal("active"), Type.Literal("suspended"), Type.Literal("closed")]),
  /** `twilio` sends `X-Twilio-*` header fields in place of `X-Tandem-*`. */
  compatibility: Type.Union([Type.Literal("tandem"), Type.Literal("twilio")]),
  ...accountDestinations,
  /** Of a subaccount. */
  parentSid: Type.Optional(Type.String()),
  /** Termination calls per second that the trunks of the account and of its subaccounts share; left out: unlimited. */
  callsPerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  /** None of its trunks goes beyond it. Left out: `any`. */
  callerIdPolicy: Type.Optional(CallerIdPolicy),
  /** Numbers of others that it may show, E.164 with `+`; left out: none. */
  verifiedCallerIds: Type.Optional(Type.Array(Type.String())),
});
export type SnapshotAccount = Static<typeof SnapshotAccount>;

export const OriginationUrl = Type.Object({
  sid: Type.String(),
  /** `sip:host[:port][;transport=][;edge=|;tnx=][?X-name=value]`. */
  sipUrl: Type.String(),
  /** 0-65535, the lowest is tried first. */
  priority: Type.Integer({ minimum: 0, maximum: 65535 }),
  /** 1-65535, share among URLs of equal priority. */
  weight: Type.Integer({ minimum: 1, maximum: 65535 }),
  enabled: Type.Boolean(),
});
export type OriginationUrl = Static<typeof OriginationUrl>;

/** The three timers of an attempt, in seconds. */
export const AttemptTimers = Type.Object({
  /** From sending until any response, connecting included. 1-60. */
  firstResponseSeconds: Type.Number({ minimum: 1, maximum: 60 }),
  /** From 100 until 18x or a final response. 1-300. */
  progressSeconds: Type.Number({ minimum: 1, maximum: 300 }),
  /** From the first 18x until a final response. 1-600. */
  ringSeconds: Type.Number({ minimum: 1, maximum: 600 }),
});
export type AttemptTimers = Static<typeof AttemptTimers>;

export const defaultAttemptTimers: AttemptTimers = {
  firstResponseSeconds: 4,
  progressSeconds: 20,
  ringSeconds: 180,
};

export const SourcePolicy = Type.Union([
  Type.Literal("address"),
  Type.Literal("strict"),
  Type.Literal("symmetric"),
]);
export type SourcePolicy = Static<typeof SourcePolicy>;

/**
 * Encodings that a far side takes, the preferred first (`transcodableCodecs`): offers without any of them are transcoded. Left
 * out or empty: it is offered what the other side offers. A gateway takes names that it does not know.
 */
export const SnapshotCodecs = Type.Array(Type.String());

/** What a peer over TLS must show. */
export const TlsPeer = Type.Object({
  /** PEM of one certificate or more: one of them has issued the peer's certificate, or is it. */
  authorities: Type.String(),
  /** Lower-case domains (RFC 5922 §7.1), of which a client's certificate must have one. Empty: any. */
  names: Type.Array(Type.String()),
});
export type TlsPeer = Static<typeof TlsPeer>;

export const SnapshotTrunk = Type.Object({
  sid: Type.String(),
  accountSid: Type.String(),
  friendlyName: Type.String(),
  /** The label before `.pstn`; null for a trunk that only takes calls. May hold dots (sub-domains). */
  domainLabel: Type.Union([Type.String(), Type.Null()]),
  secure: Type.Boolean(),
  /** The customer must show a certificate; left out: need not. */
  tlsPeer: Type.Optional(TlsPeer),
  sourcePolicy: SourcePolicy,
  ipAccessControlListSids: Type.Array(Type.String()),
  credentialListSids: Type.Array(Type.String()),
  originationUrls: Type.Array(OriginationUrl),
  timers: AttemptTimers,
  /** Exceptions from the failover table: SIP status code (as text) to verdict. */
  failoverOverrides: Type.Record(Type.String(), Type.Union([Type.Literal("next"), Type.Literal("stop")])),
  /** Seconds after which an answered call is ended. */
  maximumDurationSeconds: Type.Integer({ minimum: 1 }),
  /** Differentiated services code point of media to the customer; left out: the gateway's. */
  mediaDscp: Type.Optional(Type.Integer({ minimum: 0, maximum: 63 })),
  /** Rewrite the numbers that the customer writes, and those that it is shown; left out: nothing does. */
  headerRules: Type.Optional(
    Type.Object({ termination: Type.Optional(HeaderRules), origination: Type.Optional(HeaderRules) }),
  ),
  /** Of the customer, for calls to it. */
  codecs: Type.Optional(SnapshotCodecs),
  /** Which REFERs of the customer are obeyed; left out: none. */
  transferMode: Type.Optional(
    Type.Union([Type.Literal("disable-all"), Type.Literal("enable-all"), Type.Literal("sip-only")]),
  ),
  /** Whose number the target of a transfer sees; left out: the transferee's. */
  transferCallerId: Type.Optional(
    Type.Union([Type.Literal("from-transferee"), Type.Literal("from-transferor")]),
  ),
  /** Left out: `any`. */
  callerIdPolicy: Type.Optional(CallerIdPolicy),
  /** Termination calls per second; null: unlimited. */
  callsPerSecond: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()]),
  /** Calls at a time; null: unlimited. */
  concurrentCalls: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
});
export type SnapshotTrunk = Static<typeof SnapshotTrunk>;

export const SnapshotIpAccessControlList = Type.Object({
  sid: Type.String(),
  /** CIDR texts, `192.0.2.0/24`; host addresses carry `/32` or `/128`. */
  networks: Type.Array(Type.String()),
  /** TX sid: the addresses count only when the request came over that private line. Null: over any way. */
  connectionSid: Type.Union([Type.String(), Type.Null()]),
});
export type SnapshotIpAccessControlList = Static<typeof SnapshotIpAccessControlList>;

export const DigestAlgorithm = Type.Union([Type.Literal("MD5"), Type.Literal("SHA-256")]);
export type DigestAlgorithm = Static<typeof DigestAlgorithm>;

export const SnapshotCredentialList = Type.Object({
  sid: Type.String(),
  algorithm: DigestAlgorithm,
  /** `ha1` is lower-case hex of H(username:realm:password): password-equivalent. */
  credentials: Type.Array(Type.Object({ username: Type.String(), ha1: Type.String() })),
});
export type SnapshotCredentialList = Static<typeof SnapshotCredentialList>;

export const SnapshotNumber = Type.Object({
  sid: Type.String(),
  accountSid: Type.String(),
  trunkSid: Type.Union([Type.String(), Type.Null()]),
  /** E.164 with `+`. */
  phoneNumber: Type.String(),
});
export type SnapshotNumber = Static<typeof SnapshotNumber>;

export const CarrierGateway = Type.Object({
  sid: Type.String(),
  /** `sip:host[:port][;transport=udp|tcp|tls]`. */
  sipUrl: Type.String(),
  priority: Type.Integer({ minimum: 0, maximum: 65535 }),
  weight: Type.Integer({ minimum: 1, maximum: 65535 }),
  enabled: Type.Boolean(),
  /** Edge whose gateways may place calls to it; null: any. */
  edge: Type.Union([Type.String(), Type.Null()]),
});
export type CarrierGateway = Static<typeof CarrierGateway>;

export const CarrierRoute = Type.Object({
  /** `+1`, `+4420`, or `+` for everything. The longest prefix wins, then the lowest priority. */
  prefix: Type.String(),
  priority: Type.Integer({ minimum: 0, maximum: 65535 }),
  weight: Type.Integer({ minimum: 1, maximum: 65535 }),
});
export type CarrierRoute = Static<typeof CarrierRoute>;

export const CarrierIdentity = Type.Union([Type.Literal("sign"), Type.Literal("pass"), Type.Literal("none")]);
export type CarrierIdentity = Static<typeof CarrierIdentity>;

export const SnapshotCarrier = Type.Object({
  sid: Type.String(),
  friendlyName: Type.String(),
  enabled: Type.Boolean(),
  /** Networks from which this carrier's calls come (CIDR texts). */
  sourceNetworks: Type.Array(Type.String()),
  gateways: Type.Array(CarrierGateway),
  routes: Type.Array(CarrierRoute),
  /** Digest credentials for its challenges; null: none. */
  credentials: Type.Union([Type.Object({ username: Type.String(), password: Type.String() }), Type.Null()]),
  /** Where and as whom to register; null: no registration wanted. */
  registration: Type.Union([
    Type.Object({
      registrarUrl: Type.String(),
      addressOfRecord: Type.String(),
      expiresSeconds: Type.Integer({ minimum: 60, maximum: 86400 }),
    }),
    Type.Null(),
  ]),
  sourcePolicy: SourcePolicy,
  timers: AttemptTimers,
  failoverOverrides: Type.Record(Type.String(), Type.Union([Type.Literal("next"), Type.Literal("stop")])),
  /** The carrier must show a certificate; left out: need not. */
  tlsPeer: Type.Optional(TlsPeer),
  /** Of the carrier, for calls to it. */
  codecs: Type.Optional(SnapshotCodecs),
  /** Identity of calls to it (RFC 8224): signed by us, as the customer sent it, or none. Left out: `pass`. */
  identity: Type.Optional(CarrierIdentity),
});
export type SnapshotCarrier = Static<typeof SnapshotCarrier>;

export const NonceKey = Type.Object({
  /** 1-255; stands in the nonce. */
  id: Type.Integer({ minimum: 1, maximum: 255 }),
  /** 64 hex digits. */
  secret: Type.String(),
});
export type NonceKey = Static<typeof NonceKey>;

/** Shared by the gateways and name servers of the installation: signs backbone requests and heartbeats. */
export const BackboneKey = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: 255 }),
  /** 64 hex digits. */
  secret: Type.String(),
});
export type BackboneKey = Static<typeof BackboneKey>;

export const Snapshot = Type.Object({
  formatVersion: Type.Integer(),
  /** Grows with every change of the configuration. */
  version: Type.Integer(),
  baseDomain: Type.String(),
  realm: Type.String(),
  edges: Type.Array(Edge),
  accounts: Type.Array(SnapshotAccount),
  trunks: Type.Array(SnapshotTrunk),
  ipAccessControlLists: Type.Array(SnapshotIpAccessControlList),
  credentialLists: Type.Array(SnapshotCredentialList),
  numbers: Type.Array(SnapshotNumber),
  carriers: Type.Array(SnapshotCarrier),
  /** The first signs, the others still verify. */
  nonceKeys: Type.Array(NonceKey, { minItems: 1 }),
  regions: Type.Array(SnapshotRegion),
  gateways: Type.Array(SnapshotGateway),
  connections: Type.Array(SnapshotConnection),
  /** The first signs, the others still verify. Empty: no backbone and no heartbeats. */
  backboneKeys: Type.Array(BackboneKey),
  /** Left out: nothing is known of any destination. */
  destinations: Type.Optional(SnapshotDestinations),
});
export type Snapshot = Static<typeof Snapshot>;

/**
 * A document of the version before this one gets what it lacks, with the meaning it had; anything else is returned as it
 * is, for the schema to judge.
 */
export function upgradeSnapshot(document: unknown): unknown {
  if (typeof document !== "object" || document === null) return document;
  const old = document as { formatVersion?: unknown; ipAccessControlLists?: unknown };
  if (old.formatVersion !== 1 || !Array.isArray(old.ipAccessControlLists)) return document;
  return {
    ...old,
    formatVersion: snapshotFormatVersion,
    ipAccessControlLists: old.ipAccessControlLists.map((list: object) => ({ connectionSid: null, ...list })),
    regions: [],
    gateways: [],
    connections: [],
    backboneKeys: [],
  };
}
