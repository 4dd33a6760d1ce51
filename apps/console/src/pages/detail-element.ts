import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Client, Parameters } from "../api/client.ts";
import { type Row, textOf } from "../api/row.ts";
import { Loaded } from "../browser/loaded.ts";
import { PageElement } from "../browser/page-element.ts";
import { confirmRemoval } from "../dialog/confirm-removal.ts";
import { confirm } from "../dialog/confirmation.ts";
import { say } from "../dialog/notice.ts";
import type { Field } from "../form/field.ts";
import { pathOf, type Resource, type RowAction } from "../resource/resource.ts";
import { hrefOf } from "../router/route.ts";
import { copyable } from "../view/copy-button.ts";
import { faultView } from "../view/fault-view.ts";
import { readingView } from "../view/reading-view.ts";

/** What the page of one object shows. */
export interface Detail {
  readonly resource: Resource;
  /** First part of the path of its list's page. */
  readonly page: string;
  /** Of the form with its settings; empty: there is none. */
  readonly fields: readonly Field[];
  /** Lists that belong to it, shown above the settings. */
  readonly parts: (row: Row, client: Client) => readonly Resource[];
  /** More about it, above the lists. */
  readonly view?: (row: Row, client: Client) => unknown;
  /** Whether the caller may change and remove it; default yes. */
  readonly mayChange?: (row: Row, client: Client) => boolean;
  /** Lists that know of it, below the settings, with what they are narrowed by. */
  readonly related?: readonly { readonly resource: Resource; readonly by: string }[];
  readonly refreshMs?: number;
}

/** The page of one object: what it is, what belongs to it, its settings. */
export class DetailElement extends PageElement {
  static override properties = {
    ...PageElement.properties,
    sid: { attribute: false },
    detail: { attribute: false },
  } as const;
  declare sid: string;
  declare detail: Detail;
  #object: Loaded<Row> | undefined;
  /** Counts what was done to the object here: its lists are shown anew after each. */
  #actions = 0;

  override connectedCallback(): void {
    this.#object ??= new Loaded(this, () => this.client.get(this.#path), this.detail.refreshMs ?? 0);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const { resource, page, parts, view, related = [] } = this.detail;
    const { value, fault } = this.#loaded;
    const crumbs = html`<nav class="crumbs" aria-label="Where this is">
      <a href=${hrefOf([page])}>${resource.title}</a></nav>`;
    if (value === undefined)
      return html`${crumbs}<h1>${this.sid}</h1>${faultView(fault)}${readingView(fault)}`;
    const mayChange = this.detail.mayChange?.(value, this.client) ?? true;
    return html`${crumbs}${this.#head(value, mayChange)}${faultView(fault)}${view?.(value, this.client)}
      ${keyed(
        this.#actions,
        parts(value, this.client).map((part) => this.#part(part)),
      )}
      ${mayChange ? this.#settings(value) : nothing}
      ${related.map(
        ({ resource: other, by }) => html`<tandem-resource .client=${this.client} .resource=${other}
          .fixed=${[[by, this.sid]]}></tandem-resource>`,
      )}`;
  }

  #part(resource: Resource): TemplateResult {
    return html`<tandem-resource .client=${this.client} .resource=${resource} .parent=${this.sid}
      .changed=${this.#reload}></tandem-resource>`;
  }

  get #loaded(): Loaded<Row> {
    if (this.#object === undefined) throw new Error("the element is not in the document yet");
    return this.#object;
  }

  get #path(): string {
    return pathOf(this.detail.resource, "", this.sid);
  }

  readonly #reload = (): void => void this.#loaded.reload();

  #head(row: Row, mayChange: boolean): TemplateResult {
    return html`<header class="head"><div><h1>${this.#nameOf(row)}</h1>${copyable(this.sid)}</div>
      ${mayChange ? this.#buttons(row) : nothing}</header>`;
  }

  #buttons(row: Row): TemplateResult {
    const { actions = [], removal } = this.detail.resource;
    const offered = actions.filter(({ isOffered }) => isOffered?.(row, [row]) ?? true);
    return html`<div class="buttons">${offered.map(
      (action) =>
        html`<button type="button" @click=${() => this.#act(action, row)}>${action.label(row)}</button>`,
    )}${
      removal === undefined
        ? nothing
        : html`<button type="button" class="danger" @click=${() => this.#remove(row)}>${removal.verb}</button>`
    }</div>`;
  }

  #act(action: RowAction, row: Row): void {
    const label = action.label(row);
    confirm({
      title: `${label} ${this.#nameOf(row)}?`,
      text: action.question?.(row) ?? "",
      action: label,
      typed: action.isTyped === true ? this.#nameOf(row) : undefined,
      run: async () => {
        await action.run(this.client, { row, rows: [row], path: pathOf(this.detail.resource, "") });
        await this.#loaded.reload();
        this.#actions += 1;
        this.requestUpdate();
      },
    });
  }

  #settings(row: Row): TemplateResult | typeof nothing {
    const { fields } = this.detail;
    if (fields.length === 0) return nothing;
    return html`<section class="panel" aria-label="Settings"><header><h2>Settings</h2></header>
      <tandem-form class="wide" .client=${this.client} .fields=${fields} .row=${row} .send=${this.#save}
        .action=${"Save"}></tandem-form>
    </section>`;
  }

  readonly #save = async (parameters: Parameters): Promise<void> => {
    this.#loaded.value = await this.client.post(this.#path, parameters);
    say("Saved.");
    this.requestUpdate();
  };

  #remove(row: Row): void {
    const { resource, page } = this.detail;
    const { removal } = resource;
    if (removal === undefined) return;
    confirmRemoval(removal, this.#nameOf(row), async () => {
      await this.client.delete(this.#path);
      location.hash = hrefOf([page]);
    });
  }

  #nameOf(row: Row): string {
    return this.detail.resource.nameOf?.(row) ?? (textOf(row, "friendly_name") || this.sid);
  }
}
customElements.define("tandem-detail", DetailElement);
