import type { Clock } from "@tandem/clock";
import type { MediaRelay, SdpRelay } from "@tandem/media";
import type { Reason } from "@tandem/reasons";
import type { HeaderFields } from "@tandem/sip/message";
import type { Target } from "@tandem/sip/transport";
import type { DigestIdentity, Path, UserAgent } from "@tandem/sip/user-agent";
import type { Direction } from "./failover-policy.ts";
import type { LegMediaOptions } from "./media-anchor.ts";
import type { SessionPolicy } from "./session-interval.ts";
import type { PlacementReporter, SisterPlacement } from "./sister-placement.ts";

/** What the INVITE of an attempt says; Via, Call-ID, CSeq, Contact and tags are written by the attempt. */
export interface EgressInvite {
  readonly requestUri: string;
  /** name-addr without a tag. */
  readonly from: string;
  readonly to: string;
  readonly headerFields: HeaderFields;
}

/** The network that an attempt leaves by, with its media. */
export interface EgressPlace {
  readonly path: Path;
  readonly media: Omit<LegMediaOptions, "signalingAddress">;
  /** The same URL by another network, for when this one carried nothing. */
  readonly fallback: Fallback | undefined;
}

/** Made when it is wanted; or why there is none. */
export type Fallback = () => EgressCandidate | SkippedCandidate;

/** Why an attempt can't leave. */
export interface Unplaced {
  readonly ok: false;
  readonly reason: Reason;
  readonly text: string;
  /** The network that it would leave by, when there is one. */
  readonly path: Path | undefined;
  /** The network is there but known to be dead: worth a try when nothing else is left. */
  readonly mayBeTriedLast: boolean;
  readonly fallback: Fallback | undefined;
}

export type Placement = { readonly ok: true; readonly place: EgressPlace } | Unplaced;

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
  /** URI that is located in its place: the first of a preloaded route set. Left out: there is none. */
  readonly firstHop?: string | undefined;
  /**
   * Where an attempt leaves. Asked before locating, without an address; undefined: the address decides, and it is asked
   * again for each one. The addresses of one name may lead to different places.
   * @param isLastResort nothing else is left: a network that is thought to be dead is no objection
   */
  readonly placeOf: (address: string | undefined, isLastResort: boolean) => Placement | undefined;
  readonly credentials: DigestIdentity | undefined;
  readonly firstResponseMs: number;
  readonly progressMs: number;
  readonly ringMs: number;
  readonly failoverOverrides: Readonly<Record<string, "next" | "stop">>;
  /** Why health thinks it is down; such a candidate is tried last. */
  readonly downReason: string | undefined;
  /** Why it stands in for another one; undefined: it stands for itself. */
  readonly insteadOf: { readonly reason: Reason; readonly text: string } | undefined;
  /** An emergency call: it goes to a target that has asked for fewer calls all the same. Left out: it is none. */
  readonly isUrgent?: boolean;
  /** What the far end gets; made when the attempt starts. With a placement the sister makes its own. */
  readonly invite: () => EgressInvite;
  /** The candidate that a 302 from this one leads to, by the same place, or why it may not be followed. */
  readonly redirect: (contactUri: string, from: EgressPlace) => EgressCandidate | Reason;
  /** The gateways that place it for us; left out: we do. */
  readonly placement?: SisterPlacement;
}

/** `placeOf` of a candidate that leaves by one place, whatever its address. */
export function placedAt(place: EgressPlace): EgressCandidate["placeOf"] {
  const placement: Placement = { ok: true, place };
  return () => placement;
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

/** What holds for a call as long as it lasts. */
export interface CallTerms {
  readonly exchangeCallId: string;
  readonly maximumDurationMs: number;
  /** Both directions silent for so long ends the call. */
  readonly mediaInactivityMs: number;
  /** Session timers of both legs; left out: `defaultSessionPolicy`. */
  readonly sessionPolicy?: SessionPolicy;
  /** `X-Tandem-CallSid` or the compatible name: stands in every BYE of ours. */
  readonly callSidHeaderField: string;
}

/** Everything the pipeline decided about a call before the first attempt. */
export interface CallPlan extends CallTerms {
  readonly direction: Direction;
  readonly candidates: readonly EgressCandidate[];
  readonly skipped: readonly SkippedCandidate[];
  readonly ingressMedia: LegMediaOptions;
  /** What a leg needs that only rtpengine does; left out: the relay of this process carries the media. */
  readonly negotiation?: { readonly key: string; readonly why: string } | undefined;
  /** Why the relay of this process does, where something else was asked for; left out: nothing was. */
  readonly relayWhy?: string | undefined;
  /** Max-Forwards of the egress INVITE: the ingress one less 1. */
  readonly maxForwards: number;
  /** Max-Breadth of the egress INVITE (RFC 5393): that of the ingress one. Left out: 60. */
  readonly maxBreadth?: number;
  /** Left out: the call entered here. Else its one attempt is for a sister gateway, which is told everything. */
  readonly reporter?: PlacementReporter;
  /** The caller heard ringing before, by an attempt of another gateway. */
  readonly hasAlerted?: boolean;
}

/** The terms of a plan, without its candidates and what they hold on to. */
export function termsOf(plan: CallPlan): CallTerms {
  const { exchangeCallId, maximumDurationMs, mediaInactivityMs, sessionPolicy, callSidHeaderField } = plan;
  const terms = { exchangeCallId, maximumDurationMs, mediaInactivityMs, callSidHeaderField };
  return sessionPolicy === undefined ? terms : { ...terms, sessionPolicy };
}

/** How an attempt ended, as the health of its target sees it. */
export interface AttemptSignal {
  readonly candidate: EgressCandidate;
  /** How it was reached; undefined: it was not, since no address was found. */
  readonly path: Path | undefined;
  readonly statusCode: number | undefined;
  readonly failure: "timeout" | "transport-error" | undefined;
  readonly retryAfterSeconds: number | undefined;
}

/** What a call needs of the program around it. */
export interface CallPorts {
  readonly agent: UserAgent;
  readonly relay: MediaRelay;
  /** Left out: there is no rtpengine. */
  readonly sdpRelay?: SdpRelay | undefined;
  readonly clock: Clock;
  /** 0 to 1; decides glare delays. */
  readonly random: () => number;
  /** Which targets have asked for fewer calls (RFC 7339); left out: nobody has. */
  readonly overload?: { sheds(target: Target): boolean };
  /** Passive health. */
  onAttemptSignal(signal: AttemptSignal): void;
}
