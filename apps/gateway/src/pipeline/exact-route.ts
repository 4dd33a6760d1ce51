import { reasons } from "@tandem/reasons";
import { type HealthView, originationCandidates, terminationCandidates } from "@tandem/routing";
import type { CallContext } from "./call-context.ts";
import type { StageServices } from "./stage-services.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/** What is thought of the target is no objection: who asked has decided to try it. A dead line is one all the same. */
const anyHealth: HealthView = { stateOf: () => ({ isDown: false, reason: "" }) };

/** Exactly the candidate that the sister chose, if this gateway's snapshot has it and may place it. */
export function exactRoute(call: CallContext, services: StageServices): Verdict {
  const { table, calledNumber } = call;
  const { candidateSid, overInternet } = call.knownBackboneRequest;
  const { edge } = services;
  const first = (): number => 0;
  const routed =
    call.direction === "termination"
      ? terminationCandidates(table, { calledNumber, edge }, anyHealth, first)
      : originationCandidates(table, call.knownTrunk, { edge }, anyHealth, first);
  const candidate = routed.candidates.find((one) => one.sid === candidateSid);
  if (candidate === undefined) {
    const skipped = routed.skipped.find((one) => one.sid === candidateSid);
    return refuse(
      skipped?.reason ?? reasons.backboneCandidateUnknown,
      skipped?.text ?? `this gateway knows no candidate ${candidateSid} for the call`,
    );
  }
  if (overInternet) {
    call.candidates = [{ ...candidate, edge, network: { kind: "public" } }];
    return pass(`${candidateSid}, over the internet`);
  }
  if (candidate.edge !== undefined && table.edgeNameOf(candidate.edge) !== table.edgeNameOf(edge)) {
    const text = `${candidateSid} belongs to ${candidate.edge}, this gateway is on ${edge}`;
    return refuse(reasons.backboneCandidateUnknown, text);
  }
  call.candidates = [candidate];
  return pass(`${candidateSid}: ${candidate.why}`);
}
