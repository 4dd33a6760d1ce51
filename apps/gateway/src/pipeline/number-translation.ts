import { isEmergencyNumber, parseE164 } from "@tandem/numbering";
import { reasons } from "@tandem/reasons";
import { unescapeUser } from "@tandem/sip/uri";
import type { CallContext } from "./call-context.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * The called number: the user part of the Request-URI without its parameters, E.164 with a leading plus. Carriers may
 * leave the plus out; emergency codes stand as they are.
 */
export function numberTranslation(call: CallContext): Verdict {
  const user = call.requestUri?.user;
  if (user === undefined) return refuse(reasons.invalidPhoneNumber, "the Request-URI has no user part");
  const dialled = numberPart(user);
  if (call.direction === "termination" && isEmergencyNumber(dialled)) {
    call.calledNumber = dialled;
    call.isEmergency = true;
    return pass(`${dialled} is an emergency number`);
  }
  const isBareCarrierNumber = call.direction === "origination" && /^[1-9]/.test(dialled);
  const number = parseE164(isBareCarrierNumber ? `+${dialled}` : dialled);
  if (number === undefined) {
    return refuse(reasons.invalidPhoneNumber, `${dialled} is not E.164 with a leading plus`);
  }
  call.calledNumber = number;
  return pass(`called number ${number}`);
}

/** `+1555;npdi;rn=…` and `%2B1555` to `+1555`. */
export function numberPart(user: string): string {
  const semicolon = user.indexOf(";");
  return unescapeUser(semicolon < 0 ? user : user.slice(0, semicolon));
}
