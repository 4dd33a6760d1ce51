import type { HeaderCondition, HeaderRule, HeaderRules, NumberAction } from "@tandem/contracts";
import type { SipRequest } from "@tandem/sip/message";
import { conditionValue } from "./condition-value.ts";

/** The called and the calling number of a request, as they are written. */
export interface Numbers {
  readonly to: string;
  readonly from: string;
}

/** Characters of a rewritten number; one that grows beyond is cut to one more than that, which nothing takes for a number. */
export const maximumRewrittenCharacters = 256;

/** Every rule whose conditions hold is applied, in their order. @returns which rules those were, counted from 1 */
export function applyRules(
  rules: HeaderRules,
  request: SipRequest,
  numbers: Numbers,
): Numbers & { readonly applied: readonly number[] } {
  const rewritten = { to: numbers.to, from: numbers.from };
  const applied: number[] = [];
  for (const [index, rule] of rules.entries()) {
    if (!holds(rule, request)) continue;
    applied.push(index + 1);
    for (const action of rule.actions) {
      rewritten[action.target] = act(action, rewritten[action.target]).slice(
        0,
        maximumRewrittenCharacters + 1,
      );
    }
  }
  return { ...rewritten, applied };
}

function holds({ match, conditions }: HeaderRule, request: SipRequest): boolean {
  const isTrue = (condition: HeaderCondition): boolean =>
    compare(condition, conditionValue(request, condition));
  switch (match) {
    case "all":
      return conditions.every(isTrue);
    case "any":
      return conditions.some(isTrue);
    case "none":
      return !conditions.some(isTrue);
  }
}

const comparisons: Readonly<Record<string, (found: string, value: string) => boolean>> = {
  equals: (found, value) => found === value,
  "starts-with": (found, value) => found.startsWith(value),
  contains: (found, value) => found.includes(value),
  "ends-with": (found, value) => found.endsWith(value),
};

/** What is not there equals, contains and begins with nothing. */
function compare({ operator, value }: HeaderCondition, found: string | undefined): boolean {
  const isNegated = operator.startsWith("not-");
  const isAlike = comparisons[isNegated ? operator.slice("not-".length) : operator];
  return (found !== undefined && isAlike?.(found, value) === true) !== isNegated;
}

function act(action: NumberAction, number: string): string {
  switch (action.operation) {
    case "add-prefix":
      return action.value + number;
    case "remove-prefix":
      return number.startsWith(action.value) ? number.slice(action.value.length) : number;
    case "add-suffix":
      return number + action.value;
    case "remove-suffix":
      return number.endsWith(action.value) ? number.slice(0, number.length - action.value.length) : number;
    case "replace":
      return action.value;
    case "remove-leading":
      return number.slice(action.count);
    case "remove-trailing":
      return number.slice(0, Math.max(0, number.length - action.count));
  }
}
