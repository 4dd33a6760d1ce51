import type {
  AttemptRecord,
  AudioQuality,
  CallRecord,
  LegRecord,
  LiveCall,
  MediaDirection,
} from "@tandem/contracts";
import type { CallLegRow, CallRow } from "@tandem/database";
import Type, { type Static, type TSchema } from "typebox";
import { rfc2822 } from "../conventions/dates.ts";
import { accountUri } from "../conventions/locations.ts";
import { Nullable } from "../conventions/parameters.ts";

const Text = Nullable(Type.String());
const Count = Nullable(Type.Integer());

const Attempt = Type.Object({
  index: Type.Integer(),
  candidate_sid: Type.String(),
  url: Nullable(Type.String({ description: "Null for a carrier's gateway, which only the operator sees." })),
  edge: Text,
  connection_sid: Nullable(Type.String({ description: "The private line it went over, or was to." })),
  via_gateway: Nullable(Type.String({ description: "The sister gateway that placed it; null: none." })),
  result: Type.String(),
  status_code: Count,
  reason_phrase: Text,
  q850_cause: Count,
  reason_code: Count,
  reason_text: Text,
  post_dial_delay_ms: Nullable(Type.Number()),
});

/** What arrived from one side of the call. */
const Media = Type.Object({
  packets: Type.Integer(),
  bytes: Type.Integer(),
  lost: Type.Integer(),
  jitter_ms: Type.Number(),
  telephone_events: Nullable(
    Type.Integer({ description: "Key presses (RFC 4733), never which keys; null: they were not counted." }),
  ),
  foreign_packets: Nullable(
    Type.Integer({
      description:
        "Packets for this side from an address or port that its source policy does not take; null: they were not counted.",
    }),
  ),
  codec: Text,
  mos_mean: Nullable(Type.Number({ description: "Mean opinion score, 1 to 4.5, of what arrived." })),
  mos_minimum: Nullable(Type.Number({ description: "Of the worst sample." })),
  round_trip_ms: Nullable(
    Type.Number({ description: "Between the gateway and that side; null: not known." }),
  ),
  reported_lost: Nullable(
    Type.Integer({
      description: "Of the other side's packets, as this side counted them and told over RTCP.",
    }),
  ),
  reported_jitter_ms: Nullable(Type.Number()),
});

const MediaOfCall = Type.Object({
  from_ingress: Media,
  from_egress: Media,
  one_way_audio: Nullable(Type.String({ description: "`caller` or `callee`: who was not heard." })),
  one_way_audio_since_ms: Nullable(Type.Number({ description: "From the answer." })),
  engine: Nullable(Type.String({ description: "`relay`, the gateway's own, or `rtpengine`." })),
  engine_reason: Nullable(Type.String({ description: "What made the choice." })),
  engine_instance: Nullable(Type.String({ description: "Which rtpengine." })),
});

/** What a sister gateway did for the call: the attempt of that index, as seen from where it was placed. */
const Leg = Type.Object({
  attempt_index: Type.Integer(),
  gateway: Type.String(),
  edge: Type.String(),
  entry_gateway: Type.String({ description: "Where the call entered." }),
  candidate_sid: Type.String(),
  connection_sid: Text,
  egress_sip_call_id: Text,
  start_time: Type.String(),
  answer_time: Text,
  end_time: Type.String(),
  status_code: Count,
  q850_cause: Count,
  reason_code: Count,
  reason_text: Text,
  adopted: Type.Boolean(),
  media: MediaOfCall,
});

/** What only Tandem tells; null while the call is in progress. */
const Details = Type.Object({
  gateway: Type.String(),
  edge: Type.String(),
  status_code: Count,
  q850_cause: Count,
  reason_code: Count,
  reason_text: Text,
  released_by: Text,
  post_dial_delay_ms: Nullable(Type.Number()),
  ingress_connection_sid: Nullable(Type.String({ description: "The private line that it came over." })),
  ingress_sip_call_id: Type.String(),
  egress_sip_call_id: Text,
  named_edge: Text,
  adopted: Type.Boolean({ description: "The gateway was restarted during the call." }),
  stir_verstat: Nullable(
    Type.String({
      description: "What the carrier's PASSporT was worth: TN-Validation-Passed-A, …; null: none came.",
    }),
  ),
  stir_attestation: Nullable(
    Type.String({ description: "A, B or C: under which the call left, or came and was believed." }),
  ),
  media: MediaOfCall,
  attempts: Type.Array(Attempt),
  legs: Type.Array(Leg, { description: "Of sister gateways; they may come some time after the call." }),
});

export const Call = Type.Object({
  sid: Type.String(),
  account_sid: Text,
  parent_call_sid: Text,
  phone_number_sid: Text,
  trunk_sid: Text,
  to: Type.String(),
  to_formatted: Type.String(),
  from: Type.String(),
  from_formatted: Type.String(),
  status: Type.String(),
  start_time: Text,
  end_time: Text,
  duration: Nullable(
    Type.String({ description: "Whole seconds; null unless the call was answered and is over." }),
  ),
  direction: Type.String(),
  price: Type.Null(),
  price_unit: Type.Null(),
  answered_by: Type.Null(),
  api_version: Type.String(),
  forwarded_from: Type.Null(),
  group_sid: Type.Null(),
  caller_name: Type.Null(),
  queue_time: Type.String(),
  date_created: Text,
  date_updated: Text,
  uri: Type.String(),
  subresource_uris: Type.Record(Type.String(), Type.String()) satisfies TSchema,
  tandem: Nullable(Details),
});
export type Call = Static<typeof Call>;

/** Who looks at a call: `accountSid` stands in its addresses, the operator also sees carriers. */
export interface CallViewer {
  readonly accountSid: string;
  readonly isOperator: boolean;
}

/** A call that is over, with the legs that are known of it. */
export function presentCall(row: CallRow, legs: readonly CallLegRow[], viewer: CallViewer): Call {
  return {
    ...frame(row.sid, viewer.accountSid),
    subresource_uris: { audio_samples: `${callUri(viewer.accountSid, row.sid)}/AudioSamples.json` },
    account_sid: row.account_sid,
    parent_call_sid: row.parent_call_sid,
    phone_number_sid: row.phone_number_sid,
    trunk_sid: row.trunk_sid,
    ...parties(row.calling_number, row.called_number),
    status: row.status,
    start_time: rfc2822(row.start_time),
    end_time: row.end_time === null ? null : rfc2822(row.end_time),
    duration: row.answer_time === null ? null : String(row.duration_seconds),
    direction: directions[row.direction],
    date_created: rfc2822(row.date_created),
    date_updated: rfc2822(row.date_created),
    tandem: detailsOf(row.record, legs, viewer),
  };
}

/** A call in progress, as its gateway told it. */
export function presentLiveCall(call: LiveCall, viewer: CallViewer): Call {
  const start = rfc2822(new Date(call.setupAtMs));
  return {
    ...frame(call.sid, viewer.accountSid),
    account_sid: call.accountSid,
    parent_call_sid: null,
    phone_number_sid: null,
    trunk_sid: call.trunkSid,
    ...parties(call.callingNumber, call.calledNumber),
    status: call.status,
    start_time: start,
    end_time: null,
    duration: null,
    direction: directions[call.direction],
    date_created: start,
    date_updated: start,
    tandem: null,
  };
}

const directions = { termination: "trunking-terminating", origination: "trunking-originating" } as const;

/** The fields that are the same for every call of a trunk. */
function frame(sid: string, accountSid: string) {
  return {
    sid,
    price: null,
    price_unit: null,
    answered_by: null,
    api_version: "2010-04-01",
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: "0",
    uri: `${callUri(accountSid, sid)}.json`,
    subresource_uris: {},
  };
}

function callUri(accountSid: string, sid: string): string {
  return `${accountUri(accountSid)}/Calls/${sid}`;
}

function parties(callingNumber: string, calledNumber: string) {
  return { to: calledNumber, to_formatted: calledNumber, from: callingNumber, from_formatted: callingNumber };
}

function detailsOf(
  record: CallRecord,
  legs: readonly CallLegRow[],
  viewer: CallViewer,
): Static<typeof Details> {
  return {
    gateway: record.gateway,
    edge: record.edge,
    status_code: record.statusCode,
    q850_cause: record.q850Cause,
    reason_code: record.reason?.code ?? null,
    reason_text: record.reason?.text ?? null,
    released_by: record.releasedBy,
    post_dial_delay_ms: record.postDialDelayMs,
    ingress_connection_sid: record.ingressConnection,
    ingress_sip_call_id: record.ingressSipCallId,
    egress_sip_call_id: record.egressSipCallId,
    named_edge: record.namedEdge,
    adopted: record.adopted,
    stir_verstat: record.stir?.verStat ?? null,
    stir_attestation: record.stir?.attestation ?? null,
    media: presentMediaOf(record),
    attempts: record.attempts.map((attempt) => presentAttempt(attempt, viewer)),
    legs: legs.map(presentLeg),
  };
}

function presentMedia(direction: MediaDirection): Static<typeof Media> {
  const { packets, bytes, lost, jitterMs, events, foreignPackets, quality } = direction;
  return {
    packets,
    bytes,
    lost,
    jitter_ms: jitterMs,
    telephone_events: events ?? null,
    foreign_packets: foreignPackets ?? null,
    ...presentQuality(quality ?? unknownQuality),
  };
}

type SummaryOfQuality = Omit<AudioQuality, "samples">;

const unknownQuality: SummaryOfQuality = {
  codec: null,
  mosMean: null,
  mosMinimum: null,
  roundTripMs: null,
  reportedLost: null,
  reportedJitterMs: null,
};

function presentQuality(quality: SummaryOfQuality) {
  return {
    codec: quality.codec,
    mos_mean: quality.mosMean,
    mos_minimum: quality.mosMinimum,
    round_trip_ms: quality.roundTripMs,
    reported_lost: quality.reportedLost,
    reported_jitter_ms: quality.reportedJitterMs,
  };
}

function presentAttempt(attempt: AttemptRecord, viewer: CallViewer): Static<typeof Attempt> {
  return {
    index: attempt.index,
    candidate_sid: attempt.candidateSid,
    url: attempt.carrierSid === null || viewer.isOperator ? attempt.url : null,
    edge: attempt.edge,
    connection_sid: attempt.connection,
    via_gateway: attempt.viaGateway ?? null,
    result: attempt.result,
    status_code: attempt.statusCode,
    reason_phrase: attempt.reasonPhrase,
    q850_cause: attempt.q850Cause,
    reason_code: attempt.reason?.code ?? null,
    reason_text: attempt.reason?.text ?? null,
    post_dial_delay_ms: attempt.postDialDelayMs,
  };
}

/** `gateway`: who sent it, whatever the leg says. */
function presentLeg({ gateway, leg }: CallLegRow): Static<typeof Leg> {
  const time = (ms: number) => rfc2822(new Date(ms));
  return {
    attempt_index: leg.attemptIndex,
    gateway,
    edge: leg.edge,
    entry_gateway: leg.entryGateway,
    candidate_sid: leg.candidateSid,
    connection_sid: leg.connection,
    egress_sip_call_id: leg.egressSipCallId,
    start_time: time(leg.setupAtMs),
    answer_time: leg.answeredAtMs === null ? null : time(leg.answeredAtMs),
    end_time: time(leg.releasedAtMs),
    status_code: leg.statusCode,
    q850_cause: leg.q850Cause,
    reason_code: leg.reason?.code ?? null,
    reason_text: leg.reason?.text ?? null,
    adopted: leg.adopted,
    media: presentMediaOf(leg),
  };
}

function presentMediaOf({ media }: Pick<LegRecord, "media">): Static<typeof MediaOfCall> {
  const { fromIngress, fromEgress, engine, oneWayAudio } = media;
  return {
    from_ingress: presentMedia(fromIngress),
    from_egress: presentMedia(fromEgress),
    one_way_audio: oneWayAudio?.silentSide ?? null,
    one_way_audio_since_ms: oneWayAudio?.sinceMs ?? null,
    engine: engine?.name ?? null,
    engine_reason: engine?.why ?? null,
    engine_instance: engine?.instance ?? null,
  };
}
