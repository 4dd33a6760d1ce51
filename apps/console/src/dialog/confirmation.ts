import { html, nothing, type TemplateResult } from "lit";
import { type ApiFault, toFault } from "../api/api-fault.ts";
import { PageElement } from "../browser/page-element.ts";
import { faultView } from "../view/fault-view.ts";
import { showDialog } from "./show-dialog.ts";

export interface Confirmation {
  readonly title: string;
  readonly text: string;
  /** What the button says, `Delete`. */
  readonly action: string;
  /** Has to be typed before the button works. */
  readonly typed?: string | undefined;
  /** Throws an `ApiFault` when it is refused. */
  readonly run: () => Promise<void>;
}

/** Asks before it does what cannot be undone. */
export function confirm(asked: Confirmation): void {
  showDialog(
    asked.title,
    (close) => html`<tandem-confirmation .asked=${asked} .close=${close}></tandem-confirmation>`,
  );
}

class ConfirmationElement extends PageElement {
  static override properties = {
    ...PageElement.properties,
    asked: { attribute: false },
    close: { attribute: false },
  } as const;
  declare asked: Confirmation;
  declare close: () => void;
  #typed = "";
  #fault: ApiFault | undefined;

  protected override firstUpdated(): void {
    this.querySelector("input")?.focus();
  }

  protected override render(): TemplateResult {
    const { text, action, typed } = this.asked;
    const isAllowed = typed === undefined || this.#typed === typed;
    return html`<form class="form" @submit=${this.#submit}>
      ${faultView(this.#fault)}
      <p>${text}</p>
      ${
        typed === undefined
          ? nothing
          : html`<div class="field"><label for="typed-name">Type <strong>${typed}</strong> to go on</label>
          <input id="typed-name" autocomplete="off" spellcheck="false" @input=${this.#input} /></div>`
      }
      <div class="buttons">
        <button type="submit" class="danger" ?disabled=${!isAllowed}>${action}</button>
        <button type="button" @click=${this.close}>Cancel</button>
      </div>
    </form>`;
  }

  readonly #input = (event: InputEvent): void => {
    this.#typed = (event.target as HTMLInputElement).value;
    this.requestUpdate();
  };

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { typed, run } = this.asked;
    if (typed !== undefined && this.#typed !== typed) return;
    try {
      await run();
      this.close();
    } catch (thrown) {
      this.#fault = toFault(thrown);
      this.requestUpdate();
    }
  };
}
customElements.define("tandem-confirmation", ConfirmationElement);
