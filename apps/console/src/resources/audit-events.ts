import { html, nothing } from "lit";
import { type Row, rowsOf, textOf } from "../api/row.ts";
import type { Resource } from "../resource/resource.ts";
import { shortSid, textColumn, timeColumn } from "../view/columns.ts";

export const auditEvents: Resource = {
  title: "Audit",
  one: "event",
  about: "Who changed what over the interface, the newest first. Secrets are told only as changed.",
  path: "/v1/AuditEvents",
  key: "audit_events",
  empty: "Nothing was changed.",
  isNewestFirst: true,
  filters: [
    { name: "ResourceSid", label: "SID or name of what was changed", placeholder: "TK…" },
    { name: "Since", label: "Since (UTC)", placeholder: "2026-11-26" },
    { name: "Until", label: "Until (UTC)", placeholder: "2026-11-27" },
  ],
  columns: [
    timeColumn("When", "event_date"),
    textColumn("Operation", "operation"),
    { title: "What changed", show: (row) => changesView(rowsOf(row, "changes")) },
    textColumn("Who", "actor_type"),
    {
      title: "Key or account",
      kind: "code",
      show: (row) =>
        html`<span title=${textOf(row, "actor_sid")}>${shortSid(textOf(row, "actor_sid"))}</span>`,
    },
    {
      title: "From",
      kind: "code",
      show: (row) => html`<span class="word">${textOf(row, "source_ip_address")}</span>`,
    },
  ],
};

function changesView(changes: readonly Row[]): unknown {
  if (changes.length === 0) return nothing;
  const [first] = changes;
  const more = changes.length === 1 ? "" : ` and ${changes.length - 1} more`;
  return html`<details><summary><code>${first === undefined ? "" : textOf(first, "resource_sid")}</code>${more}</summary>
    ${changes.map(
      (change) => html`<p>${textOf(change, "operation")} ${textOf(change, "resource")}
        <code>${textOf(change, "resource_sid")}</code></p>
      <ul>${rowsOf(change, "fields").map((field) => html`<li>${fieldText(field)}</li>`)}</ul>`,
    )}</details>`;
}

function fieldText(field: Row): string {
  const name = textOf(field, "name");
  if (field["secret"] === true) return `${name} (secret)`;
  const [before, after] = [textOf(field, "before"), textOf(field, "after")];
  return before === "" ? `${name}: ${after}` : `${name}: ${before} → ${after || "nothing"}`;
}
