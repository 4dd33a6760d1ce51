import { html } from "lit";
import { partOf, type Row, textOf } from "../api/row.ts";
import { durationText } from "../format/time.ts";
import type { Resource } from "../resource/resource.ts";
import { hrefOf } from "../router/route.ts";
import { codeColumn, linkColumn, stateColumn, timeView } from "../view/columns.ts";

const statuses = ["queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"];

/** `termination` or `origination`: the product's words. */
export function directionOf(call: Row): string {
  return textOf(call, "direction") === "trunking-originating" ? "origination" : "termination";
}

/** Whether a gateway has it now. */
export function isLive(call: Row): boolean {
  return ["queued", "ringing", "in-progress"].includes(textOf(call, "status"));
}

export const calls: Resource = {
  title: "Calls",
  one: "call",
  about: "Calls in progress and calls that are over, the newest first.",
  path: "{account}/Calls",
  suffix: ".json",
  key: "calls",
  empty: "No call is like that.",
  isNewestFirst: true,
  refreshMs: 5000,
  filters: [
    { name: "Status", label: "Status", choices: statuses.map((status) => [status, status] as const) },
    { name: "From", label: "From", placeholder: "+14155550100" },
    { name: "To", label: "To", placeholder: "+14155550199" },
    { name: "TrunkSid", label: "Trunk", placeholder: "TK…" },
    { name: "StartTime>", label: "Since (UTC)", placeholder: "2026-11-26T12:00:00Z" },
    { name: "StartTime<", label: "Until (UTC)", placeholder: "2026-11-27" },
    { name: "Search", label: "SID, number or Call-ID", placeholder: "CA…" },
  ],
  columns: [
    {
      title: "Began",
      show: (row) =>
        html`<a href=${hrefOf(["calls", textOf(row, "sid")])}>${timeView(textOf(row, "start_time"))}</a>`,
    },
    stateColumn("Status", "status"),
    codeColumn("From", "from"),
    codeColumn("To", "to"),
    { title: "Direction", show: (row) => directionOf(row) },
    { title: "Duration", kind: "number", show: (row) => durationText(textOf(row, "duration")) },
    linkColumn("Trunk", "trunk_sid", "trunks"),
    { title: "Result", show: (row) => resultOf(row) },
  ],
};

/** The status code and why, as far as it is known. */
export function resultOf(call: Row): string {
  const details = partOf(call, "tandem");
  return [textOf(details, "status_code"), textOf(details, "reason_text")]
    .filter((text) => text !== "")
    .join(" ");
}
