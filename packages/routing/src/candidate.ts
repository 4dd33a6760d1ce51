import type { AttemptTimers, SnapshotCarrier } from "@tandem/contracts";
import type { Reason } from "@tandem/reasons";
import type { ParsedCandidateUri } from "./candidate-uri.ts";

/** What an attempt may be made on. */
export interface Candidate {
  readonly kind: "carrier" | "origination-url";
  /** Of the carrier gateway or the origination URL. */
  readonly sid: string;
  readonly carrier: SnapshotCarrier | undefined;
  /** As configured. */
  readonly url: string;
  readonly uri: ParsedCandidateUri;
  /** Edge whose gateways place the attempt. The edge where the call entered unless the candidate names one. */
  readonly edge: string | undefined;
  /** What health says against it; undefined: nothing. */
  readonly isDown: string | undefined;
  /** Why it stands at this place. */
  readonly why: string;
  readonly timers: AttemptTimers;
  /** SIP status code (as text) to verdict: exceptions from the failover table. */
  readonly failoverOverrides: Readonly<Record<string, "next" | "stop">>;
}

/** What is not tried, and why. */
export interface SkippedCandidate {
  readonly sid: string;
  readonly url: string;
  readonly reason: Reason;
  /** The reason's text with the facts of this case. */
  readonly text: string;
}

export interface Routed {
  /** In the order to try: those that health has nothing against, then those that are down. */
  readonly candidates: readonly Candidate[];
  readonly skipped: readonly SkippedCandidate[];
}

/** What the gateway knows about targets from probes and calls. */
export interface HealthView {
  stateOf(candidateSid: string): { readonly isDown: boolean; readonly reason: string };
}
