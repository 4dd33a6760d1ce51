/** Accounts and their keys. */
import { account, everything, type Resource } from "./resource.ts";

export const accountResources: readonly Resource[] = [
  {
    command: "accounts",
    about: "the account and its subaccounts; the token of a new one is shown once",
    path: "/2010-04-01/Accounts",
    suffix: ".json",
    key: "accounts",
    verbs: ["list", "show", "create", "update"],
    columns: ["sid", "friendly_name", "status"],
    parameters: ["FriendlyName", "Status", "Compatibility", "CallsPerSecond", "CallerIdPolicy"],
    filters: ["FriendlyName", "Status"],
  },
  {
    command: "keys",
    about: "API keys of the account; the secret of a new one is shown once",
    path: `${account}/Keys`,
    suffix: ".json",
    key: "keys",
    verbs: everything,
    columns: ["sid", "friendly_name", "date_created"],
    parameters: ["FriendlyName"],
  },
];
