import type { Resource } from "../resource/resource.ts";
import { codeColumn, textColumn, timeColumn } from "../view/columns.ts";

export const keys: Resource = {
  title: "API keys",
  one: "API key",
  about:
    "A key does what its account can, except make keys and accounts. One for each program, so that one can go.",
  path: "{account}/Keys",
  suffix: ".json",
  key: "keys",
  empty: "There is no API key.",
  mayCreate: true,
  mayUpdate: true,
  isWrittenWithToken: true,
  shownOnce: {
    field: "secret",
    label: "Secret",
    text: "The key's SID is the user name, the secret the password; the account's SID stays in the paths.",
  },
  removal: {
    verb: "Delete",
    text: (name) => `Programs that use ${name} are refused from now on.`,
  },
  fields: [{ name: "FriendlyName", label: "Name", isRequired: true }],
  columns: [
    textColumn("Name", "friendly_name"),
    codeColumn("SID", "sid"),
    timeColumn("Created", "date_created"),
    timeColumn("Changed", "date_updated"),
  ],
};
