import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../conventions/api-error.ts";
import { countryUpdatesOf } from "./country-updates.ts";

test("switches are booleans or texts; what is left out stays", () => {
  const text = JSON.stringify([
    { iso_code: "GB", low_risk_numbers_enabled: "true", high_risk_special_numbers_enabled: false },
    { iso_code: "XS", high_risk_tollfraud_numbers_enabled: "false" },
  ]);
  assert.deepEqual(countryUpdatesOf(text), [
    { isoCode: "GB", switches: { low_risk: true, high_risk_special: false } },
    { isoCode: "XS", switches: { high_risk_toll_fraud: false } },
  ]);
});

const faults: [text: string, what: RegExp][] = [
  ["", /no JSON/],
  ["{}", /no array/],
  ["[]", /no array with entries/],
  ["[1]", /no object/],
  ["[null]", /no object/],
  ["[[]]", /no object/],
  ["[{}]", /undefined is no iso_code/],
  ['[{"iso_code":"gb","low_risk_numbers_enabled":true}]', /"gb" is no iso_code/],
  ['[{"iso_code":"ZZ","low_risk_numbers_enabled":true}]', /"ZZ" is no iso_code/],
  ['[{"iso_code":"GB"}]', /GB has no switch/],
  ['[{"iso_code":"GB","low_risk_numbers":"Enabled"}]', /low_risk_numbers is no switch/],
  ['[{"iso_code":"GB","__proto__":true}]', /__proto__ is no switch/],
  ['[{"iso_code":"GB","low_risk_numbers_enabled":1}]', /neither true nor false/],
  [
    '[{"iso_code":"GB","low_risk_numbers_enabled":true},{"iso_code":"GB","low_risk_numbers_enabled":false}]',
    /twice/,
  ],
];

for (const [text, what] of faults) {
  test(`${text} is refused`, () => {
    assert.throws(
      () => countryUpdatesOf(text),
      (error) => error instanceof ApiError && what.test(error.message),
    );
  });
}
