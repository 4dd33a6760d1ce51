import type { HeaderRules } from "@tandem/contracts";
import { isEmergencyNumber } from "@tandem/numbering";
import { parseSipUri } from "@tandem/sip/uri";
import { applyRules, maximumRewrittenCharacters, type Numbers } from "../header-policy/apply-rules.ts";
import type { CallContext } from "./call-context.ts";
import { numberPart } from "./number-part.ts";
import { pass, type Verdict } from "./verdict.ts";

/**
 * What the trunk's header policy makes of the two numbers. Termination: of those that the customer wrote, before anything
 * reads them, so that a PBX that dials as its users do needs no change; an emergency number stays what it is. Origination:
 * of those that the customer is shown; records and routes keep the numbers of the telephone network.
 */
export function headerPolicy(call: CallContext): Verdict {
  const rules = call.knownTrunk.headerRules?.[call.direction];
  if (rules === undefined) return pass("the trunk has no header policy");
  if (call.direction === "origination") {
    return rewrite(call, rules, { to: call.calledNumber, from: call.callingNumber });
  }
  const dialled = numberPart(call.requestUri?.user ?? "");
  if (isEmergencyNumber(dialled))
    return pass(`${dialled} is an emergency number: no header policy rewrites it`);
  return rewrite(call, rules, { to: dialled, from: numberPart(userOfFrom(call) ?? "") });
}

function rewrite(call: CallContext, rules: HeaderRules, numbers: Numbers): Verdict {
  const { applied, to, from } = applyRules(rules, call.request, numbers);
  if (applied.length === 0) return pass("no rule of the header policy holds");
  call.rewritten = { to: changed(numbers.to, to), from: changed(numbers.from, from) };
  const what = Object.entries(call.rewritten).flatMap(([name, number]) =>
    number === undefined ? [] : [`${name} becomes ${number}`],
  );
  const which = `header policy, rule ${applied.join(", ")}`;
  return pass(`${which}: ${what.length === 0 ? "both numbers stay" : what.join(", ")}`);
}

/** A number of which nothing is left, or that grew too long, stays as it was: the call may still be carried. */
function changed(before: string, after: string): string | undefined {
  return after === before || after === "" || after.length > maximumRewrittenCharacters ? undefined : after;
}

function userOfFrom(call: CallContext): string | undefined {
  const from = call.request.from();
  const uri = from.ok ? parseSipUri(from.value.addrSpec) : undefined;
  return uri?.ok === true ? uri.value.user : undefined;
}
