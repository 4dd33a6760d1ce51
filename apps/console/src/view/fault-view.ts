import { html, nothing, type TemplateResult } from "lit";
import type { ApiFault } from "../api/api-fault.ts";
import { hrefOf } from "../router/route.ts";

/** What the interface says about a request that it refused, with the page of its code. */
export function faultView(fault: ApiFault | undefined): TemplateResult | typeof nothing {
  if (fault === undefined) return nothing;
  const code =
    fault.code === undefined
      ? nothing
      : html` <a href=${hrefOf(["reasons", String(fault.code)])}>code ${fault.code}</a>`;
  return html`<p class="banner fault" role="alert">${fault.message}${code}</p>`;
}
