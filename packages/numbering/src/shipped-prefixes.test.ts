import assert from "node:assert/strict";
import { test } from "node:test";
import { destinations } from "./countries.ts";
import { isoCodeOf } from "./destination-country.ts";
import { highRiskSpecialPrefixes } from "./high-risk-prefixes.ts";
import { shippedPrefixes } from "./shipped-prefixes.ts";

test("each shipped prefix is in the country that it stands under", () => {
  for (const [isoCode, prefixes] of Object.entries(highRiskSpecialPrefixes)) {
    const callingCode = destinations.get(isoCode)?.callingCodes[0];
    for (const prefix of prefixes.split(" ")) {
      assert.match(prefix, /^\d{1,6}$/);
      assert.equal(isoCodeOf(`+${callingCode}${prefix}`), isoCode, `+${callingCode}${prefix}`);
    }
  }
});

test("none comes twice, none is the beginning of another", () => {
  const all = [...shippedPrefixes.highRiskSpecial, ...shippedPrefixes.highRiskTollFraud];
  assert.equal(new Set(all).size, all.length);
  for (const prefix of all) {
    assert.deepEqual(
      all.filter((other) => other !== prefix && other.startsWith(prefix)),
      [],
      prefix,
    );
  }
});

test("premium rate, personal numbers and whole codes are among them; shared cost is not", () => {
  for (const prefix of ["+449", "+4470", "+49900", "+3389", "+1900", "+979"]) {
    assert.ok(shippedPrefixes.highRiskSpecial.includes(prefix), prefix);
  }
  assert.deepEqual(shippedPrefixes.highRiskTollFraud, ["+870", "+881", "+882", "+883"]);
  for (const prefix of ["+4484", "+4487", "+49180", "+3381", "+1800"]) {
    assert.ok(!shippedPrefixes.highRiskSpecial.includes(prefix), prefix);
  }
});
