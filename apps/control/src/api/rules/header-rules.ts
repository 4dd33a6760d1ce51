import {
  type HeaderRules,
  HeaderRules as HeaderRulesSchema,
  maximumRuleActions,
  maximumRuleConditions,
  validator,
} from "@tandem/contracts";
import { ApiError } from "../conventions/api-error.ts";

/** Characters of a policy's rules as JSON. */
export const maximumRulesCharacters = 50_000;

const check = validator(HeaderRulesSchema);

/** Reads the rules of a header policy, a JSON array. Throws 21256 for what is no JSON, 21260 and 21261 for too many parts, 21258 otherwise. */
export function readHeaderRules(text: string): HeaderRules {
  const given = parsed(text);
  if (!Array.isArray(given)) throw new ApiError("invalidHeaderPolicyRules", "Rules must be a JSON array.");
  for (const rule of given as readonly unknown[]) checkCounts(rule);
  const checked = check(given);
  if (!checked.ok) throw new ApiError("invalidHeaderPolicy", `Rules${checked.error}.`);
  return checked.value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("invalidHeaderPolicyRules");
  }
}

/** These have codes of their own. */
function checkCounts(rule: unknown): void {
  if (lengthOf(rule, "actions") > maximumRuleActions) throw new ApiError("tooManyHeaderPolicyActions");
  if (lengthOf(rule, "conditions") > maximumRuleConditions)
    throw new ApiError("tooManyHeaderPolicyConditions");
}

function lengthOf(rule: unknown, list: string): number {
  const found =
    typeof rule === "object" && rule !== null ? (rule as Record<string, unknown>)[list] : undefined;
  return Array.isArray(found) ? found.length : 0;
}
