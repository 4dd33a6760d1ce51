import { reasons } from "@tandem/reasons";
import type { CallContext } from "./call-context.ts";
import type { StageServices } from "./stage-services.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * A sister's request is taken once. Admission has found its address, signature, age, receiver and hop right before any
 * state was made for it; here it is remembered, so that a copy is not taken again.
 */
export function backboneVerification(call: CallContext, services: StageServices): Verdict {
  const asked = call.knownBackboneRequest;
  const why = `${asked.from} asks for attempt ${asked.attemptIndex} of ${asked.callSid}`;
  switch (services.replays.take(asked.nonce, asked.timeMs)) {
    case "new":
      return pass(why);
    case "seen":
      return refuse(reasons.backboneRequestReplayed, `${why}, and asked before`);
    case "full":
      return refuse(reasons.overload, "too many backbone requests are remembered");
  }
}
