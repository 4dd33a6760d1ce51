import { textOf } from "../api/row.ts";
import type { Resource } from "../resource/resource.ts";
import { codeColumn, textColumn, timeColumn } from "../view/columns.ts";

export const callerIds: Resource = {
  title: "Caller IDs",
  one: "caller ID",
  about: "Numbers of others that the account may show when it calls. Its own need not stand here.",
  path: "{account}/OutgoingCallerIds",
  suffix: ".json",
  key: "outgoing_caller_ids",
  empty: "There is no verified caller ID. The operator adds them.",
  mayCreate: true,
  isCreatedByOperator: true,
  mayUpdate: true,
  nameOf: (row) => textOf(row, "phone_number"),
  removal: {
    verb: "Delete",
    isTyped: true,
    text: (name) => `Trunks that may show numbers of the account only are refused calls that show ${name}.`,
  },
  filters: [
    { name: "PhoneNumber", label: "Number", placeholder: "+14155550100" },
    { name: "FriendlyName", label: "Name" },
  ],
  fields: [
    { name: "PhoneNumber", label: "Number", isRequired: true, only: "create", placeholder: "+14155550100" },
    { name: "FriendlyName", label: "Name" },
  ],
  columns: [
    codeColumn("Number", "phone_number"),
    textColumn("Name", "friendly_name"),
    timeColumn("Changed", "date_updated"),
  ],
};
