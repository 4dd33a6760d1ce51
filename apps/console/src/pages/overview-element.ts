import { html, nothing, type TemplateResult } from "lit";
import { type ListPage, lastPageToken } from "../api/list-page.ts";
import { type Row, rowsOf, textOf } from "../api/row.ts";
import { Loaded } from "../browser/loaded.ts";
import { PageElement } from "../browser/page-element.ts";
import { nowMs } from "../browser/time.ts";
import { amountText, countText, shareText, unknown } from "../format/quantity.ts";
import { durationText } from "../format/time.ts";
import { alerts } from "../resources/alerts.ts";
import { calls } from "../resources/calls.ts";
import { hrefOf } from "../router/route.ts";
import { nameColumn } from "../view/columns.ts";
import { faultView } from "../view/fault-view.ts";
import { gatewayState } from "../view/gateway-state.ts";
import { lineHealth } from "../view/line-health.ts";
import { readingView } from "../view/reading-view.ts";
import { stateBadge } from "../view/state-badge.ts";
import { tableView } from "../view/table-view.ts";
import { countCalls } from "./call-counts.ts";

const refreshMs = 10_000;
const hourMs = 3_600_000;
/** Calls of the last hour that are looked at, and calls in progress of each status. */
const mostCalls = 200;
/** Rows of the tables here; the pages of their own show all. */
const mostShown = { calls: 10, alerts: 8, lines: 12 } as const;

interface Overview {
  readonly live: readonly Row[];
  /** There are more in progress than those. */
  readonly areMoreLive: boolean;
  readonly hour: ListPage;
  readonly alerts: readonly Row[];
  readonly lines: readonly Row[];
  /** The operator's, unless it acts for somebody; undefined for others. */
  readonly gateways: readonly Row[] | undefined;
}

/** How the exchange is now, as far as the caller may know. */
class OverviewElement extends PageElement {
  readonly #overview = new Loaded(this, () => this.#read(), refreshMs);

  protected override render(): TemplateResult {
    const { value, fault } = this.#overview;
    return html`<h1>Overview</h1>${faultView(fault)}
      ${value === undefined ? readingView(fault) : overviewView(value)}`;
  }

  async #read(): Promise<Overview> {
    const { client } = this;
    const { isOperator, actingFor } = client.consoleLogin;
    const newest = (count: number) =>
      [
        ["PageSize", String(count)],
        ["PageToken", lastPageToken],
      ] as const;
    const since = new Date(nowMs() - hourMs).toISOString();
    const list = (status: string) =>
      client.list("{account}/Calls.json", "calls", [["Status", status], ...newest(mostCalls)]);
    const [talking, ringing, hour, told, lines, gateways] = await Promise.all([
      list("in-progress"),
      list("ringing"),
      client.list("{account}/Calls.json", "calls", [["StartTime>", since], ...newest(mostCalls)]),
      client.list("/v1/Alerts", "alerts", newest(mostShown.alerts)),
      client.list("/v1/Interconnect/Connections", "connections", [["PageSize", "100"]]),
      isOperator && actingFor === undefined ? client.list("/v1/Gateways", "gateways") : undefined,
    ]);
    return {
      live: [...ringing.rows, ...talking.rows].toReversed(),
      areMoreLive: [ringing, talking].some(({ previous }) => previous !== undefined),
      hour,
      alerts: told.rows.toReversed(),
      lines: lines.rows,
      gateways: gateways?.rows,
    };
  }
}
customElements.define("tandem-overview", OverviewElement);

function overviewView(overview: Overview): TemplateResult {
  const { live, alerts: told, lines, gateways } = overview;
  return html`<div class="tiles">${tilesOf(overview).map(tileView)}</div>
    <div class="columns">
      ${gateways === undefined ? nothing : gatewaysView(gateways)}
      ${linesView(lines)}
    </div>
    <section class="panel"><header><h2>Calls in progress</h2><a href=${hrefOf(["calls"])}>All calls</a></header>
      ${tableView({
        caption: "Calls in progress",
        columns: calls.columns.slice(0, 5),
        rows: live.slice(0, mostShown.calls),
        empty: "Nobody is talking.",
      })}
    </section>
    <section class="panel"><header><h2>Newest alerts</h2><a href=${hrefOf(["alerts"])}>All alerts</a></header>
      ${tableView({ caption: "Newest alerts", columns: alerts.columns, rows: told, empty: "There is no alert." })}
    </section>`;
}

interface Tile {
  readonly title: string;
  readonly value: string;
  readonly note: string;
  /** Calls that it counts. */
  readonly status: string;
}

function tilesOf({ live, areMoreLive, hour, gateways }: Overview): readonly Tile[] {
  const { calls: over, answered, seconds } = countCalls(hour.rows);
  const onAll = gateways?.reduce((sum, gateway) => sum + Number(textOf(gateway, "live_calls") || 0), 0);
  return [
    {
      title: "Calls in progress",
      value: `${amountText(live.length)}${areMoreLive ? "+" : ""}`,
      note: onAll === undefined ? "of this account" : `of this account; ${amountText(onAll)} on all gateways`,
      status: "in-progress",
    },
    {
      title: "Calls that are over",
      value: amountText(over),
      note: hour.previous === undefined ? "of the last hour" : `the newest ${mostCalls} of the last hour`,
      status: "",
    },
    {
      title: "Answered",
      value: shareText(answered, over),
      note: `${amountText(answered)} of ${countText(over, "call")}`,
      status: "completed",
    },
    {
      title: "Mean duration",
      value: answered === 0 ? unknown : durationText(seconds / answered),
      note: "of answered calls",
      status: "completed",
    },
  ];
}

function tileView({ title, value, note, status }: Tile): TemplateResult {
  return html`<a class="tile" href=${hrefOf(["calls"], { Status: status })}><span class="title">${title}</span>
    <strong>${value}</strong><span class="note">${note}</span></a>`;
}

function gatewaysView(gateways: readonly Row[]): TemplateResult {
  return html`<section class="panel"><header><h2>Gateways</h2></header>
    ${tableView({
      caption: "Gateways",
      rows: gateways,
      empty: "No gateway has spoken to control yet.",
      columns: [
        { title: "Name", show: (row) => textOf(row, "name") },
        { title: "State", show: (row) => gatewayState(row) },
        { title: "Edge", show: (row) => textOf(row, "edge") },
        { title: "Calls", kind: "number", show: (row) => textOf(row, "live_calls") },
        { title: "Targets", show: (row) => targetsView(row) },
      ],
    })}
  </section>`;
}

function targetsView(gateway: Row): unknown {
  const targets = rowsOf(gateway, "targets");
  const down = targets.filter((target) => textOf(target, "state") === "down").length;
  if (targets.length === 0) return "–";
  return down === 0
    ? stateBadge("none down", "good")
    : stateBadge(`${down} of ${targets.length} down`, "bad");
}

function linesView(lines: readonly Row[]): TemplateResult {
  return html`<section class="panel"><header><h2>Private lines</h2><a href=${hrefOf(["connections"])}>All lines</a></header>
    ${tableView({
      caption: "Private lines",
      rows: lines.slice(0, mostShown.lines),
      empty: "There is no private line.",
      columns: [
        nameColumn("Name", "connections"),
        { title: "State", show: (row) => stateBadge(textOf(row, "status")) },
        { title: "Edge", show: (row) => textOf(row, "edge") },
        {
          title: "Health",
          show: lineHealth,
        },
      ],
    })}
  </section>`;
}
