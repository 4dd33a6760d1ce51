import assert from "node:assert/strict";
import { test } from "node:test";
import { continents } from "./continents.ts";
import { destinations } from "./countries.ts";
import { isoCodeOf } from "./destination-country.ts";

test("every country has a name, a continent and calling codes; services belong to the world", () => {
  for (const { isoCode, name, continent, callingCodes } of destinations.values()) {
    assert.match(isoCode, /^[A-Z]{2}$/);
    assert.ok(name.length > 2, isoCode);
    assert.equal(continent === "WORLD", /^X[^K]$/.test(isoCode), isoCode);
    assert.ok(callingCodes.length > 0, isoCode);
  }
});

test("no country stands on two continents or on one without having numbers", () => {
  const placed = Object.values(continents).flatMap((isoCodes) => isoCodes.split(" "));
  assert.equal(new Set(placed).size, placed.length);
  assert.deepEqual(
    placed.filter((isoCode) => !destinations.has(isoCode)),
    [],
  );
});

test("what a number is told to lead to is one of them", () => {
  for (const { isoCode, callingCodes } of destinations.values()) {
    for (const callingCode of callingCodes)
      assert.ok(destinations.has(isoCodeOf(`+${callingCode}`) ?? ""), isoCode);
  }
  assert.equal(destinations.get("GB")?.name, "United Kingdom");
  assert.deepEqual(destinations.get("VA")?.callingCodes, ["39", "379"]);
  assert.deepEqual(destinations.get("XS")?.callingCodes, ["870", "881"]);
});
