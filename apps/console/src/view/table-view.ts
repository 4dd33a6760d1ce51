import { html, nothing, type TemplateResult } from "lit";
import type { Row } from "../api/row.ts";

export interface Column {
  readonly title: string;
  readonly show: (row: Row) => unknown;
  /** `number`: to the right. `code`: with letters of one width. */
  readonly kind?: "number" | "code";
}

export interface TableParts {
  /** What screen readers call it. */
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Shown when there is no row. */
  readonly empty: string;
  /** Buttons at the end of each row. */
  readonly actions?: ((row: Row) => unknown) | undefined;
}

/** A table whose first column is what its rows are called. On narrow screens each row becomes a card. */
export function tableView({ caption, columns, rows, empty, actions }: TableParts): TemplateResult {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<div class="table"><table>
    <caption class="unseen">${caption}</caption>
    <thead><tr>
      ${columns.map(({ title, kind = "" }) => html`<th scope="col" class=${kind}>${title}</th>`)}
      ${actions === undefined ? nothing : html`<th scope="col"><span class="unseen">Actions</span></th>`}
    </tr></thead>
    <tbody>${rows.map((row) => rowView(row, columns, actions))}</tbody>
  </table></div>`;
}

function rowView(row: Row, columns: readonly Column[], actions: TableParts["actions"]): TemplateResult {
  return html`<tr>
    ${columns.map(({ title, show, kind = "" }, index) =>
      index === 0
        ? html`<th scope="row" class=${kind} data-title=${title}>${show(row)}</th>`
        : html`<td class=${kind} data-title=${title}>${show(row)}</td>`,
    )}
    ${actions === undefined ? nothing : html`<td class="actions">${actions(row)}</td>`}
  </tr>`;
}
