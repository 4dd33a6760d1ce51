import type { AudioSample, CallRecord } from "@tandem/contracts";
import type { Page, PageWindow } from "@tandem/database";
import Type, { type Static } from "typebox";
import { rfc2822 } from "../conventions/dates.ts";
import { Nullable } from "../conventions/parameters.ts";

/** Some time of the audio of one side. */
export const AudioSampleOfCall = Type.Object({
  call_sid: Type.String(),
  from: Type.Union([Type.Literal("ingress"), Type.Literal("egress")], {
    description: "Whose audio: of who called, or of who was called.",
  }),
  start_time: Type.String(),
  start_ms: Type.Number({ description: "From the answer." }),
  period_ms: Type.Number({
    description: "About ten seconds; longer in long calls, whose samples are joined.",
  }),
  packets: Type.Integer(),
  lost: Type.Integer(),
  jitter_ms: Type.Number(),
  mos: Nullable(Type.Number({ description: "1 to 4.5; null: nothing came, or the codec is not known." })),
  round_trip_ms: Nullable(Type.Number({ description: "Between the gateway and that side." })),
});
export type AudioSampleOfCall = Static<typeof AudioSampleOfCall>;

export interface SampleRow {
  readonly sequence: number;
  readonly from: "ingress" | "egress";
  readonly sample: AudioSample;
}

/** The samples of both sides, by time. */
export function samplesOf({ media }: CallRecord): SampleRow[] {
  const rows = [
    ...(media.fromIngress.quality?.samples ?? []).map((sample) => ({ from: "ingress" as const, sample })),
    ...(media.fromEgress.quality?.samples ?? []).map((sample) => ({ from: "egress" as const, sample })),
  ];
  return rows
    .toSorted((a, b) => a.sample.startMs - b.sample.startMs)
    .map((row, index) => ({ ...row, sequence: index + 1 }));
}

export function pageOf(rows: readonly SampleRow[], { limit, after, before }: PageWindow): Page<SampleRow> {
  const end = before === undefined ? rows.length : Math.min(rows.length, Math.max(0, before - 1));
  const start = before === undefined ? Math.min(rows.length, after ?? 0) : Math.max(0, end - limit);
  const wanted = rows.slice(start, Math.min(end, start + limit));
  return { rows: wanted, hasPrevious: start > 0, hasNext: start + wanted.length < rows.length };
}

export function presentSample(record: CallRecord, { from, sample }: SampleRow): AudioSampleOfCall {
  const beganMs = record.answeredAtMs ?? record.setupAtMs;
  return {
    call_sid: record.sid,
    from,
    start_time: rfc2822(new Date(beganMs + sample.startMs)),
    start_ms: sample.startMs,
    period_ms: sample.periodMs,
    packets: sample.packets,
    lost: sample.lost,
    jitter_ms: sample.jitterMs,
    mos: sample.mos,
    round_trip_ms: sample.roundTripMs,
  };
}
