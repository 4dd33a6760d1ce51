import { partOf, textOf } from "../api/row.ts";
import type { Resource } from "../resource/resource.ts";
import { codeColumn, nameColumn, timeColumn } from "../view/columns.ts";

export const credentialLists: Resource = {
  title: "Credential lists",
  one: "credential list",
  about: "Lists of user names and passwords (digest). They work on the trunks that they are attached to.",
  path: "{account}/SIP/CredentialLists",
  suffix: ".json",
  key: "credential_lists",
  empty: "There is no credential list.",
  mayCreate: true,
  mayUpdate: true,
  removal: {
    verb: "Delete",
    isTyped: true,
    text: (name) => `${name} goes with its credentials. A list that is attached to a trunk stays.`,
  },
  fields: [
    { name: "FriendlyName", label: "Name", isRequired: true },
    {
      name: "DigestAlgorithm",
      label: "Algorithm",
      kind: "select",
      choices: [
        ["MD5", "MD5"],
        ["SHA-256", "SHA-256"],
      ],
      read: (row) => textOf(partOf(row, "tandem"), "digest_algorithm"),
      hint: "Fixed while the list has credentials. Many phones and PBXs only know MD5.",
    },
  ],
  columns: [
    nameColumn("Name", "credential-lists"),
    { title: "Algorithm", show: (row) => textOf(partOf(row, "tandem"), "digest_algorithm") },
    timeColumn("Changed", "date_updated"),
  ],
};

export const credentials: Resource = {
  title: "Credentials",
  one: "credential",
  path: "{account}/SIP/CredentialLists/{parent}/Credentials",
  suffix: ".json",
  key: "credentials",
  empty: "The list is empty: nobody is known by it.",
  mayCreate: true,
  mayUpdate: true,
  nameOf: (row) => textOf(row, "username"),
  removal: { verb: "Delete", text: (name) => `Calls of ${name} are not taken by this list any more.` },
  fields: [
    { name: "Username", label: "User name", isRequired: true, only: "create" },
    {
      name: "Password",
      label: "Password",
      kind: "password",
      isRequired: true,
      hint: "12 characters or more, with a digit, a capital and a small letter. It is written, never shown.",
    },
  ],
  columns: [
    codeColumn("User name", "username"),
    codeColumn("SID", "sid"),
    timeColumn("Changed", "date_updated"),
  ],
};
