import { html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { Client } from "../api/client.ts";
import {
  type ConsoleLogin,
  forgetConsoleLogin,
  keepConsoleLogin,
  type NamedAccount,
  readConsoleLogin,
} from "../api/console-login.ts";
import { hrefOf, type Route, routeOf } from "../router/route.ts";
import "./acting-element.ts";
import "./log-in-element.ts";
import { groupsFor, type Page, pageOf } from "./pages.ts";

/** The whole: who is logged in, where in the console they are, and the page of that place. */
export class ConsoleElement extends LitElement {
  #client: Client | undefined;
  #route: Route = routeOf(location.hash);
  /** As the style sheet has it. */
  readonly #narrow = matchMedia("(max-width: 52rem)");
  /** Said on the page that asks for credentials. */
  #farewell = "";

  constructor() {
    super();
    const consoleLogin = readConsoleLogin(sessionStorage);
    this.#client = consoleLogin === undefined ? undefined : this.#clientOf(consoleLogin);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.#go);
    this.#narrow.addEventListener("change", this.#foldMenu);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#go);
    this.#narrow.removeEventListener("change", this.#foldMenu);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const client = this.#client;
    return html`<p id="notice" class="notice" role="status" aria-live="polite"></p>${
      client === undefined
        ? html`<tandem-log-in .farewell=${this.#farewell} .entered=${this.#enter}></tandem-log-in>`
        : this.#console(client)
    }`;
  }

  #console(client: Client): TemplateResult {
    const page = pageOf(this.#route, client.consoleLogin);
    const { actingFor } = client.consoleLogin;
    document.title = [page?.title ?? "Not found", ...(actingFor ? [actingFor.name] : []), "Tandem"].join(
      " · ",
    );
    return html`<a class="skip" href="#main" @click=${this.#skip}>Skip to the page</a>
      <div class="shell">
        ${this.#navigation(client, page)}
        <main id="main" tabindex="-1">${actingFor === undefined ? nothing : actingView(client, actingFor)}${
          page === undefined
            ? html`<h1>Not found</h1><p>There is no such page, or it is the operator's. <a href="#/">To the overview</a></p>`
            : keyed(`${client.accountSid} ${location.hash}`, page.view(client, this.#route))
        }</main>
      </div>`;
  }

  #navigation(client: Client, current: Page | undefined): TemplateResult {
    const { consoleLogin } = client;
    return html`<header class="side">
      <a class="brand" href="#/"><img src="icon.svg" alt="" width="24" height="24" /> Tandem</a>
      <details class="menu" open>
        <summary>Menu</summary>
        ${
          consoleLogin.isSubaccount
            ? nothing
            : html`<tandem-acting .client=${client} .place=${location.hash}></tandem-acting>`
        }
        <nav aria-label="Pages">
          ${groupsFor(consoleLogin).map(
            ({ title, pages }) =>
              html`<h2>${title}</h2><ul>${pages.map(
                (page) => html`<li><a href=${hrefOf(page.name === "" ? [] : [page.name])}
                aria-current=${page.name === current?.name ? "page" : nothing}>${page.title}</a></li>`,
              )}</ul>`,
          )}
        </nav>
        <div class="who">
          <strong>${consoleLogin.accountName}</strong>
          <span>${consoleLogin.isOperator ? "operator" : "customer"}</span>
          <button type="button" @click=${this.#logOut}>Log out</button>
        </div>
      </details>
    </header>`;
  }

  readonly #go = (): void => {
    this.#route = routeOf(location.hash);
    closeDialogs();
    this.requestUpdate();
    void this.updateComplete.then(() => {
      window.scrollTo(0, 0);
      this.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
      this.#foldMenu();
    });
  };

  /** On a narrow screen the menu stands above the page: it is folded until it is wanted. */
  readonly #foldMenu = (): void => {
    const menu = this.querySelector("details.menu");
    if (menu instanceof HTMLDetailsElement) menu.open = !this.#narrow.matches;
  };

  protected override firstUpdated(): void {
    this.#foldMenu();
  }

  readonly #skip = (event: Event): void => {
    event.preventDefault();
    this.querySelector<HTMLElement>("main")?.focus();
  };

  /** The page stays, its list that is; an object's page is of the account before. */
  readonly #actFor = (actingFor: NamedAccount | undefined): void => {
    if (this.#client === undefined) return;
    const consoleLogin = { ...this.#client.consoleLogin, actingFor };
    keepConsoleLogin(sessionStorage, consoleLogin);
    this.#client = this.#clientOf(consoleLogin);
    const list: Route = { path: this.#route.path.slice(0, 1), query: {} };
    this.#route = pageOf(list, consoleLogin) === undefined ? { path: [], query: {} } : list;
    location.hash = hrefOf(this.#route.path);
    this.requestUpdate();
  };

  readonly #enter = (consoleLogin: ConsoleLogin): void => {
    keepConsoleLogin(sessionStorage, consoleLogin);
    this.#farewell = "";
    this.#client = this.#clientOf(consoleLogin);
    this.requestUpdate();
    void this.updateComplete.then(() => this.#foldMenu());
  };

  /** Who logs in next begins where everybody does. */
  readonly #logOut = (): void => {
    location.hash = hrefOf([]);
    this.#leave("");
  };

  #leave(farewell: string): void {
    forgetConsoleLogin(sessionStorage);
    closeDialogs();
    this.#client = undefined;
    this.#farewell = farewell;
    this.requestUpdate();
  }

  #clientOf(consoleLogin: ConsoleLogin): Client {
    return new Client(consoleLogin, (address, request) => fetch(address, request), {
      refused: () => this.#leave("The credentials are not taken any more: log in again."),
      actFor: this.#actFor,
    });
  }
}

/** Above every page, for as long as one acts for somebody else. */
function actingView(client: Client, { sid, name }: NamedAccount): TemplateResult {
  return html`<div class="acting" role="status"><span>Acting for <strong>${name}</strong> <code>${sid}</code></span>
    <button type="button" @click=${() => client.actFor(undefined)}>Back to ${client.consoleLogin.accountName}</button></div>`;
}

/** They belong to the place where they were opened. */
function closeDialogs(): void {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
}
