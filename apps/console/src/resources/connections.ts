/** Private lines and what belongs to them. */
import { textOf } from "../api/row.ts";
import { edgeChoices } from "../form/choices.ts";
import type { Field } from "../form/field.ts";
import type { Resource, RowAction } from "../resource/resource.ts";
import { codeColumn, nameColumn, stateColumn, textColumn, timeColumn } from "../view/columns.ts";
import { lineHealth } from "../view/line-health.ts";
import { stateBadge } from "../view/state-badge.ts";

const statuses = ["not-ready", "inactive", "in-transition", "active", "pending-deletion", "expired"];

export const connectionFields: readonly Field[] = [
  { name: "FriendlyName", label: "Name", placeholder: "Office cross-connect" },
  {
    name: "Type",
    label: "Type",
    kind: "select",
    only: "create",
    choices: [
      ["crossconnect", "cross-connect"],
      ["mpls", "MPLS"],
      ["vpn", "VPN"],
      ["cloudconnect", "cloud"],
    ],
  },
  {
    name: "Edge",
    label: "Edge",
    kind: "select",
    only: "create",
    choices: edgeChoices((edge) => textOf(edge, "kind") === "private"),
  },
  {
    name: "BandwidthMbps",
    label: "Bandwidth, Mbit/s",
    kind: "number",
    initial: "100",
    hint: "As the edge offers.",
  },
  {
    name: "Fallback",
    label: "When it is down",
    kind: "select",
    choices: [
      ["none", "calls do not go another way"],
      ["public", "calls go over the internet"],
    ],
  },
  {
    name: "IpRoutes",
    label: "Networks behind it",
    kind: "lines",
    placeholder: "203.0.113.0/24",
    hint: "One a line.",
  },
  { name: "VpnGatewayAddress", label: "The customer's end of a VPN", placeholder: "198.51.100.1" },
  { name: "MplsCarrierSid", label: "Carrier of an MPLS line" },
  { name: "CustomerAsn", label: "The customer's AS number", kind: "number" },
  { name: "BgpPassword", label: "BGP password", kind: "password", hint: "Empty: it stays as it is." },
  {
    name: "PreSharedKey",
    label: "Pre-shared key of a VPN",
    kind: "password",
    hint: "Empty: it stays; for a new VPN one is made.",
  },
  {
    name: "AccountSid",
    label: "Owner",
    only: "create",
    isOperators: true,
    placeholder: "AC…",
    hint: "Default: your own account.",
  },
  { name: "Device", label: "Network device", isOperators: true },
  { name: "NextHop", label: "Next hop of its routes", isOperators: true },
  { name: "ExchangeAsn", label: "Our AS number", kind: "number", isOperators: true },
  { name: "CustomerPeerAddress", label: "The customer's peer address", isOperators: true },
  { name: "ExchangePeerAddress", label: "Our peer address", isOperators: true },
  {
    name: "AllowPrivateAddresses",
    label: "Networks may be of private address space",
    kind: "checkbox",
    isOperators: true,
  },
  { name: "DateExpires", label: "Expires", isOperators: true, placeholder: "2027-01-01T00:00:00Z" },
];

function turn(label: string, from: string, to: string, question: string): RowAction {
  return {
    label: () => label,
    isOffered: (row) => textOf(row, "status") === from,
    question: () => question,
    run: async (client, { row, path }) => {
      await client.post(`${path}/${textOf(row, "sid")}`, [["Status", to]]);
    },
  };
}

export const activation = turn("Activate", "inactive", "active", "Calls may go over the line.");
export const deactivation = turn("Deactivate", "active", "inactive", "No calls go over the line any more.");

export const connections: Resource = {
  title: "Private lines",
  one: "private line",
  about: "Customers' lines into private edges.",
  path: "/v1/Interconnect/Connections",
  key: "connections",
  empty: "There is no private line.",
  mayCreate: true,
  fields: connectionFields,
  actions: [activation, deactivation],
  refreshMs: 10_000,
  removal: {
    verb: "Delete",
    isTyped: true,
    text: (name) => `${name} is taken down as soon as no call is on it, and is gone then.`,
  },
  filters: [
    { name: "Status", label: "State", choices: statuses.map((status) => [status, status] as const) },
    { name: "Edge", label: "Edge", placeholder: "ashburn-ix" },
    { name: "AccountSid", label: "Account", placeholder: "AC…" },
  ],
  columns: [
    nameColumn("Name", "connections"),
    stateColumn("State", "status"),
    {
      title: "Health",
      show: lineHealth,
    },
    textColumn("Type", "type"),
    textColumn("Edge", "edge"),
    { title: "Bandwidth", kind: "number", show: (row) => `${textOf(row, "bandwidth_mbps")} Mbit/s` },
    timeColumn("Changed", "date_updated"),
  ],
};

export const transitions: Resource = {
  title: "Transitions",
  one: "transition",
  about: "What became of the line, the newest first.",
  path: "/v1/Interconnect/Connections/{parent}/Transitions",
  key: "transitions",
  empty: "Nothing has become of it yet.",
  isNewestFirst: true,
  columns: [
    timeColumn("When", "date_created"),
    {
      title: "From",
      show: (row) => (textOf(row, "from_status") === "" ? "created" : stateBadge(textOf(row, "from_status"))),
    },
    stateColumn("To", "to_status"),
    textColumn("Cause", "cause"),
    textColumn("Code", "code"),
  ],
};

export const shares: Resource = {
  title: "Shared with",
  one: "share",
  about: "Subaccounts that may use the line.",
  path: "/v1/Interconnect/Connections/{parent}/Shares",
  key: "shares",
  empty: "Nobody shares the line.",
  mayCreate: true,
  createAction: "Share",
  identify: (row) => textOf(row, "account_sid"),
  nameOf: (row) => textOf(row, "account_sid"),
  removal: { verb: "Remove", text: (name) => `${name} may not use the line any more.` },
  fields: [{ name: "AccountSid", label: "Subaccount", isRequired: true, placeholder: "AC…" }],
  columns: [codeColumn("Account", "account_sid"), timeColumn("Since", "date_created")],
};
