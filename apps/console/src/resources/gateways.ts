/** Gateways and the sources that they do not hear; the operator's. */
import { html } from "lit";
import { rowsOf, textOf } from "../api/row.ts";
import type { Resource } from "../resource/resource.ts";
import { codeColumn, numberColumn, textColumn, timeColumn } from "../view/columns.ts";
import { gatewayState } from "../view/gateway-state.ts";
import { stateBadge } from "../view/state-badge.ts";

export const gateways: Resource = {
  title: "Gateways",
  one: "gateway",
  path: "/v1/Gateways",
  key: "gateways",
  empty: "No gateway has spoken to control yet.",
  refreshMs: 5000,
  identify: (row) => textOf(row, "name"),
  nameOf: (row) => textOf(row, "name"),
  actions: [
    {
      label: () => "Drain",
      isOffered: (row) => row["connected"] === true && row["draining"] !== true,
      question: (row) =>
        `${textOf(row, "name")} takes no new calls until it is started again. Its ${textOf(row, "live_calls")} calls go on.`,
      run: async (client, { row, path }) => {
        await client.post(`${path}/${encodeURIComponent(textOf(row, "name"))}/Drain`, []);
      },
    },
  ],
  columns: [
    textColumn("Name", "name"),
    { title: "State", show: (row) => gatewayState(row) },
    textColumn("Edge", "edge"),
    numberColumn("Calls", "live_calls"),
    numberColumn("Snapshot", "snapshot_version"),
    timeColumn("Last seen", "last_seen"),
    {
      title: "Targets that are down",
      show: (row) => {
        const down = rowsOf(row, "targets").filter((target) => textOf(target, "state") === "down");
        return down.length === 0
          ? "none"
          : down.map(
              (target) =>
                html`<div>${stateBadge("down")} <code>${textOf(target, "sid")}</code> ${textOf(target, "reason")}</div>`,
            );
      },
    },
  ],
};

export const bans: Resource = {
  title: "Bans",
  one: "ban",
  about: "Sources that gateways do not hear for a while. Each ends by itself.",
  path: "/v1/Bans",
  key: "bans",
  empty: "Nobody is banned.",
  refreshMs: 10_000,
  identify: (row) => textOf(row, "address"),
  nameOf: (row) => textOf(row, "address"),
  removal: { verb: "Lift", text: (name) => `All gateways hear ${name} again.` },
  columns: [
    codeColumn("Address", "address"),
    textColumn("Cause", "cause"),
    { title: "Address is", show: (row) => (row["verified"] === true ? "verified" : "as the packets say") },
    textColumn("Gateway", "gateway"),
    textColumn("Interface", "interface"),
    timeColumn("Ends", "ends_at"),
  ],
};
