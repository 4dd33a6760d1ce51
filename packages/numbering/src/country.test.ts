import assert from "node:assert/strict";
import { test } from "node:test";
import { callingCodes } from "./calling-codes.ts";
import { countryOf } from "./country.ts";
import { parseE164 } from "./e164-number.ts";

const rows: [number: string, callingCode: string | undefined, isoCodes: string][] = [
  ["+15551234567", "1", "US CA AG AI AS BB BM BS DM DO GD GU JM KN KY LC MP MS PR SX TC TT VC VG VI"],
  ["+442079460000", "44", "GB GG IM JE"],
  ["+35312345678", "353", "IE"],
  ["+4930123456", "49", "DE"],
  ["+43123456789", "43", "AT"],
  ["+423123456789", "423", "LI"],
  ["+74951234567", "7", "RU KZ"],
  ["+81312345678", "81", "JP"],
  ["+6531234567", "65", "SG"],
  ["+61212345678", "61", "AU CC CX"],
  ["+551112345678", "55", "BR"],
  ["+390612345678", "39", "IT VA"],
  ["+998712345678", "998", "UZ"],
  ["+80012345678", "800", ""],
  ["+883512345678", "883", ""],
  ["+2101234567", undefined, ""],
  ["+4221234567", undefined, ""],
  ["+8011234567", undefined, ""],
  ["+9991234567", undefined, ""],
];

test("the calling code tells the countries", () => {
  for (const [text, callingCode, isoCodes] of rows) {
    const country = countryOf(parseE164(text) ?? assert.fail(text));
    assert.deepEqual(
      [country?.callingCode, country?.isoCodes.join(" ") ?? ""],
      [callingCode, isoCodes],
      text,
    );
  }
});

test("calling codes have 1 to 3 digits, none begins another, and ISO codes have two letters", () => {
  const codes = Object.keys(callingCodes);
  for (const code of codes) {
    assert.match(code, /^[1-9]\d{0,2}$/);
    assert.ok(!codes.some((other) => other !== code && other.startsWith(code)), code);
    assert.match(callingCodes[code] ?? "", /^([A-Z]{2}( [A-Z]{2})*)?$/, code);
  }
});

test("a country stands under one calling code only, but for the Vatican with two", () => {
  const isoCodes = Object.values(callingCodes).flatMap((list) => (list === "" ? [] : list.split(" ")));
  const repeated = isoCodes.filter((code, index) => isoCodes.indexOf(code) !== index);
  assert.deepEqual(repeated, ["VA"]);
  assert.equal(isoCodes.length, 252);
});
