import {
  type DialingPermissions,
  defaultPermissions,
  permissionBits,
  type RiskClass,
} from "@tandem/contracts";
import { isoCodeOf } from "@tandem/numbering";
import { reasons } from "@tandem/reasons";
import type { AccountDestinations } from "@tandem/routing";
import type { CallContext } from "./call-context.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * Whether the account may call there: lists of numbers that may not be shown and may not be called, of the account, its
 * parent and the operator, then the switch of the number's country for the number's class. Emergency calls pass. A transfer
 * to the telephone network is asked the same but for the number that it shows, which the customer does not choose.
 */
export function destinationPolicy(call: CallContext): Verdict {
  if (call.isEmergency) return pass("an emergency call may always be placed");
  if (call.transfer !== undefined && !leadsToNumber(call)) return pass("not to the telephone network");
  const own = call.table.destinationsOf(call.knownAccount);
  return forbidden(call, own) ?? permitted(call.calledNumber, own.permissions, call);
}

function leadsToNumber(call: CallContext): boolean {
  const { target, hasBothCalls } = call.knownTransfer;
  return target.kind === "number" && !hasBothCalls;
}

/** By a list; undefined: none has either number. */
function forbidden(call: CallContext, { prefixes }: AccountDestinations): Verdict | undefined {
  const { calledNumber, callingNumber } = call;
  const operators = call.table.destinations.forbidden;
  for (const list of [operators, ...prefixes]) {
    const whose = list === operators ? "exchange" : "account";
    const origin = call.transfer === undefined ? list.notOriginating(callingNumber) : undefined;
    if (origin !== undefined) {
      return refuse(
        reasons.invalidCallerId,
        `${callingNumber} begins with ${origin}, which the ${whose} does not originate`,
      );
    }
    const blocked = list.blocking(calledNumber);
    if (blocked !== undefined) {
      return refuse(
        reasons.numberBlocked,
        `${calledNumber} begins with ${blocked}, which the ${whose} has blocked`,
      );
    }
  }
  return undefined;
}

const classNames: Readonly<Record<RiskClass, string>> = {
  "low-risk": "low-risk",
  "high-risk-special": "high-risk special",
  "high-risk-toll-fraud": "high-risk toll-fraud",
};

function permitted(number: string, permissions: DialingPermissions | undefined, call: CallContext): Verdict {
  if (permissions === undefined) return pass("the account has no dialing permissions");
  const isoCode = isoCodeOf(number);
  if (isoCode === undefined) {
    const text = `no country has the calling code of ${number}`;
    return permissions.default === "open" ? pass(text) : refuse(reasons.destinationNotPermitted, text);
  }
  const { risk, prefix } = call.table.destinations.riskOf(number);
  const switches = permissions.countries[isoCode] ?? defaultPermissions[permissions.default];
  const which = `${classNames[risk]} numbers of ${isoCode}${prefix === undefined ? "" : ` (${prefix})`}`;
  if ((switches & permissionBits[risk]) !== 0) return pass(`the account may call ${which}`);
  return refuse(reasons.destinationNotPermitted, `the account may not call ${which}`);
}
