/** What is attached to a trunk: the lists that say who may call, and its numbers. */
import { textOf } from "../api/row.ts";
import { choicesOf } from "../form/choices.ts";
import type { Resource } from "../resource/resource.ts";
import { codeColumn, nameColumn, textColumn, timeColumn } from "../view/columns.ts";

export const trunkAccessLists: Resource = {
  title: "Access lists",
  one: "access list",
  about: "Calls from these addresses are taken as the trunk's.",
  path: "/v1/Trunks/{parent}/IpAccessControlLists",
  key: "ip_access_control_lists",
  empty: "None is attached.",
  mayCreate: true,
  createAction: "Attach an access list",
  removal: {
    verb: "Detach",
    text: (name) => `Calls from the addresses of ${name} are not taken as the trunk's any more.`,
  },
  fields: [
    {
      name: "IpAccessControlListSid",
      label: "Access list",
      kind: "select",
      isRequired: true,
      choices: choicesOf("{account}/SIP/IpAccessControlLists.json", "ip_access_control_lists"),
    },
  ],
  columns: [nameColumn("Name", "access-lists"), timeColumn("Attached", "date_created")],
};

export const trunkCredentialLists: Resource = {
  title: "Credential lists",
  one: "credential list",
  about: "Calls with one of these user names and passwords are taken as the trunk's.",
  path: "/v1/Trunks/{parent}/CredentialLists",
  key: "credential_lists",
  empty: "None is attached.",
  mayCreate: true,
  createAction: "Attach a credential list",
  removal: {
    verb: "Detach",
    text: (name) => `The credentials of ${name} are not taken for the trunk any more.`,
  },
  fields: [
    {
      name: "CredentialListSid",
      label: "Credential list",
      kind: "select",
      isRequired: true,
      choices: choicesOf("{account}/SIP/CredentialLists.json", "credential_lists"),
    },
  ],
  columns: [nameColumn("Name", "credential-lists"), timeColumn("Attached", "date_created")],
};

export const trunkNumbers: Resource = {
  title: "Numbers",
  one: "number",
  about: "Calls to these numbers go to the trunk's origination URLs.",
  path: "/v1/Trunks/{parent}/PhoneNumbers",
  key: "phone_numbers",
  empty: "The trunk has no number: no calls come to it from the PSTN.",
  mayCreate: true,
  createAction: "Attach a number",
  nameOf: (row) => textOf(row, "phone_number"),
  removal: { verb: "Detach", text: (name) => `Calls to ${name} do not go to the trunk any more.` },
  fields: [
    {
      name: "PhoneNumberSid",
      label: "Number",
      kind: "select",
      isRequired: true,
      choices: choicesOf(
        "{account}/IncomingPhoneNumbers.json",
        "incoming_phone_numbers",
        (row) => `${textOf(row, "phone_number")}${textOf(row, "trunk_sid") === "" ? "" : " (is on a trunk)"}`,
      ),
    },
  ],
  columns: [codeColumn("Number", "phone_number"), textColumn("Name", "friendly_name")],
};
