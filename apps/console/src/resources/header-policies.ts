import { textOf } from "../api/row.ts";
import type { Resource } from "../resource/resource.ts";
import { textColumn, timeColumn } from "../view/columns.ts";

export const headerPolicies: Resource = {
  title: "Header policies",
  one: "header policy",
  about: "Rules that rewrite the numbers of a trunk's calls. A trunk names one for each direction.",
  path: "/v1/HeaderPolicies",
  key: "header_policies",
  empty: "There is no header policy.",
  mayCreate: true,
  mayUpdate: true,
  removal: { verb: "Delete", isTyped: true, text: (name) => `${name} goes. One that a trunk names stays.` },
  fields: [
    { name: "FriendlyName", label: "Name", isRequired: true },
    { name: "Rules", label: "Rules", kind: "long-text", hint: "JSON, a list.", read: rulesText },
  ],
  columns: [
    textColumn("Name", "friendly_name"),
    { title: "Rules", kind: "code", show: (row) => textOf(row, "rules") },
    timeColumn("Changed", "date_updated"),
  ],
};

function rulesText(row: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(row["rules"], undefined, 2);
}
