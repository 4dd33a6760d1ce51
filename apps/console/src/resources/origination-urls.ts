import type { Client } from "../api/client.ts";
import { type Row, textOf } from "../api/row.ts";
import type { Resource, RowAction } from "../resource/resource.ts";
import { codeColumn, enabledColumn, numberColumn, textColumn } from "../view/columns.ts";
import { moved, tried } from "./origination-order.ts";

function move(label: string, by: -1 | 1): RowAction {
  return {
    label: () => label,
    isOffered: (row, rows) => moved(rows, textOf(row, "sid"), by).length > 0,
    run: async (client, { row, rows, path }) => {
      for (const { sid, priority } of moved(rows, textOf(row, "sid"), by)) {
        await client.post(`${path}/${sid}`, [["Priority", String(priority)]]);
      }
    },
  };
}

const toggle: RowAction = {
  label: (row) => (row["enabled"] === true ? "Disable" : "Enable"),
  run: async (client: Client, { row, path }: { readonly row: Row; readonly path: string }) => {
    await client.post(`${path}/${textOf(row, "sid")}`, [["Enabled", String(row["enabled"] !== true)]]);
  },
};

export const originationUrls: Resource = {
  title: "Origination URLs",
  one: "origination URL",
  about: "Where calls to the trunk's numbers go: by priority, the lowest first; among equals by weight.",
  path: "/v1/Trunks/{parent}/OriginationUrls",
  key: "origination_urls",
  empty: "There is none: calls to the trunk's numbers are refused.",
  sort: tried,
  mayCreate: true,
  mayUpdate: true,
  removal: { verb: "Delete", text: (name) => `No call is placed to ${name} any more.` },
  actions: [move("Up", -1), move("Down", 1), toggle],
  fields: [
    { name: "FriendlyName", label: "Name", isRequired: true, placeholder: "PBX" },
    {
      name: "SipUrl",
      label: "SIP URL",
      isRequired: true,
      placeholder: "sip:192.0.2.10:5060;edge=ashburn-ix",
      hint: "edge= names the edge that it is placed from, tnx= the private line.",
    },
    { name: "Priority", label: "Priority", kind: "number", isRequired: true, initial: "10" },
    { name: "Weight", label: "Weight", kind: "number", isRequired: true, initial: "10" },
    { name: "Enabled", label: "Enabled", kind: "checkbox", initial: "true" },
  ],
  columns: [
    codeColumn("SIP URL", "sip_url"),
    numberColumn("Priority", "priority"),
    numberColumn("Weight", "weight"),
    enabledColumn("State", "enabled"),
    textColumn("Name", "friendly_name"),
  ],
};
