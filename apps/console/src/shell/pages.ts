/** The pages of the console, in the order of its menu. */
import { html } from "lit";
import type { Client } from "../api/client.ts";
import type { ConsoleLogin } from "../api/console-login.ts";
import "../pages/call-element.ts";
import "../pages/capture-element.ts";
import "../pages/detail-element.ts";
import type { Detail } from "../pages/detail-element.ts";
import {
  accessListDetail,
  carrierDetail,
  connectionDetail,
  credentialListDetail,
  trunkDetail,
} from "../pages/details.ts";
import "../pages/explain-element.ts";
import "../pages/overview-element.ts";
import "../pages/reason-element.ts";
import type { Resource } from "../resource/resource.ts";
import { accounts } from "../resources/accounts.ts";
import { alerts } from "../resources/alerts.ts";
import { auditEvents } from "../resources/audit-events.ts";
import { callerIds } from "../resources/caller-ids.ts";
import { calls } from "../resources/calls.ts";
import { captures } from "../resources/captures.ts";
import {
  blockedPrefixes,
  dialingCountries,
  doNotOriginatePrefixes,
  riskPrefixes,
} from "../resources/dialing-permissions.ts";
import { edges, exchanges, ipRanges } from "../resources/exchange.ts";
import { bans, gateways } from "../resources/gateways.ts";
import { headerPolicies } from "../resources/header-policies.ts";
import { keys } from "../resources/keys.ts";
import { numbers } from "../resources/numbers.ts";
import type { Route } from "../router/route.ts";

export interface Page {
  /** First part of the path; "": the page that everybody begins with. */
  readonly name: string;
  readonly title: string;
  /** Heading in the menu; undefined: it is not in the menu. */
  readonly group: string | undefined;
  /** The interface shows it to nobody else. */
  readonly isOperators?: boolean;
  /** Subaccounts have nothing there, nor has whoever acts for one. */
  readonly isParents?: boolean;
  readonly view: (client: Client, route: Route) => unknown;
}

function listView(client: Client, resource: Resource, { path, query }: Route): unknown {
  return html`<tandem-resource .client=${client} .resource=${resource} .query=${query} .place=${path}
    .isPage=${true}></tandem-resource>`;
}

function listPage(name: string, group: string, resource: Resource): Page {
  return { name, title: resource.title, group, view: (client, route) => listView(client, resource, route) };
}

/** A list, and under each of its objects' SIDs that object's page. */
function detailPage(group: string, detail: Detail): Page {
  const { page: name, resource } = detail;
  return {
    name,
    title: resource.title,
    group,
    view: (client, route) =>
      route.path[1] === undefined
        ? listView(client, resource, route)
        : html`<tandem-detail .client=${client} .detail=${detail} .sid=${route.path[1]}></tandem-detail>`,
  };
}

function panel(client: Client, resource: Resource): unknown {
  return html`<tandem-resource .client=${client} .resource=${resource}></tandem-resource>`;
}

const pages: readonly Page[] = [
  {
    name: "",
    title: "Overview",
    group: "Now",
    view: (client) => html`<tandem-overview .client=${client}></tandem-overview>`,
  },
  {
    name: "calls",
    title: "Calls",
    group: "Now",
    view: (client, route) =>
      route.path[1] === undefined
        ? listView(client, calls, route)
        : html`<tandem-call .client=${client} .sid=${route.path[1]}></tandem-call>`,
  },
  listPage("alerts", "Now", alerts),
  {
    name: "explain",
    title: "Explain",
    group: "Now",
    isOperators: true,
    view: (client) => html`<tandem-explain .client=${client}></tandem-explain>`,
  },
  {
    name: "captures",
    title: captures.title,
    group: "Now",
    isOperators: true,
    view: (client, route) =>
      route.path[1] === undefined
        ? listView(client, captures, route)
        : html`<tandem-capture .client=${client} .sid=${route.path[1]}></tandem-capture>`,
  },
  { ...listPage("accounts", "Customers", accounts), isParents: true },
  detailPage("Customers", trunkDetail),
  listPage("numbers", "Customers", numbers),
  listPage("caller-ids", "Customers", callerIds),
  detailPage("Customers", accessListDetail),
  detailPage("Customers", credentialListDetail),
  detailPage("Customers", connectionDetail),
  listPage("header-policies", "Customers", headerPolicies),
  {
    name: "destinations",
    title: "Destinations",
    group: "Customers",
    view: (
      client,
      route,
    ) => html`${listView(client, dialingCountries, route)}${panel(client, blockedPrefixes)}
      ${panel(client, doNotOriginatePrefixes)}${client.consoleLogin.isOperator ? panel(client, riskPrefixes) : ""}`,
  },
  { ...detailPage("Exchange", carrierDetail), isOperators: true },
  {
    name: "gateways",
    title: "Gateways",
    group: "Exchange",
    isOperators: true,
    view: (client, route) => html`${listView(client, gateways, route)}${panel(client, bans)}`,
  },
  {
    name: "exchange",
    title: "Exchange",
    group: "Exchange",
    view: (client) =>
      html`<header class="head"><h1>Exchange</h1></header>${panel(client, edges)}${panel(client, exchanges)}`,
  },
  listPage("firewall", "Exchange", ipRanges),
  listPage("api-keys", "Exchange", keys),
  listPage("audit", "Exchange", auditEvents),
  {
    name: "reasons",
    title: "Reason",
    group: undefined,
    view: (client, { path }) =>
      html`<tandem-reason .client=${client} .code=${path[1] ?? ""}></tandem-reason>`,
  },
];

/** The page of that place; undefined: there is none, or not for this caller. */
export function pageOf(route: Route, consoleLogin: ConsoleLogin): Page | undefined {
  return pages.find((page) => page.name === (route.path[0] ?? "") && isFor(page, consoleLogin));
}

/** The menu. */
export function groupsFor(
  consoleLogin: ConsoleLogin,
): readonly { readonly title: string; readonly pages: readonly Page[] }[] {
  const shown = pages.filter((page) => page.group !== undefined && isFor(page, consoleLogin));
  return [...Map.groupBy(shown, ({ group }) => group ?? "")].map(([title, members]) => ({
    title,
    pages: members,
  }));
}

function isFor(page: Page, { isOperator, isSubaccount, actingFor }: ConsoleLogin): boolean {
  if (page.isOperators === true && !isOperator) return false;
  return page.isParents !== true || (!isSubaccount && actingFor === undefined);
}
