import type { HeaderFields, SipResponse } from "@tandem/sip/message";
import type { InviteUsage, InviteUsageUser, Path, ReliableResponse } from "@tandem/sip/user-agent";
import type { AttemptOutcome } from "./attempt-outcome.ts";
import type { CallPorts, EgressCandidate, EgressPlace, Unplaced } from "./call-plan.ts";
import type { Direction } from "./failover-policy.ts";
import type { Anchored } from "./media-anchor.ts";
import type { PlacedAt } from "./sister-placement.ts";

/** One try of one candidate, made here (`EgressAttempt`) or by a sister gateway (`SisterAttempt`). */
export interface Attempt {
  /** The candidate, or where its 302 led. */
  readonly candidate: EgressCandidate;
  /** The candidate's URL as configured, or the URI that its 302 led to. */
  readonly url: string;
  /** Call-ID of the INVITE that we sent last; "" before. */
  readonly sipCallId: string;
  /** `UDP 192.0.2.7:5060` of the address in use; undefined: nothing was sent. */
  readonly remote: string | undefined;
  /** The network of this gateway that it leaves by; undefined until that is known. */
  readonly path: Path | undefined;
  /** Where a sister gateway placed it; undefined: it is ours. */
  readonly placedAt: PlacedAt | undefined;
  start(): void;
  /** A private line is dead: an attempt over it does not wait for its timers. Others are not concerned. */
  onConnectionDown(connection: string, text: string): void;
  /** The caller is gone, or another way was taken. Nothing is reported any more. */
  abandon(headerFields?: HeaderFields): void;
}

export interface AttemptUser {
  /** A 180 or 183 was passed on to the caller, by this or an earlier attempt. */
  readonly hasAlerted: boolean;
  /** It leaves by another place than before: `attempt.path`. */
  onPlaced(attempt: Attempt): void;
  /** There is no way out for it: nothing was sent, nothing more is reported. */
  onUnplaced(objection: Unplaced, attempt: Attempt): void;
  /** There is no offer for the place it leaves by; nothing more is reported. */
  onUnoffered(failure: Extract<Anchored, { ok: false }>, attempt: Attempt): void;
  /** 101-199. One that is `reliable` is repeated by the callee until it is acknowledged. */
  onProvisional(response: SipResponse, attempt: Attempt, reliable: ReliableResponse | undefined): void;
  onAnswer(response: SipResponse, usage: InviteUsage, attempt: Attempt): void;
  onEnded(outcome: AttemptOutcome, attempt: Attempt): void;
}

export interface AttemptOptions {
  readonly ports: CallPorts;
  readonly candidate: EgressCandidate;
  /** Its place in the call record. */
  readonly index: number;
  readonly direction: Direction;
  readonly maxForwards: number;
  /** All of it: attempts are made one after the other (RFC 5393 §5.3.3.1). */
  readonly maxBreadth: number;
  /** Nothing else is left: a place that is thought to be dead is tried too. */
  readonly isLastResort: boolean;
  /** The offer for the place that the attempt leaves by; "": the callee makes it. Comes at once unless it has to be asked for. */
  readonly offer: (media: EgressPlace["media"], done: (offer: Anchored) => void) => void;
  /** Value of Supported in its INVITE. */
  readonly supported: string;
  /** Session-Expires in its INVITE. */
  readonly sessionIntervalSeconds: number;
  readonly user: AttemptUser;
  readonly usageUser: InviteUsageUser;
}
