/** Rules that rewrite the numbers of an INVITE before anything else reads them, for PBXs and carriers that write them in other ways. */
import { type Static, Type } from "typebox";

export const maximumPolicyRules = 50;
export const maximumRuleConditions = 20;
export const maximumRuleActions = 20;
/** Characters of a text that a header field is compared with. */
export const maximumConditionCharacters = 256;
/** Characters that an action puts before or behind a number, or in its place. */
export const maximumActionCharacters = 32;
/** Characters that an action takes away. */
export const maximumRemovedCharacters = 32;

function oneOf<const Text extends string>(texts: readonly Text[]) {
  return Type.Unsafe<Text>({ type: "string", enum: [...texts] });
}

/** Header fields that a condition may look at; the Request-URI counts as one. */
export const conditionHeaders = [
  "request-uri",
  "from",
  "to",
  "contact",
  "diversion",
  "p-asserted-identity",
  "p-charge-info",
  "remote-party-id",
] as const;

/** What of the first value of it: all, the display name, the URI, the user or the host. */
export const conditionParts = ["header", "display", "uri", "user", "host"] as const;

export const conditionOperators = [
  "equals",
  "not-equals",
  "starts-with",
  "not-starts-with",
  "contains",
  "not-contains",
  "ends-with",
  "not-ends-with",
] as const;

/** Compared as it is written: letters in their case, escapes not decoded. */
export const HeaderCondition = Type.Object(
  {
    header: oneOf(conditionHeaders),
    part: oneOf(conditionParts),
    operator: oneOf(conditionOperators),
    value: Type.String({ minLength: 1, maxLength: maximumConditionCharacters }),
  },
  { additionalProperties: false },
);
export type HeaderCondition = Static<typeof HeaderCondition>;

/** Which number an action rewrites: the called one or the calling one. */
const target = oneOf(["to", "from"]);

/** What may stand in the user of a SIP URI without an escape, but for what parts its parameters and password off. */
const text = Type.String({
  minLength: 1,
  maxLength: maximumActionCharacters,
  pattern: "^[0-9A-Za-z+*#_.!~-]+$",
});

export const NumberAction = Type.Union([
  Type.Object(
    {
      target,
      /** `replace` puts the text in the place of the whole number; a prefix or suffix that is not there is not removed. */
      operation: oneOf(["add-prefix", "remove-prefix", "add-suffix", "remove-suffix", "replace"]),
      value: text,
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      target,
      operation: oneOf(["remove-leading", "remove-trailing"]),
      count: Type.Integer({ minimum: 1, maximum: maximumRemovedCharacters }),
    },
    { additionalProperties: false },
  ),
]);
export type NumberAction = Static<typeof NumberAction>;

export const HeaderRule = Type.Object(
  {
    /** How many of the conditions must hold. Without any condition `all` and `none` hold, `any` does not. */
    match: oneOf(["all", "any", "none"]),
    conditions: Type.Array(HeaderCondition, { maxItems: maximumRuleConditions }),
    /** In this order, each on what the one before it left. */
    actions: Type.Array(NumberAction, { minItems: 1, maxItems: maximumRuleActions }),
  },
  { additionalProperties: false },
);
export type HeaderRule = Static<typeof HeaderRule>;

/** Every rule that holds is applied, in this order. Conditions see the INVITE as it came. */
export const HeaderRules = Type.Array(HeaderRule, { minItems: 1, maxItems: maximumPolicyRules });
export type HeaderRules = Static<typeof HeaderRules>;
