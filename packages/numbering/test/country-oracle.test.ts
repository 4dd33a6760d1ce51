/**
 * Countries of numbers against libphonenumber (Debian's python3-phonenumbers), which has its data from other hands:
 * numbers that it holds to be valid, of all its countries.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isoCodeOf } from "../src/index.ts";

const python = "/usr/bin/python3";
const script = fileURLToPath(new URL("country-oracle.py", import.meta.url));
const isMissing = spawnSync(python, ["-c", "import phonenumbers"]).status !== 0;
const wanted = 4000;

/** Where we go by the numbering plan and it does not, or it knows a country that no prefix tells. */
const differences: ReadonlySet<string> = new Set([
  // Ofcom: 07924 is Manx Telecom's.
  "IM for GB +447924",
  // ITU-T E.164: +672 1 is the Australian Antarctic Territory.
  "AQ for NF +6721",
  "GP for BL +590",
  "GP for MF +590",
]);

describe("countries", { skip: isMissing && "python3-phonenumbers is not installed" }, () => {
  test(`${wanted} numbers of libphonenumber are in the countries that it says`, () => {
    const { stdout } = spawnSync(python, [script, String(wanted)], { encoding: "utf8" });
    const lines = stdout.trim().split("\n");
    assert.equal(lines.length, wanted);
    const wrong = lines.filter((line) => {
      const [number = "", isoCode = ""] = line.split(" ");
      const ours = isoCodeOf(number);
      return ours !== isoCode && !isKnownDifference(number, `${ours} for ${isoCode}`);
    });
    assert.deepEqual(wrong, []);
  });
});

function isKnownDifference(number: string, countries: string): boolean {
  return [...differences].some((known) => {
    const [prefix = ""] = known.split(" ").slice(-1);
    return known === `${countries} ${prefix}` && number.startsWith(prefix);
  });
}
