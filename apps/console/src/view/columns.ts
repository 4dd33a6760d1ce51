/** Columns that many tables have. */
import { html, nothing } from "lit";
import { type Row, textOf } from "../api/row.ts";
import { timeText } from "../format/time.ts";
import { hrefOf } from "../router/route.ts";
import { stateBadge } from "./state-badge.ts";
import type { Column } from "./table-view.ts";

/** A field as it is. */
export function textColumn(title: string, field: string): Column {
  return { title, show: (row) => textOf(row, field) };
}

/** Addresses, numbers of telephones, names of hosts. */
export function codeColumn(title: string, field: string): Column {
  return { title, kind: "code", show: (row) => textOf(row, field) };
}

export function numberColumn(title: string, field: string): Column {
  return { title, kind: "number", show: (row) => textOf(row, field) };
}

export function stateColumn(title: string, field: string): Column {
  return { title, show: (row) => stateBadge(textOf(row, field)) };
}

/** `true` as a word in colour. */
export function enabledColumn(title: string, field: string): Column {
  return { title, show: (row) => stateBadge(row[field] === true ? "enabled" : "disabled") };
}

export function timeColumn(title: string, field: string): Column {
  return { title, show: (row) => timeView(textOf(row, field)) };
}

/** The name, which leads to the object's page. */
export function nameColumn(title: string, page: string, nameOf = friendlyName): Column {
  return {
    title,
    show: (row) => html`<a href=${hrefOf([page, textOf(row, "sid")])}>${nameOf(row)}</a>`,
  };
}

/** A SID that leads to its object's page. */
export function linkColumn(title: string, field: string, page: string): Column {
  return { title, kind: "code", show: (row) => sidLink(page, textOf(row, field)) };
}

/** The beginning of the SID; the whole shows when it is pointed at. */
export function sidLink(page: string, sid: string): unknown {
  if (sid === "") return nothing;
  return html`<a href=${hrefOf([page, sid])} title=${sid}><code>${shortSid(sid)}</code></a>`;
}

export function shortSid(sid: string): string {
  return sid.length > 12 ? `${sid.slice(0, 10)}…` : sid;
}

/** In the browser's zone; in UTC when it is pointed at. */
export function timeView(value: string): unknown {
  if (value === "") return nothing;
  return html`<time class="time" datetime=${value} title="${timeText(value, "UTC")} UTC">${timeText(value)}</time>`;
}

function friendlyName(row: Row): string {
  return textOf(row, "friendly_name") || textOf(row, "sid");
}
