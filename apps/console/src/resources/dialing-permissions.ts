/** Which numbers may be called, and by which. */
import { type Row, textOf, textsOf } from "../api/row.ts";
import type { Resource, RowAction } from "../resource/resource.ts";
import { codeColumn, textColumn, timeColumn } from "../view/columns.ts";
import { stateBadge, type Tone } from "../view/state-badge.ts";

/** The switches of a country. */
const switches = [
  { title: "Ordinary numbers", field: "low_risk_numbers_enabled" },
  { title: "Special numbers", field: "high_risk_special_numbers_enabled" },
  { title: "Toll fraud", field: "high_risk_tollfraud_numbers_enabled" },
] as const;

function turnAction({ title, field }: (typeof switches)[number]): RowAction {
  const verb = (row: Row): string => (row[field] === true ? "Close" : "Open");
  return {
    label: (row) => `${verb(row)} ${title.toLowerCase()}`,
    question: (row) =>
      row[field] === true
        ? `Calls to them in ${textOf(row, "name")} are refused.`
        : `Calls to them in ${textOf(row, "name")} are placed.`,
    run: async (client, { row }) => {
      const change = { iso_code: textOf(row, "iso_code"), [field]: row[field] !== true };
      await client.post("/v1/DialingPermissions/BulkCountryUpdates", [
        ["UpdateRequest", JSON.stringify([change])],
      ]);
    },
  };
}

export const dialingCountries: Resource = {
  title: "Destinations",
  one: "country",
  about:
    "Countries that the account may call. Special numbers and those known from toll fraud are dear: open them only when they are needed.",
  path: "/v1/DialingPermissions/Countries",
  key: "content",
  empty: "No country is like that.",
  identify: (row) => textOf(row, "iso_code"),
  nameOf: (row) => textOf(row, "name"),
  actions: switches.map(turnAction),
  filters: [
    { name: "IsoCode", label: "ISO code", placeholder: "GB" },
    { name: "CountryCode", label: "Calling code", placeholder: "+44" },
    { name: "Continent", label: "Continent" },
    {
      name: "LowRiskNumbersEnabled",
      label: "Ordinary numbers",
      choices: [
        ["true", "open"],
        ["false", "closed"],
      ],
    },
  ],
  columns: [
    textColumn("Country", "name"),
    textColumn("ISO", "iso_code"),
    { title: "Codes", kind: "code", show: (row) => textsOf(row, "country_codes").join(" ") },
    ...switches.map(({ title, field }, index) => ({
      title,
      show: (row: Row) => openBadge(row[field] === true, index === 0 ? "good" : "poor"),
    })),
  ],
};

function openBadge(isOpen: boolean, tone: Tone): unknown {
  return stateBadge(isOpen ? "open" : "closed", isOpen ? tone : "idle");
}

function prefixList(parts: Pick<Resource, "title" | "about" | "path" | "key">): Resource {
  return {
    ...parts,
    one: "prefix",
    empty: "There is none.",
    mayCreate: true,
    nameOf: (row) => textOf(row, "prefix"),
    removal: {
      verb: "Delete",
      text: (name) => `Numbers that begin with ${name} are not refused by it any more.`,
    },
    fields: [
      { name: "Prefix", label: "Prefix", isRequired: true, placeholder: "+44870" },
      { name: "FriendlyName", label: "Name" },
      {
        name: "AllAccounts",
        label: "For every account",
        kind: "checkbox",
        isOperators: true,
        isForAll: true,
      },
    ],
    columns: [
      codeColumn("Prefix", "prefix"),
      textColumn("Name", "friendly_name"),
      {
        title: "Holds for",
        show: (row) => (textOf(row, "account_sid") === "" ? "every account" : "this account"),
      },
      timeColumn("Since", "date_created"),
    ],
  };
}

export const blockedPrefixes: Resource = prefixList({
  title: "Blocked prefixes",
  about: "Called numbers that are refused, whatever is open.",
  path: "/v1/DialingPermissions/BlockedPrefixes",
  key: "blocked_prefixes",
});

export const doNotOriginatePrefixes: Resource = prefixList({
  title: "Do not originate",
  about: "Calling numbers that are refused: numbers that place no calls.",
  path: "/v1/DialingPermissions/DoNotOriginatePrefixes",
  key: "do_not_originate_prefixes",
});

const risks = ["low-risk", "high-risk-special", "high-risk-toll-fraud"];

/** The operator's. */
export const riskPrefixes: Resource = {
  title: "Risk prefixes",
  one: "risk prefix",
  about:
    "Classes of numbers where the exchange goes another way than the list it ships with. The longest prefix wins.",
  path: "/v1/DialingPermissions/RiskPrefixes",
  key: "risk_prefixes",
  empty: "There is none.",
  mayCreate: true,
  mayUpdate: true,
  nameOf: (row) => textOf(row, "prefix"),
  removal: { verb: "Delete", text: (name) => `${name} is of the class that the list has it in.` },
  fields: [
    { name: "Prefix", label: "Prefix", isRequired: true, only: "create", placeholder: "+44870" },
    { name: "Risk", label: "Class", kind: "select", choices: risks.map((risk) => [risk, risk] as const) },
    { name: "FriendlyName", label: "Name" },
  ],
  columns: [codeColumn("Prefix", "prefix"), textColumn("Class", "risk"), textColumn("Name", "friendly_name")],
};
