import { textOf } from "../api/row.ts";
import { trunkChoices } from "../form/choices.ts";
import type { Resource } from "../resource/resource.ts";
import { codeColumn, linkColumn, textColumn, timeColumn } from "../view/columns.ts";

export const numbers: Resource = {
  title: "Numbers",
  one: "number",
  path: "{account}/IncomingPhoneNumbers",
  suffix: ".json",
  key: "incoming_phone_numbers",
  empty: "There is no number. The operator brings numbers into the exchange.",
  mayCreate: true,
  isCreatedByOperator: true,
  mayUpdate: true,
  nameOf: (row) => textOf(row, "phone_number"),
  removal: {
    verb: "Delete",
    isTyped: true,
    text: (name) => `Calls to ${name} are refused, and it leaves the account.`,
  },
  filters: [
    { name: "PhoneNumber", label: "Number", placeholder: "+1415*" },
    { name: "FriendlyName", label: "Name" },
    { name: "TrunkSid", label: "Trunk", placeholder: "TK…" },
  ],
  fields: [
    { name: "PhoneNumber", label: "Number", isRequired: true, only: "create", placeholder: "+14155550100" },
    { name: "FriendlyName", label: "Name" },
    { name: "TrunkSid", label: "Trunk", kind: "select", choices: trunkChoices("none") },
  ],
  columns: [
    codeColumn("Number", "phone_number"),
    textColumn("Name", "friendly_name"),
    linkColumn("Trunk", "trunk_sid", "trunks"),
    timeColumn("Changed", "date_updated"),
  ],
};
