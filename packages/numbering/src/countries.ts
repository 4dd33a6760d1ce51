import { callingCodes } from "./calling-codes.ts";
import { continents } from "./continents.ts";
import { indistinctCountries } from "./country-prefixes.ts";
import { internationalServices } from "./international-services.ts";

/** Where numbers can lead to: a country, or an international service under a code of its own. */
export interface Destination {
  /** ISO 3166-1, or XA to XZ for a service. */
  readonly isoCode: string;
  /** In English. */
  readonly name: string;
  /** `EUROPE`, …; `WORLD` for a service. */
  readonly continent: string;
  /** Without +. */
  readonly callingCodes: readonly string[];
}

const continentOf: ReadonlyMap<string, string> = new Map(
  Object.entries(continents).flatMap(([continent, isoCodes]) =>
    isoCodes.split(" ").map((isoCode) => [isoCode, continent] as const),
  ),
);

/** Every destination that numbers can be told to lead to, by code. */
export const destinations: ReadonlyMap<string, Destination> = new Map(
  [...countries(), ...services()]
    .toSorted((one, other) => (one.isoCode < other.isoCode ? -1 : 1))
    .map((destination) => [destination.isoCode, destination]),
);

function countries(): Destination[] {
  const codes = new Map<string, string[]>();
  for (const [callingCode, isoCodes] of Object.entries(callingCodes)) {
    for (const isoCode of isoCodes.split(" ")) {
      if (isoCode === "" || indistinctCountries.has(isoCode)) continue;
      codes.set(isoCode, [...(codes.get(isoCode) ?? []), callingCode]);
    }
  }
  const names = new Intl.DisplayNames(["en"], { type: "region" });
  return [...codes].map(([isoCode, callingCodes]) => ({
    isoCode,
    name: names.of(isoCode) ?? isoCode,
    continent: continentOf.get(isoCode) ?? "WORLD",
    callingCodes,
  }));
}

function services(): Destination[] {
  return Object.entries(internationalServices).map(([isoCode, { name, callingCodes }]) => ({
    isoCode,
    name,
    continent: "WORLD",
    callingCodes,
  }));
}
