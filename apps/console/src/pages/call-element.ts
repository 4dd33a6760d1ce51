import { html, nothing, type TemplateResult } from "lit";
import { ApiFault } from "../api/api-fault.ts";
import { partOf, type Row, rowsOf, textOf } from "../api/row.ts";
import { Loaded } from "../browser/loaded.ts";
import { PageElement } from "../browser/page-element.ts";
import { confirm } from "../dialog/confirmation.ts";
import { say } from "../dialog/notice.ts";
import { amountText } from "../format/quantity.ts";
import { durationText } from "../format/time.ts";
import { alerts } from "../resources/alerts.ts";
import { directionOf, isLive } from "../resources/calls.ts";
import { hrefOf } from "../router/route.ts";
import { sidLink, timeView } from "../view/columns.ts";
import { copyable } from "../view/copy-button.ts";
import { factsView } from "../view/facts-view.ts";
import { faultView } from "../view/fault-view.ts";
import { readingView } from "../view/reading-view.ts";
import { stateBadge } from "../view/state-badge.ts";
import { tableView } from "../view/table-view.ts";
import { ladderOf } from "./call-ladder.ts";
import { ladderView } from "./ladder-view.ts";
import { mediaView } from "./media-view.ts";

const refreshMs = 3000;
/** Of a call that is over only legs of other gateways may still come: it is read again every so many times. */
const readingsWhenOver = 10;

/** Without what the page of all alerts says about them. */
const { about: _, ...alertsOfCall } = alerts;

interface CallParts {
  readonly call: Row;
  readonly samples: readonly Row[];
}

/** A call: what it was, every attempt to place it, how it sounded. One in progress can be ended. */
class CallElement extends PageElement {
  static override properties = { ...PageElement.properties, sid: { attribute: false } } as const;
  declare sid: string;
  readonly #parts = new Loaded(this, () => this.#read(), refreshMs);
  #readings = 0;

  protected override render(): TemplateResult {
    const { value, fault } = this.#parts;
    if (value === undefined) return html`<h1>Call</h1>${faultView(fault)}${readingView(fault)}`;
    const { call, samples } = value;
    const details = partOf(call, "tandem");
    return html`<nav class="crumbs" aria-label="Where this is"><a href=${hrefOf(["calls"])}>Calls</a></nav>
      <header class="head">
        <div>
          <h1>${textOf(call, "from")} → ${textOf(call, "to")} ${stateBadge(textOf(call, "status"))}</h1>
          ${copyable(this.sid)}
        </div>
        ${isLive(call) ? this.#hangUpButton(call) : nothing}
      </header>
      ${faultView(fault)}
      <section class="panel"><header><h2>Facts</h2></header>${callFacts(call, details)}</section>
      ${
        isLive(call)
          ? html`<p class="empty">The call is in progress: its attempts and media are told when it is over.</p>`
          : html`<section class="panel"><header><h2>Ladder</h2></header>${ladderView(ladderOf(call))}</section>
            <section class="panel"><header><h2>Media</h2></header>${mediaView(partOf(details, "media"), samples)}</section>
            ${legsView(rowsOf(details, "legs"))}
            <tandem-resource .client=${this.client} .resource=${alertsOfCall}
              .fixed=${[["CallSid", this.sid]]}></tandem-resource>`
      }`;
  }

  async #read(): Promise<CallParts> {
    const before = this.#parts.value;
    this.#readings += 1;
    const isTold = before !== undefined && !isLive(before.call) && before.call["tandem"] !== null;
    if (isTold && this.#readings % readingsWhenOver !== 0) return before;
    const path = `{account}/Calls/${this.sid}`;
    const call = await this.client.get(`${path}.json`);
    const known = this.#parts.value?.samples ?? [];
    if (isLive(call) || known.length > 0) return { call, samples: known };
    try {
      const page = await this.client.list(`${path}/AudioSamples.json`, "audio_samples", [
        ["PageSize", "1000"],
      ]);
      return { call, samples: page.rows };
    } catch (thrown) {
      if (thrown instanceof ApiFault && thrown.status === 404) return { call, samples: [] };
      throw thrown;
    }
  }

  #hangUpButton(call: Row): TemplateResult {
    return html`<button type="button" class="danger" @click=${() => this.#hangUp(call)}>Hang up</button>`;
  }

  #hangUp(call: Row): void {
    confirm({
      title: "Hang up?",
      text: `The call of ${textOf(call, "from")} to ${textOf(call, "to")} is ended on both sides.`,
      action: "Hang up",
      run: async () => {
        await this.client.post(`{account}/Calls/${this.sid}.json`, [["Status", "completed"]]);
        say("The call is ended.");
        await this.#parts.reload();
      },
    });
  }
}
customElements.define("tandem-call", CallElement);

function callFacts(call: Row, details: Row): TemplateResult {
  return factsView([
    ["Direction", directionOf(call)],
    ["Began", timeView(textOf(call, "start_time"))],
    ["Ended", timeView(textOf(call, "end_time"))],
    ["Duration", durationText(textOf(call, "duration"))],
    ["Trunk", sidLink("trunks", textOf(call, "trunk_sid"))],
    ["Gateway", textOf(details, "gateway")],
    ["Edge", textOf(details, "edge")],
    [
      "Post-dial delay",
      amountText(Number(details["post_dial_delay_ms"] ?? Number.NaN) || undefined, "ms", 1),
    ],
    ["Released by", textOf(details, "released_by")],
    ["Status code", textOf(details, "status_code")],
    ["Q.850 cause", textOf(details, "q850_cause")],
    ["Reason", reasonFact(details)],
    ["Attestation (STIR)", textOf(details, "stir_attestation")],
    ["Verification (STIR)", textOf(details, "stir_verstat")],
    ["Came over the line", sidLink("connections", textOf(details, "ingress_connection_sid"))],
    [
      "Call-ID of the caller's leg",
      html`<code class="long">${textOf(details, "ingress_sip_call_id") || "–"}</code>`,
    ],
    [
      "Call-ID of the callee's leg",
      html`<code class="long">${textOf(details, "egress_sip_call_id") || "–"}</code>`,
    ],
    ["Taken up after a restart", details["adopted"] === true ? "yes" : ""],
  ]);
}

function reasonFact(details: Row): unknown {
  const code = textOf(details, "reason_code");
  if (code === "") return undefined;
  return html`<a href=${hrefOf(["reasons", code])}>${code}</a> ${textOf(details, "reason_text")}`;
}

/** What sister gateways did for it. */
function legsView(legs: readonly Row[]): TemplateResult | typeof nothing {
  if (legs.length === 0) return nothing;
  return html`<section class="panel"><header><h2>Legs of other gateways</h2></header>
    ${tableView({
      caption: "Legs of other gateways",
      rows: legs,
      empty: "",
      columns: [
        { title: "Attempt", show: (row) => String(Number(textOf(row, "attempt_index")) + 1) },
        { title: "Gateway", show: (row) => textOf(row, "gateway") },
        { title: "Edge", show: (row) => textOf(row, "edge") },
        { title: "Line", show: (row) => sidLink("connections", textOf(row, "connection_sid")) },
        { title: "Status", kind: "number", show: (row) => textOf(row, "status_code") },
        { title: "Reason", show: (row) => textOf(row, "reason_text") },
        {
          title: "Call-ID",
          show: (row) => html`<code class="long">${textOf(row, "egress_sip_call_id")}</code>`,
        },
      ],
    })}
  </section>`;
}
