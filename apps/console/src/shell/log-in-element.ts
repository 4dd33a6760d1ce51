import { html, LitElement, nothing, type TemplateResult } from "lit";
import { type ApiFault, toFault } from "../api/api-fault.ts";
import type { ConsoleLogin } from "../api/console-login.ts";
import { logIn } from "../api/log-in.ts";
import { typedText } from "../form/typed-text.ts";

/** Asks for an account's SID and token, or an API key's SID and secret. */
class LogInElement extends LitElement {
  static override properties = { farewell: { attribute: false }, entered: { attribute: false } } as const;
  /** Why somebody has to log in again. */
  declare farewell: string;
  declare entered: (consoleLogin: ConsoleLogin) => void;
  #fault: ApiFault | undefined;
  #isAsking = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    document.title = "Log in · Tandem";
    this.querySelector("input")?.focus();
  }

  protected override render(): TemplateResult {
    const text = this.#fault === undefined ? this.farewell : textOf(this.#fault);
    return html`<main class="log-in">
      <form class="form card" @submit=${this.#submit}>
        <h1><img src="icon.svg" alt="" width="32" height="32" /> Tandem</h1>
        ${text === "" ? nothing : html`<p class="banner fault" role="alert" id="log-in-fault">${text}</p>`}
        <div class="field">
          <label for="username">Account SID, or API key SID</label>
          <input id="username" name="username" required autocomplete="username" spellcheck="false" placeholder="AC…"
            aria-describedby=${text === "" ? nothing : "log-in-fault"} />
        </div>
        <div class="field">
          <label for="password">Auth token, or the key's secret</label>
          <input id="password" name="password" type="password" required autocomplete="current-password" />
        </div>
        <div class="buttons"><button type="submit" class="primary" ?disabled=${this.#isAsking}>Log in</button></div>
        <p class="hint">They stay in this tab until you log out or close it. <code>./tandem up</code> prints the first
          account's; they are in <code>~/.tandem/credentials.json</code>.</p>
      </form>
    </main>`;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    this.#isAsking = true;
    this.requestUpdate();
    try {
      const [username, password] = [typedText(data, "username"), typedText(data, "password")];
      this.entered(await logIn(username, password, (address, request) => fetch(address, request)));
    } catch (thrown) {
      this.#fault = toFault(thrown);
    }
    this.#isAsking = false;
    this.requestUpdate();
  };
}
customElements.define("tandem-log-in", LogInElement);

function textOf(fault: ApiFault): string {
  return fault.status === 401 ? "The SID and the token do not belong together." : fault.message;
}
