import { html, nothing, type TemplateResult } from "lit";
import { textOf } from "../api/row.ts";
import { Loaded } from "../browser/loaded.ts";
import { PageElement } from "../browser/page-element.ts";
import { copyable } from "../view/copy-button.ts";
import { faultView } from "../view/fault-view.ts";
import { tableView } from "../view/table-view.ts";
import { terminationHosts } from "./termination-hosts.ts";

/** The names that a trunk's calls to the PSTN are sent to, one for each edge, ready to be copied. */
class TerminationElement extends PageElement {
  static override properties = { ...PageElement.properties, domainName: { attribute: false } } as const;
  declare domainName: string;
  readonly #edges = new Loaded(this, () => this.client.list("/v1/Edges", "edges", [["PageSize", "1000"]]));

  protected override render(): TemplateResult | typeof nothing {
    const { value, fault } = this.#edges;
    const hosts = terminationHosts(this.domainName, value?.rows ?? []);
    if (hosts.length === 0) return nothing;
    return html`<section class="panel" aria-label="Termination"><header><h2>Termination</h2></header>
      <p class="about">Calls to the PSTN are sent to one of these names.</p>${faultView(fault)}
      ${this.#table(hosts.slice(0, 1))}
      <details class="more"><summary>By edge (${hosts.length - 1})</summary>${this.#table(hosts.slice(1))}</details>
    </section>`;
  }

  #table(hosts: ReturnType<typeof terminationHosts>): TemplateResult {
    return tableView({
      caption: "Termination names",
      rows: hosts.map((host) => ({ ...host })),
      empty: "There is no edge.",
      columns: [
        { title: "Edge", show: (row) => textOf(row, "edge") || "any" },
        { title: "SIP URI", show: (row) => copyable(`sip:+NUMBER@${textOf(row, "host")}`) },
        { title: "Place", show: (row) => textOf(row, "place") },
      ],
    });
  }
}
customElements.define("tandem-termination", TerminationElement);
