import type { ExplainResult } from "@tandem/contracts";
import { html, nothing, type TemplateResult } from "lit";
import { textOf } from "../api/row.ts";
import { hrefOf } from "../router/route.ts";
import { sidLink } from "../view/columns.ts";
import { stateBadge } from "../view/state-badge.ts";
import { tableView } from "../view/table-view.ts";

/** The answer of a dry run: every stage's verdict, then the candidates in the order in which they would be tried. */
export function explanationView(result: ExplainResult): TemplateResult {
  const refusal = result.stages.find((stage) => stage.verdict === "refuse");
  const isCarried = refusal === undefined && result.candidates.length > 0;
  return html`<section class="panel" aria-label="Verdict">
    <header><h2>${isCarried ? "The call would be carried" : "The call would be refused"}</h2>
      <span class="note">${result.gateway}, snapshot ${result.snapshotVersion}</span></header>
    ${result.trunkSid === null ? nothing : html`<p class="about">Trunk ${sidLink("trunks", result.trunkSid)}</p>`}
    ${stagesView(result)}
  </section>
  <section class="panel" aria-label="Candidates"><header><h2>Candidates</h2></header>${candidatesView(result)}</section>`;
}

function stagesView({ stages }: ExplainResult): TemplateResult {
  return tableView({
    caption: "Stages",
    rows: stages.map((stage) => ({ ...stage })),
    empty: "No stage was reached.",
    columns: [
      { title: "Stage", show: (row) => html`<span class="word">${textOf(row, "stage")}</span>` },
      { title: "Verdict", show: (row) => stateBadge(textOf(row, "verdict")) },
      { title: "Status", kind: "number", show: (row) => textOf(row, "statusCode") },
      { title: "What it found", show: (row) => textOf(row, "text") },
      {
        title: "Reason",
        show: (row) => {
          const code = textOf(row, "reasonCode");
          return code === "" ? nothing : html`<a href=${hrefOf(["reasons", code])}>${code}</a>`;
        },
      },
    ],
  });
}

function candidatesView({ candidates }: ExplainResult): TemplateResult {
  return tableView({
    caption: "Candidates",
    rows: candidates.map((candidate, index) => ({ ...candidate, number: index + 1 })),
    empty: "There is none.",
    columns: [
      { title: "Order", show: (row) => textOf(row, "number") },
      {
        title: "Use",
        show: (row) =>
          stateBadge(row["usable"] === true ? "tried" : "skipped", row["usable"] === true ? "good" : "idle"),
      },
      { title: "URL", kind: "code", show: (row) => textOf(row, "url") },
      { title: "From edge", show: (row) => textOf(row, "edge") },
      { title: "Why here", show: (row) => textOf(row, "text") },
    ],
  });
}
