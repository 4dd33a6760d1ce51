import assert from "node:assert/strict";
import { test } from "node:test";
import { type DialingRules, normalize, northAmericanRules } from "./dialing-rules.ts";

const british: DialingRules = {
  callingCode: "44",
  internationalPrefixes: ["00", "810"],
  nationalPrefix: "0",
  nationalNumberLengths: [],
};
const spanish: DialingRules = {
  callingCode: "34",
  internationalPrefixes: ["00"],
  nationalPrefix: "",
  nationalNumberLengths: [9],
};

const rows: [dialled: string, rules: DialingRules, number: string | undefined][] = [
  ["+442079460000", northAmericanRules, "+442079460000"],
  ["+44 (20) 7946-0000", british, "+442079460000"],
  ["+44.20/79460000", british, "+442079460000"],
  ["020 7946 0000", british, "+442079460000"],
  ["0015551234567", british, "+15551234567"],
  ["81015551234567", british, "+15551234567"],
  ["2079460000", british, undefined],
  ["+020794600000", british, undefined],
  ["5551234567", northAmericanRules, "+15551234567"],
  ["(555) 123-4567", northAmericanRules, "+15551234567"],
  ["15551234567", northAmericanRules, "+15551234567"],
  ["011442079460000", northAmericanRules, "+442079460000"],
  ["555123456", northAmericanRules, undefined],
  ["25551234567", northAmericanRules, undefined],
  ["911", northAmericanRules, undefined],
  ["912345678", spanish, "+34912345678"],
  ["0912345678", spanish, undefined],
  ["bob", british, undefined],
  ["0bob5551234", british, undefined],
  ["", spanish, undefined],
];

test("national and international dialling become E.164", () => {
  for (const [dialled, rules, number] of rows) assert.equal(normalize(dialled, rules), number, dialled);
});
