interface AttemptView {
  readonly url: string | null;
  readonly result: string;
  readonly status_code: number | null;
  readonly reason_code: number | null;
}

interface MediaView {
  readonly packets: number;
  readonly bytes: number;
  readonly lost: number;
  readonly jitter_ms: number;
  readonly telephone_events: number | null;
  readonly foreign_packets: number | null;
  readonly codec: string | null;
}

interface Details {
  readonly status_code: number | null;
  readonly q850_cause: number | null;
  readonly reason_code: number | null;
  readonly released_by: string | null;
  readonly ingress_sip_call_id: string;
  readonly adopted: boolean;
  readonly stir_verstat: string | null;
  readonly stir_attestation: string | null;
  readonly attempts: readonly AttemptView[];
  readonly media: Readonly<Record<"from_ingress" | "from_egress", MediaView>> & {
    readonly engine: string | null;
    readonly engine_reason: string | null;
    readonly engine_instance: string | null;
  };
}

/** A call record as the API tells it, in short. */
export interface CallRecordView {
  readonly sid: string;
  readonly status: string;
  readonly direction: string;
  readonly from: string;
  readonly to: string;
  readonly durationSeconds: number | undefined;
  readonly statusCode: number | null;
  readonly q850Cause: number | null;
  readonly reasonCode: number | null;
  readonly releasedBy: string | null;
  readonly adopted: boolean;
  readonly stirVerStat: string | null;
  readonly stirAttestation: string | null;
  readonly ingressSipCallId: string;
  /** `answered 200`, `failed 503`, `timeout`: result and status code of each. */
  readonly attempts: readonly string[];
  readonly attemptReasons: readonly (number | null)[];
  readonly packets: { readonly fromIngress: number; readonly fromEgress: number };
  readonly media: Details["media"];
}

export function recordView(call: Record<string, unknown>): CallRecordView {
  const details = call["tandem"] as Details;
  const duration = call["duration"];
  return {
    sid: String(call["sid"]),
    status: String(call["status"]),
    direction: String(call["direction"]),
    from: String(call["from"]),
    to: String(call["to"]),
    durationSeconds: typeof duration === "string" ? Number(duration) : undefined,
    statusCode: details.status_code,
    q850Cause: details.q850_cause,
    reasonCode: details.reason_code,
    releasedBy: details.released_by,
    adopted: details.adopted,
    stirVerStat: details.stir_verstat,
    stirAttestation: details.stir_attestation,
    ingressSipCallId: details.ingress_sip_call_id,
    attempts: details.attempts.map(({ result, status_code: statusCode }) =>
      statusCode === null ? result : `${result} ${statusCode}`,
    ),
    attemptReasons: details.attempts.map((attempt) => attempt.reason_code),
    media: details.media,
    packets: {
      fromIngress: details.media.from_ingress.packets,
      fromEgress: details.media.from_egress.packets,
    },
  };
}
