import type { Clock } from "@tandem/clock";
import type { MediaRelay } from "@tandem/media";
import type { Reason } from "@tandem/reasons";
import type { HeaderFields } from "@tandem/sip/message";
import type { DigestIdentity, Path, UserAgent } from "@tandem/sip/user-agent";
import type { Direction } from "./failover-policy.ts";
import type { LegMediaOptions } from "./media-anchor.ts";
import type { PlacementReporter, SisterPlacement } from "./sister-placement.ts";

/** What the INVITE of an attempt says; Via, Call-ID, CSeq, Contact and tags are written by the attempt. */
export interface EgressInvite {
  readonly requestUri: string;
  /** name-addr without a tag. */
  readonly from: string;
  readonly to: string;
  readonly headerFields: HeaderFields;
}

/** One way to place the egress leg, in the order of routing. */
export interface EgressCandidate {
  /** Origination URL SID or carrier gateway SID. */
  readonly sid: string;
  readonly carrierSid: string | undefined;
  /** As configured. */
  readonly url: string;
  readonly edge: string | undefined;
  /** URI that is located (RFC 3263). */
  readonly nextHop: string;
  readonly path: Path;
  readonly media: Omit<LegMediaOptions, "signalingAddress">;
  readonly credentials: DigestIdentity | undefined;
  readonly firstResponseMs: number;
  readonly progressMs: number;
  readonly ringMs: number;
  readonly failoverOverrides: Readonly<Record<string, "next" | "stop">>;
  /** Why health thinks it is down; such a candidate is tried last. */
  readonly downReason: string | undefined;
  /** What the far end gets; made when the attempt starts. With a placement the sister makes its own. */
  readonly invite: () => EgressInvite;
  /** The candidate that a 302 from this one leads to, or why it may not be followed. */
  readonly redirect: (contactUri: string) => EgressCandidate | Reason;
  /** The gateways that place it for us; left out: we do. */
  readonly placement?: SisterPlacement;
}

/** A candidate that routing refused to use. */
export interface SkippedCandidate {
  readonly sid: string;
  readonly carrierSid: string | undefined;
  readonly url: string;
  readonly edge: string | undefined;
  readonly reason: Reason;
  readonly text: string;
}

/** Everything the pipeline decided about a call before the first attempt. */
export interface CallPlan {
  readonly exchangeCallId: string;
  readonly direction: Direction;
  readonly candidates: readonly EgressCandidate[];
  readonly skipped: readonly SkippedCandidate[];
  readonly ingressMedia: LegMediaOptions;
  /** Max-Forwards of the egress INVITE: the ingress one less 1. */
  readonly maxForwards: number;
  readonly maximumDurationMs: number;
  /** Both directions silent for so long ends the call. */
  readonly mediaInactivityMs: number;
  /** `X-Tandem-CallSid` or the compatible name: stands in every BYE of ours. */
  readonly callSidHeaderField: string;
  /** Left out: the call entered here. Else its one attempt is for a sister gateway, which is told everything. */
  readonly reporter?: PlacementReporter;
  /** The caller heard ringing before, by an attempt of another gateway. */
  readonly hasAlerted?: boolean;
}

/** How an attempt ended, as the health of its target sees it. */
export interface AttemptSignal {
  readonly candidate: EgressCandidate;
  readonly statusCode: number | undefined;
  readonly failure: "timeout" | "transport-error" | undefined;
  readonly retryAfterSeconds: number | undefined;
}

/** What a call needs of the program around it. */
export interface CallPorts {
  readonly agent: UserAgent;
  readonly relay: MediaRelay;
  readonly clock: Clock;
  /** 0 to 1; decides glare delays. */
  readonly random: () => number;
  /** Passive health. */
  onAttemptSignal(signal: AttemptSignal): void;
}
