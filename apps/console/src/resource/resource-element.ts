import { html, nothing, type TemplateResult } from "lit";
import { type ApiFault, toFault } from "../api/api-fault.ts";
import type { Parameters } from "../api/client.ts";
import { isKeyLogin } from "../api/console-login.ts";
import { type ListPage, lastPageToken } from "../api/list-page.ts";
import { type Row, textOf } from "../api/row.ts";
import { Loaded } from "../browser/loaded.ts";
import { PageElement } from "../browser/page-element.ts";
import { confirmRemoval } from "../dialog/confirm-removal.ts";
import { confirm } from "../dialog/confirmation.ts";
import { say } from "../dialog/notice.ts";
import { showDialog } from "../dialog/show-dialog.ts";
import { showOnce } from "../dialog/shown-once.ts";
import type { Field } from "../form/field.ts";
import { faultView } from "../view/fault-view.ts";
import { readingView } from "../view/reading-view.ts";
import { tableView } from "../view/table-view.ts";
import { filterForm } from "./filter-form.ts";
import { filtersOf, pathOf, type Resource, type RowAction } from "./resource.ts";

const pageSize = "50";

/** The objects of a resource: a table with its pages and filters, and dialogs that make, change and remove one. */
export class ResourceElement extends PageElement {
  static override properties = {
    ...PageElement.properties,
    resource: { attribute: false },
    parent: { attribute: false },
    query: { attribute: false },
    fixed: { attribute: false },
    place: { attribute: false },
    changed: { attribute: false },
    isPage: { attribute: false },
  } as const;
  declare resource: Resource;
  /** SID of the object they belong to. */
  declare parent: string;
  /** Filters as the address has them. */
  declare query: Readonly<Record<string, string>>;
  /** Parameters that are always asked with. */
  declare fixed: Parameters;
  /** Address of the page; filters are written into it. Left out: there are no filters. */
  declare place: readonly string[] | undefined;
  /** Called when something was made, changed or removed here. */
  declare changed: (() => void) | undefined;
  /** It is what the page is about: its title is the page's. */
  declare isPage: boolean;
  /** Path and query of a page of the list; undefined: the first. */
  #page: string | undefined;
  #refresh: Loaded<ListPage> | undefined;
  /** Why the last action came to nothing. */
  #actionFault: ApiFault | undefined;

  constructor() {
    super();
    this.parent = "";
    this.query = {};
    this.fixed = [];
    this.isPage = false;
  }

  override connectedCallback(): void {
    this.#refresh ??= new Loaded(this, () => this.#read(), this.resource.refreshMs ?? 0);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const { resource, isPage } = this;
    const about = html`${resource.about === undefined ? nothing : html`<p class="about">${resource.about}</p>`}
      ${this.#isReadByKey ? html`<p class="about">An API key may not change them: log in with the account's token.</p>` : nothing}`;
    const create = this.#mayCreate ? this.#createButton() : nothing;
    if (isPage) {
      return html`<header class="head"><div><h1>${resource.title}</h1>${about}</div>${create}</header>
        <section class="panel" aria-label=${resource.title}>${this.#content()}</section>`;
    }
    return html`<section class="panel" aria-label=${resource.title}>
      <header><h2>${resource.title}</h2>${create}</header>${about}${this.#content()}
    </section>`;
  }

  #content(): TemplateResult {
    const { resource, place } = this;
    const { value, fault } = this.#list;
    return html`${
      place === undefined || resource.filters === undefined
        ? nothing
        : filterForm(resource.filters, this.query, place)
    }${faultView(fault)}${faultView(this.#actionFault)}${value === undefined ? readingView(fault) : this.#table(value)}`;
  }

  get #list(): Loaded<ListPage> {
    if (this.#refresh === undefined) throw new Error("the element is not in the document yet");
    return this.#refresh;
  }

  get #mayWrite(): boolean {
    const { isWrittenByOperator } = this.resource;
    return !this.#isReadByKey && (isWrittenByOperator !== true || this.client.consoleLogin.isOperator);
  }

  get #isReadByKey(): boolean {
    return this.resource.isWrittenWithToken === true && isKeyLogin(this.client.consoleLogin);
  }

  get #mayCreate(): boolean {
    const { mayCreate, isCreatedByOperator } = this.resource;
    return (
      this.#mayWrite &&
      mayCreate === true &&
      (isCreatedByOperator !== true || this.client.consoleLogin.isOperator)
    );
  }

  get #path(): string {
    return pathOf(this.resource, this.parent);
  }

  async #read(): Promise<ListPage> {
    const { resource, client } = this;
    if (this.#page !== undefined) return client.list(this.#page, resource.key);
    const query: Parameters = [
      ["PageSize", pageSize],
      ...(resource.isNewestFirst === true ? [["PageToken", lastPageToken] as const] : []),
      ...this.fixed,
      ...filtersOf(resource, this.query),
    ];
    return client.list(this.#path, resource.key, query);
  }

  #table(list: ListPage): TemplateResult {
    const { resource } = this;
    const ordered = resource.isNewestFirst === true ? list.rows.toReversed() : list.rows;
    const rows = resource.sort === undefined ? ordered : resource.sort(ordered);
    return html`${tableView({
      caption: resource.title,
      columns: resource.columns,
      rows,
      empty: resource.empty,
      actions: this.#hasActions ? (row) => this.#rowActions(row, rows) : undefined,
    })}${this.#pager(list)}`;
  }

  get #hasActions(): boolean {
    const { mayUpdate, removal, actions = [] } = this.resource;
    return this.#mayWrite && (mayUpdate === true || removal !== undefined || actions.length > 0);
  }

  #pager({ previous, next }: ListPage): TemplateResult | typeof nothing {
    if (previous === undefined && next === undefined) return nothing;
    const [before, after] = this.resource.isNewestFirst === true ? [next, previous] : [previous, next];
    const [back, on] = this.resource.isNewestFirst === true ? ["Newer", "Older"] : ["Previous", "Next"];
    return html`<nav class="pager" aria-label="Pages of ${this.resource.title}">
      <button type="button" ?disabled=${before === undefined} @click=${() => this.#turn(before)}>${back}</button>
      <button type="button" ?disabled=${after === undefined} @click=${() => this.#turn(after)}>${on}</button>
    </nav>`;
  }

  #turn(page: string | undefined): void {
    this.#page = page;
    void this.#list.reload();
  }

  #rowActions(row: Row, rows: readonly Row[]): TemplateResult {
    const { mayUpdate, removal, actions = [] } = this.resource;
    const name = this.#nameOf(row);
    return html`${actions
      .filter(({ isOffered }) => isOffered?.(row, rows) ?? true)
      .map(
        (action) => html`<button type="button" class="quiet" aria-label="${action.label(row)} ${name}"
          @click=${() => this.#act(action, row, rows)}>${action.label(row)}</button>`,
      )}${
      mayUpdate === true
        ? html`<button type="button" class="quiet" aria-label="Edit ${name}"
          @click=${() => this.#openForm(row)}>Edit</button>`
        : nothing
    }${
      removal === undefined
        ? nothing
        : html`<button type="button" class="quiet danger" aria-label="${removal.verb} ${name}"
          @click=${() => this.#remove(row)}>${removal.verb}</button>`
    }`;
  }

  #createButton(): TemplateResult {
    const { createAction, one } = this.resource;
    const action = createAction ?? `New ${one}`;
    return html`<button type="button" class="primary" @click=${() => this.#openForm(undefined)}>${action}</button>`;
  }

  #nameOf(row: Row): string {
    return this.resource.nameOf?.(row) ?? (textOf(row, "friendly_name") || textOf(row, "sid"));
  }

  #idOf(row: Row): string {
    return this.resource.identify?.(row) ?? textOf(row, "sid");
  }

  #openForm(row: Row | undefined): void {
    const { resource, client, parent } = this;
    const fields: readonly Field[] = resource.fields ?? [];
    const title =
      row === undefined ? (resource.createAction ?? `New ${resource.one}`) : `Edit ${this.#nameOf(row)}`;
    const path = pathOf(resource, parent, row === undefined ? undefined : this.#idOf(row));
    showDialog(title, (close) => {
      const send = async (parameters: Parameters): Promise<void> => {
        const answer = await client.post(path, parameters);
        close();
        this.#done("Saved.");
        if (row === undefined && resource.shownOnce !== undefined) {
          showOnce(this.#nameOf(answer), answer, resource.shownOnce);
        }
      };
      return html`<tandem-form .client=${client} .fields=${fields} .row=${row} .send=${send} .cancel=${close}
        .action=${row === undefined ? "Create" : "Save"}></tandem-form>`;
    });
  }

  #remove(row: Row): void {
    const { resource, client, parent } = this;
    const { removal } = resource;
    if (removal === undefined) return;
    confirmRemoval(removal, this.#nameOf(row), async () => {
      await client.delete(pathOf(resource, parent, this.#idOf(row)));
      this.#done("Done.");
    });
  }

  #act(action: RowAction, row: Row, rows: readonly Row[]): void {
    const run = async (): Promise<void> => {
      await action.run(this.client, { row, rows, path: this.#path });
      this.#done("Done.");
    };
    if (action.question !== undefined) {
      const label = action.label(row);
      const name = this.#nameOf(row);
      confirm({
        title: `${label} ${name}?`,
        text: action.question(row),
        action: label,
        typed: action.isTyped === true ? name : undefined,
        run,
      });
      return;
    }
    void run().catch((thrown: unknown) => {
      this.#actionFault = toFault(thrown);
      this.requestUpdate();
    });
  }

  #done(text: string): void {
    say(text);
    this.#actionFault = undefined;
    void this.#list.reload();
    this.changed?.();
  }
}
customElements.define("tandem-resource", ResourceElement);
