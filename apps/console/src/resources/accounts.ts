import { html } from "lit";
import type { Client } from "../api/client.ts";
import { partOf, type Row, textOf } from "../api/row.ts";
import type { Choice, Field } from "../form/field.ts";
import type { Resource, RowAction } from "../resource/resource.ts";
import { stateColumn, timeColumn } from "../view/columns.ts";
import { stateBadge } from "../view/state-badge.ts";
import { callerIdPolicies } from "./trunk-fields.ts";

const compatibilities: readonly Choice[] = [
  ["tandem", "tandem"],
  ["twilio", "twilio"],
];

const fields: readonly Field[] = [
  { name: "FriendlyName", label: "Name", isRequired: true },
  {
    name: "Compatibility",
    label: "Compatibility",
    kind: "select",
    choices: compatibilities,
    read: (row) => textOf(partOf(row, "tandem"), "compatibility"),
    hint: "twilio: our own header fields towards its PBX are X-Twilio-…, as its dial plans know them, instead of X-Tandem-….",
  },
  {
    name: "CallsPerSecond",
    label: "Calls per second",
    kind: "number",
    only: "update",
    read: (row) => textOf(partOf(row, "tandem"), "calls_per_second"),
    hint: "Termination, all trunks of the account and its subaccounts together; empty: unlimited.",
  },
  {
    name: "CallerIdPolicy",
    label: "Numbers that its calls may show",
    kind: "select",
    only: "update",
    choices: callerIdPolicies,
    read: (row) => textOf(partOf(row, "tandem"), "caller_id_policy"),
    hint: "No trunk of the account goes beyond it.",
  },
];

/** The caller's own account and its subaccounts: its customers, when it is the operator's. */
export const accounts: Resource = {
  title: "Accounts",
  one: "account",
  about:
    "Your account and those below it: customers, branches. What belongs to one is hidden from the others.",
  path: "/2010-04-01/Accounts",
  suffix: ".json",
  key: "accounts",
  empty: "There is no account.",
  mayCreate: true,
  mayUpdate: true,
  isWrittenWithToken: true,
  shownOnce: {
    field: "auth_token",
    label: "Auth token",
    text: "With the SID and this token the account uses the REST interface, the SDKs and this console.",
  },
  fields,
  filters: [
    { name: "FriendlyName", label: "Name" },
    {
      name: "Status",
      label: "Status",
      choices: [
        ["active", "active"],
        ["suspended", "suspended"],
        ["closed", "closed"],
      ],
    },
  ],
  actions: [
    {
      label: () => "Act for",
      isOffered: (row) => !isOwnAccount(row),
      run: async (client, { row }) =>
        client.actFor({ sid: textOf(row, "sid"), name: textOf(row, "friendly_name") }),
    },
    changeOfStatus("Suspend", "suspended", {
      from: ["active"],
      question: "No calls from or to its trunks, and its credentials are not taken, until it is reactivated.",
    }),
    changeOfStatus("Reactivate", "active", {
      from: ["suspended"],
      question: "Its calls are carried again, and its credentials are taken.",
    }),
    changeOfStatus("Close", "closed", {
      from: ["active", "suspended"],
      question: "A closed account stays closed: no calls, no credentials, no way back.",
      isTyped: true,
    }),
  ],
  columns: [
    {
      title: "Name",
      show: (row) => html`<div>${textOf(row, "friendly_name")} ${ownBadge(row)}</div>
        <code class="note">${textOf(row, "sid")}</code>`,
    },
    stateColumn("Status", "status"),
    {
      title: "Calls per second",
      kind: "number",
      show: (row) => textOf(partOf(row, "tandem"), "calls_per_second") || "unlimited",
    },
    { title: "Compatibility", show: (row) => textOf(partOf(row, "tandem"), "compatibility") },
    timeColumn("Created", "date_created"),
  ],
};

/** An account that owns itself is the caller's: the list has its subaccounts besides. */
export function isOwnAccount(row: Row): boolean {
  return textOf(row, "sid") === textOf(row, "owner_account_sid");
}

function ownBadge(row: Row): unknown {
  return isOwnAccount(row) ? stateBadge("own account", "idle") : "";
}

function changeOfStatus(
  label: string,
  status: string,
  rest: { readonly from: readonly string[]; readonly question: string; readonly isTyped?: boolean },
): RowAction {
  const { from, question, isTyped = false } = rest;
  return {
    label: () => label,
    isOffered: (row) => !isOwnAccount(row) && from.includes(textOf(row, "status")),
    question: () => question,
    isTyped,
    run: async (client: Client, { row }) => {
      await client.post(`/2010-04-01/Accounts/${textOf(row, "sid")}.json`, [["Status", status]]);
    },
  };
}
