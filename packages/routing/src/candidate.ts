import type { AttemptTimers, SnapshotCarrier, SnapshotConnection } from "@tandem/contracts";
import type { Reason } from "@tandem/reasons";
import type { ParsedCandidateUri } from "./candidate-uri.ts";

/** By which network of its edge an attempt leaves. The address of the target decides between the lines of one edge. */
export type CandidateNetwork =
  | { readonly kind: "carrier" }
  /** No edge is named: from where the call entered, over the internet if that edge has it. */
  | { readonly kind: "entry"; readonly accountSid: string }
  /** A public edge is named. */
  | { readonly kind: "public" }
  /** A private edge is named: by a line of this account that leads to the target. */
  | { readonly kind: "lines"; readonly accountSid: string }
  /** A line is named (`tnx`): by that one only. */
  | { readonly kind: "line"; readonly connection: SnapshotConnection };

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
  readonly network: CandidateNetwork;
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

/** A candidate before anybody asked for its health. */
export type JudgedCandidate = Omit<Candidate, "isDown">;

/** What the gateway knows about targets, and the ways to them, from probes and calls. */
export interface HealthView {
  stateOf(candidate: JudgedCandidate): { readonly isDown: boolean; readonly reason: string };
}

/** The candidate with what health says. */
export function judged(candidate: JudgedCandidate, health: HealthView): Candidate {
  const { isDown, reason } = health.stateOf(candidate);
  return { ...candidate, isDown: isDown ? reason : undefined };
}
