import { html, nothing, type TemplateResult } from "lit";
import type { Choice, Field } from "./field.ts";

export interface FieldState {
  readonly id: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  /** What is wrong with it. */
  readonly fault: string | undefined;
  /** It must be given. */
  readonly isRequired: boolean;
}

/** The field with its label, its hint and what is wrong with it. */
export function fieldView(field: Field, state: FieldState): TemplateResult {
  const { id, fault } = state;
  const hint = field.hint === undefined ? nothing : html`<p class="hint" id="${id}-hint">${field.hint}</p>`;
  const told =
    fault === undefined ? nothing : html`<p class="fault" id="${id}-fault" role="alert">${fault}</p>`;
  if (field.kind === "checkbox") {
    return html`<div class="field">
      <label class="check">${control(field, state)} <span>${field.label}</span></label>${hint}${told}
    </div>`;
  }
  return html`<div class="field">
    <label for=${id} class=${state.isRequired ? "required" : ""}>${field.label}</label>${control(field, state)}${hint}${told}
  </div>`;
}

/** Where screen readers find the hint and the fault. */
function describedBy({ hint }: Field, { id, fault }: FieldState): string | typeof nothing {
  const ids = [hint === undefined ? "" : `${id}-hint`, fault === undefined ? "" : `${id}-fault`];
  return ids.filter((one) => one !== "").join(" ") || nothing;
}

function control(field: Field, state: FieldState): TemplateResult {
  const { id, value } = state;
  const { kind = "text" } = field;
  switch (kind) {
    case "checkbox":
      return html`<input type="checkbox" id=${id} name=${field.name} ?checked=${value === "true"}
        aria-describedby=${describedBy(field, state)} />`;
    case "select":
      return selectView(field, state);
    case "lines":
    case "long-text":
      return textAreaView(field, state);
    case "number":
    case "password":
    case "text":
      return inputView(field, state);
  }
}

function selectView(field: Field, state: FieldState): TemplateResult {
  const { id, value, choices, isRequired } = state;
  return html`<select id=${id} name=${field.name} ?required=${isRequired} aria-invalid=${invalid(state)}
    aria-describedby=${describedBy(field, state)}>${choices.map(
      ([choice, label]) => html`<option value=${choice} ?selected=${choice === value}>${label}</option>`,
    )}</select>`;
}

function textAreaView(field: Field, state: FieldState): TemplateResult {
  const { id, value, isRequired } = state;
  return html`<textarea id=${id} name=${field.name} rows=${field.kind === "lines" ? 3 : 6} spellcheck="false"
    placeholder=${field.placeholder ?? ""} ?required=${isRequired} aria-invalid=${invalid(state)}
    aria-describedby=${describedBy(field, state)} .value=${value}></textarea>`;
}

function inputView(field: Field, state: FieldState): TemplateResult {
  const { id, value, isRequired } = state;
  const isSecret = field.kind === "password";
  return html`<input type=${isSecret ? "password" : "text"} id=${id} name=${field.name} .value=${value}
    inputmode=${field.kind === "number" ? "decimal" : nothing} placeholder=${field.placeholder ?? ""}
    ?required=${isRequired} autocomplete=${isSecret ? "new-password" : "off"} spellcheck="false"
    aria-invalid=${invalid(state)} aria-describedby=${describedBy(field, state)} />`;
}

function invalid({ fault }: FieldState): string | typeof nothing {
  return fault === undefined ? nothing : "true";
}
