import { html, nothing, type TemplateResult } from "lit";

/** Names and values under each other. Values that are empty show as a dash. */
export function factsView(facts: readonly (readonly [name: string, value: unknown])[]): TemplateResult {
  return html`<dl class="facts">
    ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${isEmpty(value) ? "–" : value}</dd></div>`)}
  </dl>`;
}

function isEmpty(value: unknown): boolean {
  return value === "" || value === undefined || value === nothing;
}
