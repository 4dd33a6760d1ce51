/** The pages of single objects, as data. */
import { html, nothing } from "lit";
import { textOf } from "../api/row.ts";
import { accessListAddresses, accessLists } from "../resources/access-lists.ts";
import { calls } from "../resources/calls.ts";
import { carrierFields, carrierParts, carriers } from "../resources/carriers.ts";
import { connectionFields, connections, shares, transitions } from "../resources/connections.ts";
import { credentialLists, credentials } from "../resources/credential-lists.ts";
import { originationUrls } from "../resources/origination-urls.ts";
import { trunkFields } from "../resources/trunk-fields.ts";
import { trunkAccessLists, trunkCredentialLists, trunkNumbers } from "../resources/trunk-parts.ts";
import { trunks } from "../resources/trunks.ts";
import { connectionView, isOwn } from "./connection-view.ts";
import type { Detail } from "./detail-element.ts";
import "./line-secrets-element.ts";
import "./termination-element.ts";

export const trunkDetail: Detail = {
  resource: trunks,
  page: "trunks",
  fields: trunkFields,
  parts: () => [originationUrls, trunkNumbers, trunkAccessLists, trunkCredentialLists],
  view: (trunk, client) =>
    html`<tandem-termination .client=${client} .domainName=${textOf(trunk, "domain_name")}></tandem-termination>`,
  related: [{ resource: calls, by: "TrunkSid" }],
};

export const accessListDetail: Detail = {
  resource: accessLists,
  page: "access-lists",
  fields: accessLists.fields ?? [],
  parts: () => [accessListAddresses],
};

export const credentialListDetail: Detail = {
  resource: credentialLists,
  page: "credential-lists",
  fields: credentialLists.fields ?? [],
  parts: () => [credentials],
};

export const carrierDetail: Detail = {
  resource: carriers,
  page: "carriers",
  fields: carrierFields,
  parts: () => carrierParts,
};

export const connectionDetail: Detail = {
  resource: connections,
  page: "connections",
  fields: connectionFields,
  refreshMs: 5000,
  view: (line, client) =>
    html`${connectionView(line)}${
      isOwn(line, client)
        ? html`<tandem-line-secrets .client=${client} .sid=${textOf(line, "sid")}></tandem-line-secrets>`
        : nothing
    }`,
  mayChange: isOwn,
  parts: (line, client) => (isOwn(line, client) ? [shares, transitions] : [transitions]),
  related: [{ resource: calls, by: "ConnectionSid" }],
};
