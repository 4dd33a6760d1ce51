import { html, type TemplateResult } from "lit";
import type { Field } from "../form/field.ts";
import { typedText } from "../form/typed-text.ts";
import { hrefOf } from "../router/route.ts";

/** The filters of a list. They are written into the address, so that it can be kept and passed on. */
export function filterForm(
  filters: readonly Field[],
  query: Readonly<Record<string, string>>,
  place: readonly string[],
): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const values = filters.map(({ name }): [string, string] => [name, typedText(data, name)]);
    location.hash = hrefOf(place, Object.fromEntries(values));
  };
  const clear = (): void => {
    location.hash = hrefOf(place);
  };
  return html`<form class="filters" role="search" @submit=${submit}>
    ${filters.map((filter) => filterView(filter, query[filter.name] ?? ""))}
    <div class="buttons"><button type="submit">Filter</button>
      <button type="button" class="quiet" @click=${clear}>Clear</button></div>
  </form>`;
}

function filterView({ name, label, choices, placeholder = "" }: Field, value: string): TemplateResult {
  const id = `filter-${name}`;
  return html`<div class="field"><label for=${id}>${label}</label>${
    Array.isArray(choices)
      ? html`<select id=${id} name=${name}><option value="">any</option>${choices.map(
          ([choice, text]) => html`<option value=${choice} ?selected=${choice === value}>${text}</option>`,
        )}</select>`
      : html`<input id=${id} name=${name} .value=${value} placeholder=${placeholder} autocomplete="off"
          spellcheck="false" />`
  }</div>`;
}
