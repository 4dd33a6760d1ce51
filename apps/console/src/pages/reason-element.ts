import { html, nothing, type TemplateResult } from "lit";
import { type Row, textOf } from "../api/row.ts";
import { Loaded } from "../browser/loaded.ts";
import { PageElement } from "../browser/page-element.ts";
import { hrefOf } from "../router/route.ts";
import { factsView } from "../view/facts-view.ts";
import { faultView } from "../view/fault-view.ts";
import { readingView } from "../view/reading-view.ts";

/** What a code means, whose doing it is, and what to do about it. */
class ReasonElement extends PageElement {
  static override properties = { ...PageElement.properties, code: { attribute: false } } as const;
  declare code: string;
  readonly #reason = new Loaded(this, () => this.client.get(`/errors/${encodeURIComponent(this.code)}`));

  protected override render(): TemplateResult {
    const { value, fault } = this.#reason;
    return html`<h1>Code ${this.code}</h1>${faultView(fault)}
      ${value === undefined ? readingView(fault) : reasonView(value)}`;
  }
}
customElements.define("tandem-reason", ReasonElement);

function reasonView(reason: Row): TemplateResult {
  const code = textOf(reason, "code");
  const isOfCalls = textOf(reason, "blame") !== "";
  return html`<section class="panel">
    <header><h2>${textOf(reason, "name")}</h2></header>
    <p class="lead">${textOf(reason, "text")}</p>
    ${
      isOfCalls
        ? html`${factsView([
            ["Whose doing it is", textOf(reason, "blame")],
            ["Level", textOf(reason, "level")],
            [
              "SIP response",
              [textOf(reason, "sip_status"), textOf(reason, "reason_phrase")].join(" ").trim(),
            ],
            ["Q.850 cause", textOf(reason, "q850_cause")],
            ["May succeed when tried again", reason["retryable"] === true ? "yes" : "no"],
          ])}
          <p><a href=${hrefOf(["alerts"], { ErrorCode: code })}>Alerts with this code</a></p>`
        : nothing
    }
  </section>`;
}
