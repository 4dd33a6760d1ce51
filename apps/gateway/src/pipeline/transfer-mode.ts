import { isEmergencyNumber, parseE164 } from "@tandem/numbering";
import { reasons } from "@tandem/reasons";
import { carrierDoorText, isCarrierDoor } from "../egress/carrier-door.ts";
import { literalAddress } from "../egress/egress-ways.ts";
import { isPrivateHost } from "../egress/redirect-policy.ts";
import type { ReferTarget } from "../transfer/refer-target.ts";
import type { CallContext } from "./call-context.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * Whether the trunk's transfer mode lets its customer transfer a call there: to the telephone network, or to a SIP URI. Sets
 * direction, called and calling number of the call that the transfer makes.
 */
export function transferMode(call: CallContext): Verdict {
  const { target, hasBothCalls, transferorNumber, transfereeNumber } = call.knownTransfer;
  const trunk = call.knownTrunk;
  const refused = refusalBy(call);
  if (refused !== undefined) return refused;
  call.callingNumber = trunk.transferCallerId === "from-transferor" ? transferorNumber : transfereeNumber;
  call.direction = target.kind === "number" || hasBothCalls ? "termination" : "origination";
  if (hasBothCalls) return pass("to the other call of the transferor");
  return target.kind === "uri" ? toUri(call, target) : toNumber(call, target);
}

function refusalBy(call: CallContext): Verdict | undefined {
  const { target, isCustomers, hasBothCalls, hasFixedMedia } = call.knownTransfer;
  const { sid, transferMode: mode = "disable-all" } = call.knownTrunk;
  if (!isCustomers) return notAllowed("only the customer of the trunk may transfer a call");
  if (mode === "disable-all") return notAllowed(`transfers are off on ${sid}`);
  if (mode === "sip-only" && (target.kind === "number" || hasBothCalls)) {
    return notAllowed(`${sid} transfers to SIP URIs only`);
  }
  if (!hasFixedMedia) return undefined;
  const text = "a call whose media rtpengine carries can not be transferred";
  return refuse(reasons.transferNotAllowed, text, { statusCode: 488 });
}

/** To a private address only from one, and to no carrier, as with a 302. */
function toUri(call: CallContext, target: Extract<ReferTarget, { kind: "uri" }>): Verdict {
  const { flow, transferorNumber } = call.knownTransfer;
  // Who passes the call on stands in Diversion.
  call.calledNumber = transferorNumber;
  if (isCarrierDoor(call.table, target.uri, literalAddress(target))) {
    return notAllowed(carrierDoorText(target.uri));
  }
  if (!isPrivateHost(target.uri.host) || isPrivateHost(flow.remoteAddress)) return pass(`to ${target.url}`);
  return notAllowed(`${target.uri.host} is a private address, the transferor's is not`);
}

function toNumber(call: CallContext, target: Extract<ReferTarget, { kind: "number" }>): Verdict {
  if (target.replaces !== undefined) {
    const text = "Replaces names no answered call of the trunk on this gateway";
    return refuse(reasons.transferNotAllowed, text, { statusCode: 481 });
  }
  if (isEmergencyNumber(target.dialled)) return notAllowed("an emergency number is no target of a transfer");
  const number = parseE164(target.dialled);
  if (number === undefined) {
    return refuse(reasons.invalidPhoneNumber, `${target.dialled} is not E.164 with a leading plus`);
  }
  call.calledNumber = number;
  return pass(`to ${number}`);
}

function notAllowed(text: string): Verdict {
  return refuse(reasons.transferNotAllowed, text);
}
