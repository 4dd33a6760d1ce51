import { html, nothing, type TemplateResult } from "lit";
import { type ApiFault, toFault } from "../api/api-fault.ts";
import type { Parameters } from "../api/client.ts";
import type { Row } from "../api/row.ts";
import { PageElement } from "../browser/page-element.ts";
import { faultView } from "../view/fault-view.ts";
import { type Choice, type Field, initialValues, type Values, withCurrent } from "./field.ts";
import { fieldView } from "./field-view.ts";
import { createParameters, fieldFaultOf, updateParameters } from "./form-parameters.ts";

/** Ids of fields are unique in the document. */
let count = 0;

/**
 * A form that is described by its fields. `row`: the object that is changed; left out, one is made. `send` gets the
 * parameters, and throws what the interface says about them: that is shown at its field, or above the form.
 */
export class FormElement extends PageElement {
  static override properties = {
    ...PageElement.properties,
    fields: { attribute: false },
    row: { attribute: false },
    action: { attribute: false },
    send: { attribute: false },
    cancel: { attribute: false },
  } as const;
  declare fields: readonly Field[];
  declare row: Row | undefined;
  /** What its button says. */
  declare action: string;
  declare send: (parameters: Parameters) => Promise<void>;
  declare cancel: (() => void) | undefined;
  readonly #id = `form-${(count += 1)}`;
  readonly #choices = new Map<string, readonly Choice[]>();
  #before: Values = {};
  /** What was typed, while the form is shown again with a fault. */
  #values: Values = {};
  #fault: ApiFault | undefined;
  #isSending = false;
  #isReady = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.#isReady) return nothing;
    const about = this.#fault === undefined ? undefined : fieldFaultOf(this.#shown, this.#fault.message);
    return html`<form class="form" novalidate @submit=${this.#submit}>
      ${this.#fault !== undefined && about === undefined ? faultView(this.#fault) : nothing}
      ${this.#shown.map((field) =>
        fieldView(field, {
          id: `${this.#id}-${field.name}`,
          value: this.#values[field.name] ?? "",
          choices: this.#choicesOf(field),
          fault: field === about?.field ? about.text : undefined,
          isRequired: field.isRequired === true && this.row === undefined,
        }),
      )}
      <div class="buttons">
        <button type="submit" class="primary" ?disabled=${this.#isSending}>${this.action}</button>
        ${this.cancel === undefined ? nothing : html`<button type="button" @click=${this.cancel}>Cancel</button>`}
      </div>
    </form>`;
  }

  /** Begins anew with the values of `row`. */
  async #begin(): Promise<void> {
    for (const { name, choices = [] } of this.#shown) {
      try {
        this.#choices.set(name, typeof choices === "function" ? await choices(this.client) : choices);
      } catch (thrown) {
        this.#fault = toFault(thrown);
      }
    }
    this.#before = this.#withFirstChoices(initialValues(this.#shown, this.row));
    this.#values = this.#before;
    this.#isReady = true;
    this.requestUpdate();
    await this.updateComplete;
    // Whoever has opened a dialog wants to write; a form on a page waits until it is wanted.
    if (this.closest("dialog") !== null) this.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }

  get #shown(): readonly Field[] {
    const kind = this.row === undefined ? "create" : "update";
    const { isOperator, actingFor } = this.client.consoleLogin;
    return this.fields.filter(
      ({ only, isOperators, isForAll }) =>
        (only === undefined || only === kind) &&
        (isOperators !== true || isOperator) &&
        (isForAll !== true || actingFor === undefined),
    );
  }

  #choicesOf({ name }: Field): readonly Choice[] {
    const choices = this.#choices.get(name) ?? [];
    return this.row === undefined ? choices : withCurrent(choices, this.#before[name] ?? "");
  }

  /** A `select` shows its first choice when it holds no other. */
  #withFirstChoices(values: Values): Values {
    if (this.row !== undefined) return values;
    const first = this.#shown
      .filter(({ kind, name }) => kind === "select" && values[name] === "")
      .map(({ name }) => [name, this.#choices.get(name)?.[0]?.[0] ?? ""] as const);
    return { ...values, ...Object.fromEntries(first) };
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.#isSending) return;
    this.#values = this.#typed(event.target as HTMLFormElement);
    const parameters =
      this.row === undefined
        ? createParameters(this.#shown, this.#values)
        : updateParameters(this.#shown, this.#before, this.#values);
    this.#isSending = true;
    this.#fault = undefined;
    this.requestUpdate();
    try {
      await this.send(parameters);
      this.#before = this.#values;
    } catch (thrown) {
      this.#fault = toFault(thrown);
    }
    this.#isSending = false;
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };

  #typed(form: HTMLFormElement): Values {
    return Object.fromEntries(
      this.#shown.map(({ name, kind }) => {
        const input = form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement | null;
        if (kind === "checkbox") return [name, String(input instanceof HTMLInputElement && input.checked)];
        const value = input?.value ?? "";
        return [name, kind === "password" || kind === "long-text" ? value : value.trim()];
      }),
    );
  }
}
customElements.define("tandem-form", FormElement);
