import { destinations } from "@tandem/numbering";
import type { CountrySwitches } from "../../destinations/country-switches.ts";
import { ApiError } from "../conventions/api-error.ts";

/** What one entry of `UpdateRequest` changes. */
export interface CountryUpdate {
  readonly isoCode: string;
  readonly switches: Partial<CountrySwitches>;
}

const columns: Readonly<Record<string, keyof CountrySwitches>> = {
  low_risk_numbers_enabled: "low_risk",
  high_risk_special_numbers_enabled: "high_risk_special",
  high_risk_tollfraud_numbers_enabled: "high_risk_toll_fraud",
};

/**
 * Reads `UpdateRequest`: a JSON array of objects with `iso_code` and one to three of the switches, each true or false, as
 * texts too. Throws 20001 with what is wrong; each country may stand there once, so there are no more than there are countries.
 */
export function countryUpdatesOf(text: string): readonly CountryUpdate[] {
  const entries = arrayOf(text);
  const updates = entries.map(updateOf);
  const isoCodes = new Set(updates.map((update) => update.isoCode));
  if (isoCodes.size < updates.length) throw wrong("a country stands there twice");
  return updates;
}

function arrayOf(text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong("it is no JSON");
  }
  if (!Array.isArray(value) || value.length === 0) throw wrong("it is no array with entries");
  return value;
}

function updateOf(entry: unknown): CountryUpdate {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry))
    throw wrong("an entry is no object");
  const { iso_code: isoCode, ...given } = entry as Readonly<Record<string, unknown>>;
  if (typeof isoCode !== "string" || !destinations.has(isoCode)) {
    throw wrong(`${JSON.stringify(isoCode)} is no iso_code`);
  }
  const switches = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [columnOf(name), booleanOf(name, value)]),
  );
  if (Object.keys(switches).length === 0) throw wrong(`${isoCode} has no switch`);
  return { isoCode, switches };
}

function columnOf(name: string): keyof CountrySwitches {
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column === undefined) throw wrong(`${name} is no switch`);
  return column;
}

function booleanOf(name: string, value: unknown): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw wrong(`${name} is neither true nor false`);
}

function wrong(what: string): ApiError {
  return new ApiError("invalidParameter", `UpdateRequest can not be read: ${what}.`);
}
