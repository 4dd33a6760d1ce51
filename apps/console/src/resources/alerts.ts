import { html } from "lit";
import { partOf, textOf } from "../api/row.ts";
import type { Resource } from "../resource/resource.ts";
import { hrefOf } from "../router/route.ts";
import { sidLink, stateColumn, textColumn, timeColumn } from "../view/columns.ts";

export const alerts: Resource = {
  title: "Alerts",
  one: "alert",
  about: "What went wrong, the newest first. The code leads to what it means and whose doing it is.",
  path: "/v1/Alerts",
  key: "alerts",
  empty: "There is no alert.",
  isNewestFirst: true,
  refreshMs: 10_000,
  filters: [
    {
      name: "LogLevel",
      label: "Level",
      choices: [
        ["error", "error"],
        ["warning", "warning"],
      ],
    },
    { name: "ErrorCode", label: "Code", placeholder: "32202" },
    { name: "TrunkSid", label: "Trunk", placeholder: "TK…" },
    { name: "CallSid", label: "Call", placeholder: "CA…" },
    { name: "StartDate", label: "Since (UTC)", placeholder: "2026-11-26" },
    { name: "EndDate", label: "Until (UTC)", placeholder: "2026-11-27" },
  ],
  columns: [
    timeColumn("When", "date_generated"),
    stateColumn("Level", "log_level"),
    {
      title: "Code",
      show: (row) =>
        html`<a href=${hrefOf(["reasons", textOf(row, "error_code")])}>${textOf(row, "error_code")}</a>`,
    },
    textColumn("What", "alert_text"),
    { title: "Call", show: (row) => sidLink("calls", textOf(partOf(row, "tandem"), "call_sid")) },
    { title: "Trunk", show: (row) => sidLink("trunks", textOf(row, "service_sid")) },
    {
      title: "Gateway",
      show: (row) => html`<span class="word">${textOf(partOf(row, "tandem"), "gateway")}</span>`,
    },
  ],
};
