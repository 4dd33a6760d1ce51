import { html, nothing, type TemplateResult } from "lit";
import type { ApiFault } from "../api/api-fault.ts";

/** In the place of what is still being read; nothing when it could not be read. */
export function readingView(fault: ApiFault | undefined): TemplateResult | typeof nothing {
  return fault === undefined ? html`<p class="empty" aria-busy="true">Reading …</p>` : nothing;
}
