import { type Reason, reasons } from "@tandem/reasons";
import type { SipResponse } from "@tandem/sip/message";
import type { EgressCandidate, EgressPlace } from "./call-plan.ts";

/** The one 302 that an attempt may follow: its candidate before, and where the 302 led afterwards. */
export class FollowedRedirect {
  #candidate: EgressCandidate;
  #hasFollowed = false;
  /** Why the last 302 was not followed. */
  #failure: Reason | undefined;

  constructor(candidate: EgressCandidate) {
    this.#candidate = candidate;
  }

  get candidate(): EgressCandidate {
    return this.#candidate;
  }

  get hasFollowed(): boolean {
    return this.#hasFollowed;
  }

  get failure(): Reason | undefined {
    return this.#failure;
  }

  /** The candidate's URL as configured, or the URI that the 302 led to. */
  get url(): string {
    return this.#hasFollowed ? this.#candidate.nextHop : this.#candidate.url;
  }

  /** The response that came now is no 302, or one that is judged anew. */
  forgetFailure(): void {
    this.#failure = undefined;
  }

  /** Where a 302 leads that came by `place`; undefined: it may not be followed, and `failure` says why. */
  next(response: SipResponse, place: EgressPlace | undefined): EgressCandidate | undefined {
    const next = this.#hasFollowed ? reasons.redirectFailed : this.#redirected(response, place);
    if ("invite" in next) return next;
    this.#failure = next;
    return undefined;
  }

  follow(next: EgressCandidate): void {
    this.#hasFollowed = true;
    this.#candidate = next;
  }

  /** Only the first URI of the first Contact counts. */
  #redirected(response: SipResponse, place: EgressPlace | undefined): EgressCandidate | Reason {
    const contact = response.contact();
    if (!contact.ok || contact.value === undefined || contact.value === "*") return reasons.redirectFailed;
    if (place === undefined) return reasons.redirectFailed;
    return this.#candidate.redirect(contact.value.addrSpec, place);
  }
}
