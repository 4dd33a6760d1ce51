import { html, type TemplateResult } from "lit";
import { type ApiFault, toFault } from "../api/api-fault.ts";
import { type Row, textOf } from "../api/row.ts";
import { PageElement } from "../browser/page-element.ts";
import { copyable } from "../view/copy-button.ts";
import { factsView } from "../view/facts-view.ts";
import { faultView } from "../view/fault-view.ts";

/** The secrets of a private line, for whoever configures its ends. They are asked for only when somebody wants to see them. */
class LineSecretsElement extends PageElement {
  static override properties = { ...PageElement.properties, sid: { attribute: false } } as const;
  declare sid: string;
  #secrets: Row | undefined;
  #fault: ApiFault | undefined;

  protected override render(): TemplateResult {
    return html`<section class="panel" aria-label="Secrets">
      <header><h2>Secrets</h2><button type="button" @click=${this.#toggle}>
        ${this.#secrets === undefined ? "Show" : "Hide"}</button></header>
      <p class="about">What both ends of the line need. Control notes who has read them.</p>
      ${faultView(this.#fault)}
      <div aria-live="polite">${this.#secrets === undefined ? "" : secretsView(this.#secrets)}</div>
    </section>`;
  }

  readonly #toggle = async (): Promise<void> => {
    this.#fault = undefined;
    if (this.#secrets !== undefined) {
      this.#secrets = undefined;
    } else {
      try {
        this.#secrets = await this.client.get(`/v1/Interconnect/Connections/${this.sid}/Secrets`);
      } catch (thrown) {
        this.#fault = toFault(thrown);
      }
    }
    this.requestUpdate();
  };
}
customElements.define("tandem-line-secrets", LineSecretsElement);

function secretsView(secrets: Row): TemplateResult {
  const shown = (name: string) => (textOf(secrets, name) === "" ? "" : copyable(textOf(secrets, name)));
  return factsView([
    ["BGP password", shown("bgp_password")],
    ["Pre-shared key", shown("pre_shared_key")],
  ]);
}
