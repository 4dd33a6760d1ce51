import { html, type PropertyValues, type TemplateResult } from "lit";
import type { Row } from "../api/row.ts";
import { Loaded } from "../browser/loaded.ts";
import { PageElement } from "../browser/page-element.ts";
import { actingChoices } from "./acting-choices.ts";

/** The most that the interface gives at once, and that an account may have; the page of accounts has filters. */
const most = "1000";

/** Whom the pages are about: the own account, or one of those below it. */
class ActingElement extends PageElement {
  static override properties = { ...PageElement.properties, place: { attribute: false } } as const;
  /** Address of the page: the accounts are read again at each. */
  declare place: string;
  readonly #accounts = new Loaded(this, () => this.#read());

  protected override render(): TemplateResult {
    const choices = actingChoices(this.client.consoleLogin, this.#accounts.value ?? []);
    return html`<div class="acting-for">
      <label for="acting-for">Acting for</label>
      <select id="acting-for" @change=${this.#choose}>${choices.map(
        ({ account, label }) =>
          html`<option value=${account.sid} .selected=${account.sid === this.client.accountSid}>${label}</option>`,
      )}</select>
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.get("place") !== undefined) void this.#accounts.reload();
  }

  async #read(): Promise<readonly Row[]> {
    const path = "/2010-04-01/Accounts.json";
    return (await this.client.list(path, "accounts", [["PageSize", most]])).rows;
  }

  readonly #choose = (event: Event): void => {
    const sid = (event.target as HTMLSelectElement).value;
    const { consoleLogin } = this.client;
    const chosen = actingChoices(consoleLogin, this.#accounts.value ?? []).find(
      ({ account }) => account.sid === sid,
    );
    this.client.actFor(sid === consoleLogin.accountSid ? undefined : chosen?.account);
  };
}
customElements.define("tandem-acting", ActingElement);
