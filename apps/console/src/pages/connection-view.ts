import { html, type TemplateResult } from "lit";
import type { Client } from "../api/client.ts";
import { numberOf, type Row, rowsOf, textOf, textsOf } from "../api/row.ts";
import { amountText, bitRateText } from "../format/quantity.ts";
import { timeColumn, timeView } from "../view/columns.ts";
import { factsView } from "../view/facts-view.ts";
import { stateBadge } from "../view/state-badge.ts";
import { type Column, tableView } from "../view/table-view.ts";

/** What a private line is, and how it is at each gateway of its edge. */
export function connectionView(line: Row): TemplateResult {
  return html`<section class="panel" aria-label="Facts">
    <header><h2>Facts</h2>${stateBadge(textOf(line, "status"))}</header>${factsView([
      ["Type", textOf(line, "type")],
      ["Edge", textOf(line, "edge")],
      ["Bandwidth", `${textOf(line, "bandwidth_mbps")} Mbit/s`],
      ["When it is down", textOf(line, "fallback") === "public" ? "over the internet" : "no other way"],
      ["Networks behind it", textsOf(line, "ip_routes").join(", ")],
      ["Owner", html`<code>${textOf(line, "account_sid")}</code>`],
      ["Named in origination URLs by", html`<code>tnx=${textOf(line, "sid")}</code>`],
      ["Expires", timeView(textOf(line, "date_expires"))],
      ["Device", textOf(line, "device")],
      ["Our address", textOf(line, "local_address")],
      ["Routing table", textOf(line, "routing_table")],
      ["Next hop", textOf(line, "next_hop")],
      ["AS numbers", asNumbers(line)],
    ])}</section>
  <section class="panel" aria-label="Health"><header><h2>Health</h2></header>${tableView({
    caption: "Health at each gateway of the edge",
    columns,
    rows: rowsOf(line, "health"),
    empty: "No gateway of its edge has spoken to control yet.",
  })}</section>`;
}

/** Subaccounts that share a line see it; its owner and the operator change it. */
export function isOwn(line: Row, { consoleLogin, accountSid }: Client): boolean {
  const { isOperator, actingFor } = consoleLogin;
  return (isOperator && actingFor === undefined) || textOf(line, "account_sid") === accountSid;
}

function asNumbers(line: Row): string {
  const [theirs, ours] = [textOf(line, "customer_asn"), textOf(line, "exchange_asn")];
  return theirs === "" && ours === "" ? "" : `customer ${theirs || "–"}, ours ${ours || "–"}`;
}

const columns: readonly Column[] = [
  { title: "Gateway", show: (row) => textOf(row, "gateway") },
  { title: "State", show: (row) => html`${stateBadge(textOf(row, "state"))} ${textOf(row, "reason")}` },
  timeColumn("Since", "since"),
  { title: "Link", show: (row) => textOf(row, "link") },
  { title: "Route", show: (row) => textOf(row, "route") },
  { title: "BGP", show: (row) => textOf(row, "bgp") || "–" },
  { title: "BFD", show: (row) => textOf(row, "bfd") || "–" },
  {
    title: "Received",
    kind: "number",
    show: (row) => bitRateText(numberOf(row, "received_bits_per_second")),
  },
  { title: "Sent", kind: "number", show: (row) => bitRateText(numberOf(row, "sent_bits_per_second")) },
  { title: "Use", kind: "number", show: (row) => amountText(numberOf(row, "utilization_percent"), "%", 1) },
];
