import { isEmergencyNumber, parseE164 } from "@tandem/numbering";
import { reasons } from "@tandem/reasons";
import type { CallContext } from "./call-context.ts";
import { numberPart } from "./number-part.ts";
import { phoneContextOf } from "./phone-context.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * The called number: what a header policy made of it, or the user part of the Request-URI without its parameters, E.164 with a
 * leading plus. Carriers may
 * leave the plus out; emergency codes stand as they are. A local number (RFC 3966 §5.1.5) is none of them: only its own context
 * says how it is dialled from elsewhere.
 */
export function numberTranslation(call: CallContext): Verdict {
  const { to } = call.rewritten;
  const user = to ?? call.requestUri?.user;
  if (user === undefined) return refuse(reasons.invalidPhoneNumber, "the Request-URI has no user part");
  const dialled = to ?? numberPart(user);
  if (call.direction === "termination" && isEmergencyNumber(dialled)) {
    call.calledNumber = dialled;
    call.isEmergency = true;
    return pass(`${dialled} is an emergency number`);
  }
  const context = phoneContextOf(user);
  if (context !== undefined) {
    return refuse(reasons.invalidPhoneNumber, `${dialled} is a local number of the phone-context ${context}`);
  }
  const isBareCarrierNumber = call.direction === "origination" && /^[1-9]/.test(dialled);
  const number = parseE164(isBareCarrierNumber ? `+${dialled}` : dialled);
  if (number === undefined) {
    return refuse(reasons.invalidPhoneNumber, `${dialled} is not E.164 with a leading plus`);
  }
  call.calledNumber = number;
  return pass(`called number ${number}`);
}
