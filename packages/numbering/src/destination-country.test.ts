import assert from "node:assert/strict";
import { test } from "node:test";
import { callingCodes } from "./calling-codes.ts";
import { countryPrefixes, indistinctCountries } from "./country-prefixes.ts";
import { isoCodeOf } from "./destination-country.ts";
import { internationalServices } from "./international-services.ts";

const rows: [number: string, isoCode: string | undefined][] = [
  ["+12125550123", "US"],
  ["+14165550123", "CA"],
  ["+16045550123", "CA"],
  ["+18765550123", "JM"],
  ["+16585550123", "JM"],
  ["+18095550123", "DO"],
  ["+17875550123", "PR"],
  ["+12425550123", "BS"],
  ["+18005550123", "US"],
  ["+19005550123", "US"],
  // 555 is no area code: the examples of all tests.
  ["+15557654321", "US"],
  ["+74951234567", "RU"],
  ["+77271234567", "KZ"],
  ["+73362212345", "KZ"],
  ["+390612345678", "IT"],
  ["+390669812345", "VA"],
  ["+442079460000", "GB"],
  ["+441534123456", "JE"],
  ["+447797123456", "JE"],
  ["+441481123456", "GG"],
  ["+447911123456", "GG"],
  ["+447911223456", "GB"],
  ["+441624123456", "IM"],
  ["+447457612345", "IM"],
  ["+447457712345", "GB"],
  ["+4779123456", "SJ"],
  ["+4722123456", "NO"],
  ["+61891621234", "CC"],
  ["+61891641234", "CX"],
  ["+61212345678", "AU"],
  ["+212528812345", "EH"],
  ["+212522123456", "MA"],
  ["+262269123456", "YT"],
  ["+262262123456", "RE"],
  ["+290812345", "TA"],
  ["+29021234", "SH"],
  ["+35818123456", "AX"],
  ["+358912345678", "FI"],
  ["+5997123456", "BQ"],
  ["+59994123456", "CW"],
  ["+672112345", "AQ"],
  ["+672322345", "NF"],
  ["+590590271234", "GP"],
  ["+80012345678", "XF"],
  ["+80812345678", "XC"],
  ["+870773123456", "XS"],
  ["+881612345678", "XS"],
  ["+88213123456", "XN"],
  ["+883512345678", "XN"],
  ["+878101234567", "XU"],
  ["+979123456789", "XP"],
  ["+1", "US"],
  ["+44", "GB"],
  ["+7", "RU"],
  // Not assigned, not international, nothing.
  ["+2101234567", undefined],
  ["+9991234567", undefined],
  ["911", undefined],
  ["+", undefined],
  ["", undefined],
];

for (const [number, isoCode] of rows) {
  test(`${number} is in ${isoCode ?? "no country"}`, () => {
    assert.equal(isoCodeOf(number), isoCode);
  });
}

test("every country of every calling code has numbers, or is known to have none of its own", () => {
  for (const [callingCode, isoCodes] of Object.entries(callingCodes)) {
    const [first = "", ...others] = isoCodes.split(" ");
    const told = Object.keys(countryPrefixes[callingCode] ?? {});
    const untold = others.filter((isoCode) => !told.includes(isoCode));
    assert.deepEqual(
      untold.filter((isoCode) => !indistinctCountries.has(isoCode)),
      [],
      callingCode,
    );
    assert.ok(!told.includes(first) && told.every((isoCode) => others.includes(isoCode)), callingCode);
  }
});

test("no two countries have the same prefix, and each is digits", () => {
  for (const [callingCode, countries] of Object.entries(countryPrefixes)) {
    const all = Object.values(countries).flatMap((prefixes) => prefixes.split(" "));
    assert.equal(new Set(all).size, all.length, callingCode);
    for (const prefix of all) assert.match(prefix, /^\d{1,5}$/);
  }
});

test("every calling code without a country is a service, and no other", () => {
  const without = Object.entries(callingCodes).filter(([, isoCodes]) => isoCodes === "");
  const ofServices = Object.values(internationalServices).flatMap((service) => service.callingCodes);
  assert.deepEqual(ofServices.toSorted(), without.map(([callingCode]) => callingCode).toSorted());
});
