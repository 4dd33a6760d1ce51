import { reasons } from "@tandem/reasons";
import { originationCandidates, terminationCandidates } from "@tandem/routing";
import type { CallContext } from "./call-context.ts";
import type { StageServices } from "./stage-services.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/** Which candidates, in which order. */
export function routeSelection(call: CallContext, services: StageServices): Verdict {
  const { table } = call;
  const { edge, health, random } = services;
  const routed =
    call.direction === "termination"
      ? terminationCandidates(table, { calledNumber: call.calledNumber, edge }, health, random)
      : originationCandidates(table, call.knownTrunk, { edge }, health, random);
  call.candidates = routed.candidates;
  call.skipped = routed.skipped.map((skipped) => ({
    sid: skipped.sid,
    url: skipped.url,
    reasonCode: skipped.reason.code,
    text: skipped.text,
  }));
  if (routed.candidates.length > 0) return pass(`${routed.candidates.length} candidates`);
  return call.direction === "termination"
    ? refuse(reasons.noCandidates, `no carrier has a route for ${call.calledNumber}`)
    : refuse(reasons.noOriginationUrl, `${call.knownTrunk.sid} has no usable origination URL`);
}
