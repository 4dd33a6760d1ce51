import { html } from "lit";
import { textsOf } from "../api/row.ts";
import type { Resource } from "../resource/resource.ts";
import { codeColumn, nameColumn, timeColumn } from "../view/columns.ts";
import { stateBadge } from "../view/state-badge.ts";
import { trunkNameFields } from "./trunk-fields.ts";

const authentications: Readonly<Record<string, string>> = {
  IP_ACL: "addresses",
  CREDENTIAL_LIST: "credentials",
};

export const trunks: Resource = {
  title: "Trunks",
  one: "trunk",
  path: "/v1/Trunks",
  key: "trunks",
  empty: "There is no trunk yet. A trunk is where a customer's calls come in and go out.",
  fields: trunkNameFields,
  mayCreate: true,
  removal: {
    verb: "Delete",
    isTyped: true,
    text: (name) =>
      `${name} takes and places no calls any more. Its origination URLs go with it; lists and numbers stay.`,
  },
  columns: [
    nameColumn("Name", "trunks"),
    codeColumn("Domain name", "domain_name"),
    {
      title: "Known by",
      show: (row) => {
        const kinds = textsOf(row, "auth_type_set").map((kind) => authentications[kind] ?? kind);
        return kinds.length === 0 ? stateBadge("nobody", "poor") : kinds.join(", ");
      },
    },
    { title: "Security", show: (row) => (row["secure"] === true ? html`TLS and SRTP` : html`not demanded`) },
    timeColumn("Changed", "date_updated"),
  ],
};
