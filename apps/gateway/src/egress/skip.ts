import type { SkippedCandidate } from "@tandem/b2bua";
import type { Candidate } from "@tandem/routing";

/** A candidate that is not tried, and why. */
export function skip(
  candidate: Candidate,
  reason: SkippedCandidate["reason"],
  text: string,
): SkippedCandidate {
  return {
    sid: candidate.sid,
    carrierSid: candidate.carrier?.sid,
    url: candidate.url,
    edge: candidate.edge,
    reason,
    text,
  };
}
