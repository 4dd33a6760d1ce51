import { html, nothing, type TemplateResult } from "lit";
import { hrefOf } from "../router/route.ts";
import type { Rung } from "./call-ladder.ts";

/** The ladder of a call: the caller's side on the left, the exchange in the middle, whom it called on the right. */
export function ladderView(rungs: readonly Rung[]): TemplateResult {
  return html`<div class="ladder">
    <div class="ends" aria-hidden="true"><span>caller</span><span>exchange</span><span>callee</span></div>
    <ol>${rungs.map(rungView)}</ol>
  </div>`;
}

function rungView({ side, direction, label, tone, notes, attempt, reasonCode }: Rung): TemplateResult {
  return html`<li class="rung ${side} ${direction} ${tone}">
    <div class="arrow">
      <span class="unseen">${spoken(side, direction)}</span>
      ${attempt === undefined ? nothing : html`<span class="attempt" title="attempt ${attempt}">${attempt}</span>`}
      <strong>${label}</strong>
    </div>
    <div class="notes">
      ${notes.map((note) => html`<span>${note}</span>`)}
      ${reasonCode === "" ? nothing : html`<a href=${hrefOf(["reasons", reasonCode])}>reason ${reasonCode}</a>`}
    </div>
  </li>`;
}

function spoken(side: Rung["side"], direction: Rung["direction"]): string {
  const isFromExchange = (side === "callee") === (direction === "right");
  return isFromExchange ? `The exchange to the ${side}:` : `The ${side} to the exchange:`;
}
