import { LitElement } from "lit";
import type { Client } from "../api/client.ts";

/** An element that shows something of the interface. It renders into the document itself: there is one style sheet. */
export class PageElement extends LitElement {
  static override properties: Record<string, { attribute: false }> = { client: { attribute: false } };
  declare client: Client;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
