import { reasons } from "@tandem/reasons";
import { responseTo, type Verification, verStatOf } from "@tandem/stir";
import type { CallContext } from "./call-context.ts";
import { assertedNumberOf } from "./caller-identity.ts";
import type { StageServices } from "./stage-services.ts";
import { type Pending, pass, refuse, type Verdict } from "./verdict.ts";

/**
 * Identity (RFC 8224). A customer's PASSporT must hold, or its call is refused; but for an emergency call. What a carrier's is
 * worth is told to the customer in X-Tandem-VerStat and never stops the call. The call waits here for the certificate.
 */
export function identity(call: CallContext, services: StageServices): Verdict | Pending {
  const { request, direction, isEmergency } = call;
  if (!request.has("Identity")) return nothingToVerify;
  const identities = request.values("Identity");
  const { verification } = services;
  if (verification === undefined)
    return pass("Identity is not verified: this gateway has no stir.verification");
  if (call.isDryRun) return pass("the PASSporT would be verified");
  if (isEmergency) return pass("an emergency call is not held up");
  const callingNumber = direction === "termination" ? call.callingNumber : assertedNumberOf(call);
  const found = verification.verify({ identities, callingNumber, calledNumber: call.calledNumber });
  const judge = direction === "termination" ? ofCustomer : ofCarrier;
  if ("ok" in found) return judge(call, found);
  return {
    kind: "wait",
    text: "the certificate of the PASSporT is asked for",
    start: (done) => found.start((verified) => done(() => judge(call, verified))),
  };
}

/** Of nearly every call. */
const nothingToVerify = pass("no Identity");

function ofCustomer(call: CallContext, found: Verification): Verdict {
  // RFC 8224 §6.2: what a verification service does not know is no Identity to it.
  if (!found.ok && found.fault.name === "ppt-unsupported") return pass(found.fault.text);
  call.verification = found;
  if (found.ok) return pass(`the PASSporT holds, attestation ${found.attestation}`);
  const { statusCode, reasonPhrase } = responseTo(found.fault);
  return refuse(reasons.passportInvalid, found.fault.text, { statusCode, reasonPhrase });
}

function ofCarrier(call: CallContext, found: Verification): Verdict {
  const verStat = verStatOf(found);
  call.verification = found;
  call.stir.verStat = verStat;
  if (found.ok) {
    call.stir.attestation = found.attestation;
    return pass(verStat);
  }
  return pass(`${verStat}: ${found.fault.text}`);
}
