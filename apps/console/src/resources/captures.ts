/** SIP messages of calls that gateways have captured; the operator's. */
import { html } from "lit";
import { textOf } from "../api/row.ts";
import { trunkChoices } from "../form/choices.ts";
import type { Resource } from "../resource/resource.ts";
import { hrefOf } from "../router/route.ts";
import { linkColumn, numberColumn, textColumn, timeColumn } from "../view/columns.ts";

export const captures: Resource = {
  title: "SIP messages",
  one: "capture",
  about:
    "Of the next calls of a trunk, or with a number, gateways keep every message. Another capture forgets what this one has.",
  path: "/v1/Captures",
  key: "calls",
  empty: "No call has been captured.",
  createAction: "Capture calls",
  mayCreate: true,
  refreshMs: 3000,
  columns: [
    {
      title: "Call",
      show: (row) =>
        html`<a href=${hrefOf(["captures", textOf(row, "call_sid")])}>${textOf(row, "from")} → ${textOf(row, "to")}</a>`,
    },
    timeColumn("Began", "started_at"),
    textColumn("Gateway", "gateway"),
    linkColumn("Trunk", "trunk_sid", "trunks"),
    numberColumn("Messages", "messages"),
    { title: "Whole", show: (row) => (row["whole"] === false ? "no, it had more" : "yes") },
  ],
  fields: [
    { name: "TrunkSid", label: "Trunk", kind: "select", choices: trunkChoices("any") },
    {
      name: "Number",
      label: "Number",
      hint: "Called or calling, with +. Empty: any.",
      placeholder: "+15550100",
    },
    { name: "Calls", label: "Calls", kind: "number", initial: "10", hint: "On each gateway, at most 100." },
    { name: "Seconds", label: "Seconds", kind: "number", initial: "300", hint: "Then it ends by itself." },
  ],
};
