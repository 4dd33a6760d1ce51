import { isEmergencyNumber } from "@tandem/numbering";
import type { SipRequest } from "@tandem/sip/message";
import type { Admission } from "../admission.ts";
import { numberPart } from "../pipeline/number-part.ts";

/** A customer's call to an emergency number: it is taken however busy the gateway is. */
export function isUrgent(request: SipRequest, admission: Admission): boolean {
  if (admission.kind !== "trunk" || request.method !== "INVITE") return false;
  const { user } = admission.requestUri;
  return user !== undefined && isEmergencyNumber(numberPart(user));
}
