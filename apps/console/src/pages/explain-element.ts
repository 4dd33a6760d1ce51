import type { ExplainResult } from "@tandem/contracts";
import { html, nothing, type TemplateResult } from "lit";
import type { Parameters } from "../api/client.ts";
import { PageElement } from "../browser/page-element.ts";
import type { Field } from "../form/field.ts";
import { explanationView } from "./explanation-view.ts";

const place: readonly Field[] = [
  { name: "Interface", label: "Interface of the gateway", hint: "Empty: the one that fits." },
  {
    name: "Transport",
    label: "Transport",
    kind: "select",
    choices: [
      ["", "any"],
      ["UDP", "UDP"],
      ["TCP", "TCP"],
      ["TLS", "TLS"],
    ],
  },
  { name: "Gateway", label: "Gateway that is asked", hint: "Empty: the first that is connected." },
];

const source: Field = {
  name: "SourceAddress",
  label: "Source address",
  isRequired: true,
  placeholder: "192.0.2.10",
};

const factFields: readonly Field[] = [
  {
    name: "Direction",
    label: "Direction",
    kind: "select",
    choices: [
      ["termination", "termination: a customer calls"],
      ["origination", "origination: the PSTN calls"],
    ],
  },
  source,
  { name: "From", label: "From", isRequired: true, placeholder: "+14155550100" },
  { name: "To", label: "To", isRequired: true, placeholder: "+14155550199" },
  {
    name: "Host",
    label: "Host of the Request-URI",
    placeholder: "office.pstn.tandem.test",
    hint: "Names the trunk of a termination.",
  },
  { name: "Username", label: "Digest user", hint: "Is taken to have given the right password." },
  ...place,
];

const inviteFields: readonly Field[] = [
  source,
  {
    name: "Invite",
    label: "INVITE",
    kind: "long-text",
    isRequired: true,
    placeholder: "INVITE sip:+14155550199@office.pstn.tandem.test SIP/2.0",
  },
  ...place,
];

/** A dry run: what a gateway would do with a call, stage by stage, without doing it. */
class ExplainElement extends PageElement {
  #isOfInvite = false;
  #result: ExplainResult | undefined;

  protected override render(): TemplateResult {
    return html`<header class="head"><div><h1>Explain</h1>
      <p class="about">What a gateway would do with a call: each stage's verdict and the candidates in their order.
        Nothing is sent.</p></div></header>
      <section class="panel" aria-label="The call">
        <fieldset class="choice"><legend class="unseen">The call is given by</legend>
          ${this.#mode("facts", "Facts", false)}${this.#mode("invite", "A pasted INVITE", true)}
        </fieldset>
        ${this.#form()}
      </section>
      <div aria-live="polite">${this.#result === undefined ? nothing : explanationView(this.#result)}</div>`;
  }

  #mode(value: string, label: string, isOfInvite: boolean): TemplateResult {
    const change = (): void => {
      this.#isOfInvite = isOfInvite;
      this.#result = undefined;
      this.requestUpdate();
    };
    return html`<label><input type="radio" name="mode" value=${value} ?checked=${this.#isOfInvite === isOfInvite}
      @change=${change} /> ${label}</label>`;
  }

  /** Two forms, not one with two sets of fields: each keeps what was typed into it. */
  #form(): TemplateResult {
    const form = (fields: readonly Field[], isHidden: boolean): TemplateResult =>
      html`<tandem-form class="wide" ?hidden=${isHidden} .client=${this.client} .fields=${fields} .send=${this.#explain}
        .action=${"Explain"}></tandem-form>`;
    return html`${form(factFields, this.#isOfInvite)}${form(inviteFields, !this.#isOfInvite)}`;
  }

  readonly #explain = async (parameters: Parameters): Promise<void> => {
    this.#result = undefined;
    const answer = await this.client.post("/v1/Explain", parameters.map(withWireLineEnds));
    // The interface's contract; it is written for programs of this repository, and control checks it.
    this.#result = answer as unknown as ExplainResult;
    this.requestUpdate();
  };
}
customElements.define("tandem-explain", ExplainElement);

/** A text field holds lines that end in LF; SIP wants CRLF (RFC 3261 §7), and an empty line after the header. */
function withWireLineEnds([name, value]: Parameters[number]): Parameters[number] {
  if (name !== "Invite") return [name, value];
  const text = value.replaceAll(/\r?\n/g, "\r\n");
  return [name, text.includes("\r\n\r\n") ? text : `${text.trimEnd()}\r\n\r\n`];
}
