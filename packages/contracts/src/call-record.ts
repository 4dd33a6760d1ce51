/**
 * The call record: one per call, with one attempt record per candidate that was tried or skipped.
 * Written by a gateway into its outbox before the call is forgotten, delivered at least once, stored once by `sid`.
 */
import { type Static, Type } from "typebox";

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const CallDirection = Type.Union([Type.Literal("termination"), Type.Literal("origination")]);
export type CallDirection = Static<typeof CallDirection>;

export const CallStatus = Type.Union([
  Type.Literal("queued"),
  Type.Literal("ringing"),
  Type.Literal("in-progress"),
  Type.Literal("completed"),
  Type.Literal("busy"),
  Type.Literal("failed"),
  Type.Literal("no-answer"),
  Type.Literal("canceled"),
]);
export type CallStatus = Static<typeof CallStatus>;

/** Some time of the audio of one side: ten seconds and, when a long call has been thinned, many times that. */
export const AudioSample = Type.Object({
  /** From the answer. A gateway that was restarted has samples from when it took the call up. */
  startMs: Type.Number(),
  periodMs: Type.Number(),
  packets: Type.Integer(),
  lost: Type.Integer(),
  /** RFC 3550 interarrival jitter at its end; of a thinned sample the greatest. */
  jitterMs: Type.Number(),
  /** Mean opinion score, 1 to 4.5; of a thinned sample the lowest. Null: nothing came, or the codec is not known. */
  mos: Nullable(Type.Number()),
  /** Between us and that side; of a thinned sample the longest. Null: RTCP does not tell. */
  roundTripMs: Nullable(Type.Number()),
});
export type AudioSample = Static<typeof AudioSample>;

/** How good the audio of one side was when it reached us. */
export const AudioQuality = Type.Object({
  /** Encoding name of the answer. */
  codec: Nullable(Type.String()),
  /** Over the whole call. */
  mosMean: Nullable(Type.Number()),
  mosMinimum: Nullable(Type.Number()),
  /** The last one that is known. */
  roundTripMs: Nullable(Type.Number()),
  /** What this side said over RTCP of the packets that reached it: lost between the other side and it. */
  reportedLost: Nullable(Type.Integer()),
  reportedJitterMs: Nullable(Type.Number()),
  /** In order of time, none for a short call. */
  samples: Type.Array(AudioSample),
});
export type AudioQuality = Static<typeof AudioQuality>;

/** What arrived from one side of the call at our relay, and was passed on to the other. */
export const MediaDirection = Type.Object({
  packets: Type.Integer(),
  bytes: Type.Integer(),
  lost: Type.Integer(),
  /** RFC 3550 interarrival jitter in milliseconds. */
  jitterMs: Type.Number(),
  /**
   * Telephone events that this side began (RFC 4733): key presses, never which keys. Null or left out: they were not counted,
   * since rtpengine carried the media or there were none, or the record is of a gateway that does not tell.
   */
  events: Type.Optional(Nullable(Type.Integer({ minimum: 0 }))),
  /**
   * Packets that came for this side from an address or port that its source policy does not take, and went no further. Null or left
   * out: they were not counted, for the reasons above.
   */
  foreignPackets: Type.Optional(Nullable(Type.Integer({ minimum: 0 }))),
  /** Null or left out: there was no audio, or the record is of a gateway that does not tell. */
  quality: Type.Optional(Nullable(AudioQuality)),
});
export type MediaDirection = Static<typeof MediaDirection>;

/** Which engine carried the media, and why it was chosen. */
export const RecordMediaEngine = Type.Object({
  /** `relay`: the gateway's own. */
  name: Type.Union([Type.Literal("relay"), Type.Literal("rtpengine")]),
  why: Type.String(),
  /** Address of the rtpengine; null for the gateway's own, or when nothing was set up. */
  instance: Nullable(Type.String()),
});
export type RecordMediaEngine = Static<typeof RecordMediaEngine>;

/** One side was heard in an answered call, and the other was not. */
export const OneWayAudio = Type.Object({
  /** Whose audio did not come. */
  silentSide: Type.Union([Type.Literal("caller"), Type.Literal("callee")]),
  /** Since when, from the answer: it was heard last, a hold ended, or nothing has come at all. */
  sinceMs: Type.Number(),
  /** Packets for that side that came from elsewhere than its source policy takes, until then. Left out: none did. */
  foreignPackets: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type OneWayAudio = Static<typeof OneWayAudio>;

const RecordMedia = Type.Object({
  fromIngress: MediaDirection,
  fromEgress: MediaDirection,
  /** Null or left out: no media were set up, or the record is of a gateway that does not tell. */
  engine: Type.Optional(Nullable(RecordMediaEngine)),
  /** Null or left out: both sides were heard, or none. */
  oneWayAudio: Type.Optional(Nullable(OneWayAudio)),
});

export const RecordReason = Type.Object({
  /** Number in the catalogue of `@tandem/reasons`. */
  code: Type.Integer(),
  text: Type.String(),
});
export type RecordReason = Static<typeof RecordReason>;

export const AttemptRecord = Type.Object({
  /** 0 is the first candidate. */
  index: Type.Integer(),
  /** Origination URL SID or carrier gateway SID. */
  candidateSid: Type.String(),
  carrierSid: Nullable(Type.String()),
  /** The URL as configured. */
  url: Type.String(),
  edge: Nullable(Type.String()),
  interface: Nullable(Type.String()),
  connection: Nullable(Type.String()),
  /** Sister gateway that placed the attempt for us over the backbone; left out or null: we placed it ourselves. */
  viaGateway: Type.Optional(Nullable(Type.String())),
  /** `UDP 192.0.2.7:5060`; null when nothing was sent. */
  remote: Nullable(Type.String()),
  sipCallId: Nullable(Type.String()),
  startedAtMs: Type.Number(),
  /** From sending the INVITE to the first 18x or 2xx; null when there was none. */
  postDialDelayMs: Nullable(Type.Number()),
  endedAtMs: Type.Number(),
  result: Type.Union([
    Type.Literal("answered"),
    Type.Literal("failed"),
    Type.Literal("skipped"),
    Type.Literal("abandoned"),
  ]),
  statusCode: Nullable(Type.Integer()),
  reasonPhrase: Nullable(Type.String()),
  q850Cause: Nullable(Type.Integer()),
  reason: Nullable(RecordReason),
});
export type AttemptRecord = Static<typeof AttemptRecord>;

/** What the PASSporTs of a call said (RFC 8224, RFC 8588). */
export const RecordStir = Type.Object({
  /** Of a call from a carrier: `TN-Validation-Passed-A`, …; null: no Identity came, or nobody verified it. */
  verStat: Nullable(Type.String()),
  /** Under which the call left, or came and was believed. */
  attestation: Nullable(Type.Union([Type.Literal("A"), Type.Literal("B"), Type.Literal("C")])),
});
export type RecordStir = Static<typeof RecordStir>;

export const ReleasedBy = Type.Union([
  Type.Literal("caller"),
  Type.Literal("callee"),
  Type.Literal("exchange"),
  Type.Literal("operator"),
]);
export type ReleasedBy = Static<typeof ReleasedBy>;

export const CallRecord = Type.Object({
  /** `CA` and 32 hex digits: the exchangeCallId. */
  sid: Type.String(),
  direction: CallDirection,
  accountSid: Nullable(Type.String()),
  trunkSid: Nullable(Type.String()),
  phoneNumberSid: Nullable(Type.String()),
  carrierSid: Nullable(Type.String()),
  gateway: Type.String(),
  edge: Type.String(),
  /** The call that a transfer made this one of; left out or null: it came in by itself. */
  parentCallSid: Type.Optional(Nullable(Type.String())),
  /** Attended transfer: the call of the transferor with the callee, which this one took the place of. */
  replacedCallSid: Type.Optional(Nullable(Type.String())),
  /** The call that a transfer made of this one. */
  transferredToCallSid: Type.Optional(Nullable(Type.String())),
  /** Edge named by the Request-URI when it is another one. */
  namedEdge: Nullable(Type.String()),
  ingressInterface: Type.String(),
  ingressConnection: Nullable(Type.String()),
  /** `UDP 192.0.2.7:5060`. */
  ingressRemote: Type.String(),
  ingressSipCallId: Type.String(),
  egressSipCallId: Nullable(Type.String()),
  callingNumber: Type.String(),
  calledNumber: Type.String(),
  status: CallStatus,
  /** Unix milliseconds. */
  setupAtMs: Type.Number(),
  answeredAtMs: Nullable(Type.Number()),
  releasedAtMs: Nullable(Type.Number()),
  /** INVITE received to first 18x or 2xx passed on. */
  postDialDelayMs: Nullable(Type.Number()),
  releasedBy: Nullable(ReleasedBy),
  /** Final status code sent to the caller in set-up. */
  statusCode: Nullable(Type.Integer()),
  q850Cause: Nullable(Type.Integer()),
  reason: Nullable(RecordReason),
  attempts: Type.Array(AttemptRecord),
  media: RecordMedia,
  /** Null or left out: there was no PASSporT, or the record is of a gateway that does not tell. */
  stir: Type.Optional(Nullable(RecordStir)),
  /** True when the gateway that answered was restarted during the call. */
  adopted: Type.Boolean(),
});
export type CallRecord = Static<typeof CallRecord>;

/**
 * What a sister gateway did for a call that entered elsewhere: it placed one attempt for it, over the backbone, and
 * relayed its media. Control shows it with the call record of `callSid`; either may arrive first.
 */
export const LegRecord = Type.Object({
  /** The exchangeCallId, as the gateway where the call entered gave it. */
  callSid: Type.String(),
  /** Index of the attempt in the call record. */
  attemptIndex: Type.Integer(),
  /** The sister gateway and its edge. */
  gateway: Type.String(),
  edge: Type.String(),
  /** Where the call entered. */
  entryGateway: Type.String(),
  candidateSid: Type.String(),
  /** Path of the egress leg. */
  interface: Nullable(Type.String()),
  connection: Nullable(Type.String()),
  /** `UDP 192.0.2.7:5060`; null when nothing was sent. */
  remote: Nullable(Type.String()),
  backboneSipCallId: Type.String(),
  egressSipCallId: Nullable(Type.String()),
  setupAtMs: Type.Number(),
  answeredAtMs: Nullable(Type.Number()),
  releasedAtMs: Type.Number(),
  statusCode: Nullable(Type.Integer()),
  q850Cause: Nullable(Type.Integer()),
  reason: Nullable(RecordReason),
  /** From the entry gateway over the backbone, and from the far end. */
  media: RecordMedia,
  adopted: Type.Boolean(),
});
export type LegRecord = Static<typeof LegRecord>;

export const Alert = Type.Object({
  /** `NO` and 32 hex digits. */
  sid: Type.String(),
  accountSid: Nullable(Type.String()),
  trunkSid: Nullable(Type.String()),
  callSid: Nullable(Type.String()),
  code: Type.Integer(),
  level: Type.Union([Type.Literal("error"), Type.Literal("warning")]),
  text: Type.String(),
  atMs: Type.Number(),
});
export type Alert = Static<typeof Alert>;
