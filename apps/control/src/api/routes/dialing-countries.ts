import { allRiskPrefixes } from "@tandem/database";
import { type Destination, destinations, isoCodeOf } from "@tandem/numbering";
import Type, { type Static } from "typebox";
import { accountPermissions } from "../../destinations/account-permissions.ts";
import type { CountrySwitches } from "../../destinations/country-switches.ts";
import { riskLists } from "../../destinations/risk-lists.ts";
import { ApiError, found } from "../conventions/api-error.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { pageOfRows } from "../conventions/row-page.ts";

const Country = Type.Object({
  iso_code: Type.String({ description: "ISO 3166-1, or XA to XZ for an international service." }),
  name: Type.String(),
  continent: Type.String(),
  country_codes: Type.Array(Type.String()),
  low_risk_numbers_enabled: Type.Boolean(),
  high_risk_special_numbers_enabled: Type.Boolean(),
  high_risk_tollfraud_numbers_enabled: Type.Boolean(),
  url: Type.String(),
  links: Type.Object({ highrisk_special_prefixes: Type.String() }),
});

const Filters = Type.Object({
  ...pageParameters,
  IsoCode: Type.Optional(Type.String()),
  Continent: Type.Optional(Type.String()),
  CountryCode: Type.Optional(Type.String({ description: "Calling code, with or without +." })),
  LowRiskNumbersEnabled: Type.Optional(Type.Boolean()),
  HighRiskSpecialNumbersEnabled: Type.Optional(Type.Boolean()),
  HighRiskTollfraudNumbersEnabled: Type.Optional(Type.Boolean()),
});

const HighRiskSpecialPrefix = Type.Object({ prefix: Type.String() });

interface CountryRow {
  readonly sequence: number;
  readonly destination: Destination;
  readonly switches: CountrySwitches;
}

const path = "/DialingPermissions/Countries";
const params = Type.Object({ IsoCode: Type.String({ pattern: "^[A-Z]{2}$" }) });
const tags = ["dialing-permissions"];

/** Which countries the account may call, and which of their numbers are of high risk. Written by `bulk-country-updates.ts`. */
export const dialingCountryRoutes: Routes = (scope, context) => {
  addCountries(scope, context);
  addPrefixes(scope, context);
};

const addCountries: Routes = (scope, context) => {
  const { publicUrl } = context;
  scope.get(
    path,
    {
      schema: {
        operationId: "ListDialingPermissionsCountry",
        tags,
        querystring: Filters,
        response: answers(200, ListV1("content", Country)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const rows = (await countryRows(context, request.accountSid)).filter((row) => fits(row, request.query));
      const page = pageOfRows(rows, wanted.window);
      return pageV1(publicUrl, "content", wanted, page, (row) => presentCountry(row, publicUrl));
    },
  );

  scope.get(
    `${path}/:IsoCode`,
    {
      schema: {
        operationId: "FetchDialingPermissionsCountry",
        tags,
        params,
        response: answers(200, Country),
      },
    },
    async (request) => {
      const rows = await countryRows(context, request.accountSid);
      const row = rows.find(({ destination }) => destination.isoCode === request.params.IsoCode);
      return presentCountry(found(row), publicUrl);
    },
  );
};

const addPrefixes: Routes = (scope, context) => {
  scope.get(
    `${path}/:IsoCode/HighRiskSpecialPrefixes`,
    {
      schema: {
        operationId: "ListDialingPermissionsHrsPrefixes",
        tags,
        params,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1("content", HighRiskSpecialPrefix)),
      },
    },
    async (request) => {
      const { IsoCode: isoCode } = request.params;
      if (!destinations.has(isoCode)) throw new ApiError("notFound");
      const wanted = pageRequestOf(request);
      const rows = riskLists(await allRiskPrefixes(context.database))
        .highRiskSpecialPrefixes.filter((prefix) => isoCodeOf(prefix) === isoCode)
        .map((prefix, index) => ({ sequence: index + 1, prefix }));
      const page = pageOfRows(rows, wanted.window);
      return pageV1(context.publicUrl, "content", wanted, page, ({ prefix }) => ({ prefix }));
    },
  );
};

async function countryRows(
  { database }: Pick<RouteContext, "database">,
  accountSid: string,
): Promise<readonly CountryRow[]> {
  const { byCountry } = found(await accountPermissions(database, accountSid));
  return [...byCountry].flatMap(([isoCode, switches], index) => {
    const destination = destinations.get(isoCode);
    return destination === undefined ? [] : [{ sequence: index + 1, destination, switches }];
  });
}

function fits({ destination, switches }: CountryRow, query: Static<typeof Filters>): boolean {
  const wanted: readonly (readonly [given: unknown, has: boolean])[] = [
    [query.IsoCode, destination.isoCode === query.IsoCode],
    [query.Continent, destination.continent === query.Continent],
    [query.CountryCode, destination.callingCodes.includes((query.CountryCode ?? "").replace(/^[+ ]/, ""))],
    [query.LowRiskNumbersEnabled, switches.low_risk === query.LowRiskNumbersEnabled],
    [query.HighRiskSpecialNumbersEnabled, switches.high_risk_special === query.HighRiskSpecialNumbersEnabled],
    [
      query.HighRiskTollfraudNumbersEnabled,
      switches.high_risk_toll_fraud === query.HighRiskTollfraudNumbersEnabled,
    ],
  ];
  return wanted.every(([given, has]) => given === undefined || has);
}

function presentCountry({ destination, switches }: CountryRow, publicUrl: string): Static<typeof Country> {
  const url = `${publicUrl}/v1${path}/${destination.isoCode}`;
  return {
    iso_code: destination.isoCode,
    name: destination.name,
    continent: destination.continent,
    country_codes: destination.callingCodes.map((code) => `+${code}`),
    low_risk_numbers_enabled: switches.low_risk,
    high_risk_special_numbers_enabled: switches.high_risk_special,
    high_risk_tollfraud_numbers_enabled: switches.high_risk_toll_fraud,
    url,
    links: { highrisk_special_prefixes: `${url}/HighRiskSpecialPrefixes` },
  };
}
