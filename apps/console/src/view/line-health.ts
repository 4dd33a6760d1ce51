import { html } from "lit";
import { type Row, rowsOf, textOf } from "../api/row.ts";
import { stateBadge } from "./state-badge.ts";

/** How a private line is at each gateway of its edge, in a word each. */
export function lineHealth(line: Row): unknown {
  const health = rowsOf(line, "health");
  if (health.length === 0) return "–";
  return health.map(
    (one) => html`<span title=${textOf(one, "gateway")}>${stateBadge(textOf(one, "state"))}</span> `,
  );
}
