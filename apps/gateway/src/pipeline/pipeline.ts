/**
 * The table of contents of a call. Both directions are lists of stages in order; each stage is one file with one
 * function. A stage passes, or refuses with a reason, and the first refusal ends the list. A third, short list is for the
 * attempt that a sister gateway asks for: it has asked everything else where the call entered. A fourth is for the call that
 * a transfer makes.
 *
 * A stage may have to wait (identity): the stages after it run when it has its verdict, on the same snapshot.
 *
 * Before the list: admission (`../admission.ts`) decides who is answered at all.
 * After it: `@tandem/b2bua` anchors the media, tries the candidates one by one and joins the legs; the release and
 * the call record are made in `../calls/`.
 *
 * The same lists run as a dry run without side effects: that is `explain`.
 */
import { accountStatus } from "./account-status.ts";
import { authentication } from "./authentication.ts";
import { backboneCall } from "./backbone-call.ts";
import { backboneVerification } from "./backbone-verification.ts";
import type { CallContext } from "./call-context.ts";
import { callerIdPolicy } from "./caller-id-policy.ts";
import { callerIdentity } from "./caller-identity.ts";
import { clientCertificate } from "./client-certificate.ts";
import { destinationPolicy } from "./destination-policy.ts";
import { exactRoute } from "./exact-route.ts";
import { headerPolicy } from "./header-policy.ts";
import { hopLimit } from "./hop-limit.ts";
import { identity } from "./identity.ts";
import { limits } from "./limits.ts";
import { mediaEngine } from "./media-engine.ts";
import { numberTranslation } from "./number-translation.ts";
import { routeSelection } from "./route-selection.ts";
import { securityPolicy } from "./security-policy.ts";
import type { StageServices } from "./stage-services.ts";
import { transferMode } from "./transfer-mode.ts";
import { transferRoute } from "./transfer-route.ts";
import { trunkOfNumber } from "./trunk-of-number.ts";
import type { Pending, Verdict } from "./verdict.ts";

export type Stage = (call: CallContext, services: StageServices) => Verdict | Pending;

export interface NamedStage {
  readonly name: string;
  readonly run: Stage;
}

/** Customer to carrier. */
export const termination: readonly NamedStage[] = [
  { name: "hop-limit", run: hopLimit },
  { name: "client-certificate", run: clientCertificate },
  { name: "authentication", run: authentication },
  { name: "account-status", run: accountStatus },
  { name: "security-policy", run: securityPolicy },
  { name: "header-policy", run: headerPolicy },
  { name: "number-translation", run: numberTranslation },
  { name: "caller-identity", run: callerIdentity },
  { name: "caller-id-policy", run: callerIdPolicy },
  { name: "destination-policy", run: destinationPolicy },
  { name: "identity", run: identity },
  { name: "limits", run: limits },
  { name: "route-selection", run: routeSelection },
  { name: "media-engine", run: mediaEngine },
];

/** Carrier to customer. */
export const origination: readonly NamedStage[] = [
  { name: "hop-limit", run: hopLimit },
  { name: "client-certificate", run: clientCertificate },
  { name: "number-translation", run: numberTranslation },
  { name: "trunk-of-number", run: trunkOfNumber },
  { name: "account-status", run: accountStatus },
  { name: "security-policy", run: securityPolicy },
  { name: "caller-identity", run: callerIdentity },
  { name: "header-policy", run: headerPolicy },
  { name: "identity", run: identity },
  { name: "limits", run: limits },
  { name: "route-selection", run: routeSelection },
  { name: "media-engine", run: mediaEngine },
];

/** Sister gateway to customer or carrier: one attempt of a call that entered elsewhere. */
export const backbone: readonly NamedStage[] = [
  { name: "hop-limit", run: hopLimit },
  { name: "backbone-verification", run: backboneVerification },
  { name: "backbone-call", run: backboneCall },
  { name: "exact-route", run: exactRoute },
  { name: "media-engine", run: mediaEngine },
];

/** Transferee to the target of a REFER. */
export const transfer: readonly NamedStage[] = [
  { name: "hop-limit", run: hopLimit },
  { name: "account-status", run: accountStatus },
  { name: "transfer-mode", run: transferMode },
  { name: "destination-policy", run: destinationPolicy },
  { name: "limits", run: limits },
  { name: "transfer-route", run: transferRoute },
];

export interface StageResult {
  readonly name: string;
  readonly verdict: Verdict;
}

/**
 * Runs the stages until one refuses, or has to wait: the others follow then. `visit` sees each verdict (explain); the last one
 * is returned. A dry run and a transfer wait for nothing.
 */
export function runPipeline(
  call: CallContext,
  services: StageServices,
  visit?: (result: StageResult) => void,
): Verdict | Pending {
  return runFrom(0, call, services, visit);
}

function runFrom(
  first: number,
  call: CallContext,
  services: StageServices,
  visit?: (result: StageResult) => void,
): Verdict | Pending {
  const stages = stagesOf(call);
  let last: Verdict = { kind: "pass", text: "" };
  for (let index = first; index < stages.length; index++) {
    const stage = stages[index];
    if (stage === undefined) break;
    const verdict = stage.run(call, services);
    if (verdict.kind === "wait") return goingOn(verdict, index, call, services);
    visit?.({ name: stage.name, verdict });
    if (verdict.kind === "refuse") return verdict;
    last = verdict;
  }
  return last;
}

/** What a stage waits for, and the stages after it. */
function goingOn(pending: Pending, index: number, call: CallContext, services: StageServices): Pending {
  const start: Pending["start"] = (done) =>
    pending.start((resume) =>
      done(() => {
        const verdict = resume();
        return verdict.kind === "pass" ? runFrom(index + 1, call, services) : verdict;
      }),
    );
  return { ...pending, start };
}

function stagesOf(call: CallContext): readonly NamedStage[] {
  if (call.transfer !== undefined) return transfer;
  if (call.backboneRequest !== undefined) return backbone;
  return call.direction === "termination" ? termination : origination;
}
