import { type Candidate, type JudgedCandidate, judged } from "@tandem/routing";
import { isPrivateHost } from "../egress/redirect-policy.ts";
import type { CallContext } from "./call-context.ts";
import { routeSelection } from "./route-selection.ts";
import type { StageServices } from "./stage-services.ts";
import { pass, type Verdict } from "./verdict.ts";

/** Which candidates: carriers for a number, the URI itself by the network that the transferor is on, then over the internet. */
export function transferRoute(call: CallContext, services: StageServices): Verdict {
  const { target, flow, hasBothCalls } = call.knownTransfer;
  if (hasBothCalls) return pass("both calls are here");
  if (target.kind === "number") return routeSelection(call, services);
  const { accountSid, sid, timers, failoverOverrides } = call.knownTrunk;
  const { uri, url } = target;
  const shared = {
    kind: "origination-url",
    sid,
    carrier: undefined,
    url,
    uri,
    timers,
    failoverOverrides,
  } as const;
  const candidates: JudgedCandidate[] = [];
  if (flow.connection !== undefined) {
    const network = { kind: "lines", accountSid } as const;
    candidates.push({ ...shared, edge: undefined, network, why: "the transferor is behind a private line" });
  }
  if (flow.connection === undefined || !isPrivateHost(uri.host)) {
    const network = { kind: "entry", accountSid } as const;
    candidates.push({ ...shared, edge: undefined, network, why: "the target of the REFER" });
  }
  call.candidates = candidates.map((one): Candidate => judged(one, services.health));
  return pass(`${candidates.length} candidates`);
}
