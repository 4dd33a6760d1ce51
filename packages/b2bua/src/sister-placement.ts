import type { Reason } from "@tandem/reasons";
import type { HeaderFields, SipResponse } from "@tandem/sip/message";
import type { Target } from "@tandem/sip/transport";
import type { Attempt } from "./attempt.ts";
import type { EgressInvite } from "./call-plan.ts";
import type { AttemptResult } from "./failover-policy.ts";

/** A sister gateway as the place to which an INVITE goes. */
export interface SisterTarget {
  readonly gateway: string;
  readonly target: Target;
}

/** Where a sister gateway placed an attempt: its path, and the far end. */
export interface PlacedAt {
  readonly gateway: string;
  readonly edge: string | undefined;
  readonly interfaceName: string | undefined;
  readonly connection: string | undefined;
  /** `UDP 192.0.2.7:5060`; undefined: nothing was sent to the far end. */
  readonly remote: string | undefined;
  /** Where a 302 led; undefined: none was followed. */
  readonly redirectedTo: string | undefined;
}

/**
 * How an attempt ended at the sister. `result` is that of the far end, as an attempt of our own would have seen it.
 * `not-placed`: nothing was sent, another sister may have more luck. `failed`: a fault of the sister's.
 * `unusable`: the callee answered what can't be used, and the call is over.
 */
export type SisterVerdict =
  | { readonly kind: "ended"; readonly result: AttemptResult }
  | { readonly kind: "not-placed" | "failed" | "unusable" };

/** What a sister says of the attempt that it places for us. */
export interface SisterReport {
  readonly placedAt: PlacedAt;
  /** Undefined in a provisional response and a 2xx. */
  readonly verdict: SisterVerdict | undefined;
  readonly reason: Reason | undefined;
  readonly text: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

export type SisterReading =
  | { readonly ok: true; readonly report: SisterReport }
  /** The response is not the sister's, or can't be understood. */
  | { readonly ok: false; readonly text: string };

/** What is known when an INVITE to a sister is written: it says and signs it. */
export interface SisterOccasion {
  readonly sister: SisterTarget;
  readonly callId: string;
  readonly fromTag: string;
  /** "" without an offer. */
  readonly body: string;
  /** Place of the attempt in the call record. */
  readonly attemptIndex: number;
  /** The caller has heard ringing already. */
  readonly hasAlerted: boolean;
}

/** How an attempt is placed by somebody else: any one of these gateways. */
export interface SisterPlacement {
  /** In the order to try; at least one. */
  readonly sisters: readonly SisterTarget[];
  /** Without any response for so long the next sister is asked. */
  readonly firstResponseMs: number;
  /** A sister that has begun shows signs of life; silent for so long it is given up. */
  readonly silenceMs: number;
  /** Made for each sister that is asked. */
  invite(occasion: SisterOccasion): EgressInvite;
  /** Judges a response of a sister; every one but 100 must be signed. */
  read(response: SipResponse, sister: SisterTarget): SisterReading;
  /** A sister did not answer, or went silent. */
  onSilent(gateway: string, text: string): void;
}

/** What is said in the response to a gateway that we place an attempt for. */
export interface PlacementNews {
  readonly statusCode: number;
  /** As it stands in the response. */
  readonly body: string;
  readonly attempt: Attempt | undefined;
  /** Undefined in a provisional response and a 2xx. */
  readonly verdict: SisterVerdict | undefined;
  readonly reason: Reason | undefined;
  readonly text: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

/** Tells the gateway where a call entered what became of the one attempt that it asked for. */
export interface PlacementReporter {
  /** Header fields for a response to it. */
  headerFields(news: PlacementNews): HeaderFields;
}
