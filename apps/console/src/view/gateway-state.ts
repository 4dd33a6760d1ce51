import { html, nothing, type TemplateResult } from "lit";
import { type Row, textOf } from "../api/row.ts";
import { nowMs } from "../browser/time.ts";
import { agoText } from "../format/time.ts";
import { stateBadge } from "./state-badge.ts";

/** One word for a gateway: whether it is there, and whether it takes calls. */
export function gatewayState(gateway: Row): TemplateResult {
  if (gateway["connected"] === true)
    return stateBadge(gateway["draining"] === true ? "draining" : "connected");
  const seen = textOf(gateway, "last_seen");
  const ago = seen === "" ? nothing : html` <span class="note">${agoText(seen, nowMs())} ago</span>`;
  return html`${stateBadge("disconnected")}${ago}`;
}
