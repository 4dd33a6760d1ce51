/** Carriers and their parts; the operator's. */
import { textOf, textsOf } from "../api/row.ts";
import { edgeChoices } from "../form/choices.ts";
import type { Field } from "../form/field.ts";
import type { Resource } from "../resource/resource.ts";
import {
  codeColumn,
  enabledColumn,
  nameColumn,
  numberColumn,
  textColumn,
  timeColumn,
} from "../view/columns.ts";
import { tried } from "./origination-order.ts";
import { tlsPeerFields } from "./tls-peer-fields.ts";
import { sourcePolicies } from "./trunk-fields.ts";

export const carrierFields: readonly Field[] = [
  { name: "FriendlyName", label: "Name", isRequired: true, placeholder: "East" },
  { name: "Enabled", label: "Enabled", kind: "checkbox", initial: "true" },
  { name: "Username", label: "User name for its challenges" },
  { name: "Password", label: "Password", kind: "password", hint: "Written, never shown." },
  {
    name: "RegistrarUrl",
    label: "Registrar",
    placeholder: "sip:registrar.example",
    hint: "Empty: we do not register.",
  },
  { name: "AddressOfRecord", label: "Address-of-record", placeholder: "sip:user@carrier.example" },
  { name: "RegistrationExpiresSeconds", label: "Registration expires, s", kind: "number" },
  {
    name: "Identity",
    label: "Identity of calls to it (STIR)",
    kind: "select",
    initial: "pass",
    choices: [
      ["pass", "pass: the customer's goes along"],
      ["sign", "sign: with our certificate"],
      ["none", "none: without any"],
    ],
  },
  { name: "SourcePolicy", label: "Media are taken from", kind: "select", choices: sourcePolicies },
  { name: "FirstResponseSeconds", label: "Wait for a first response, s", kind: "number" },
  { name: "ProgressSeconds", label: "Wait for ringing, s", kind: "number" },
  { name: "RingSeconds", label: "Ring at most, s", kind: "number" },
  {
    name: "FailoverOverrides",
    label: "Responses that are treated otherwise",
    placeholder: '{"503":"stop","404":"next"}',
    read: (row) => {
      const text = textOf(row, "failover_overrides");
      return text === "{}" ? "" : text;
    },
  },
  {
    name: "Codecs",
    label: "Codecs that it takes",
    placeholder: "PCMA,PCMU",
    hint: "The preferred first. Calls without any of them are transcoded; empty: none is.",
    read: (row) => textsOf(row, "codecs").join(","),
  },
  ...tlsPeerFields((row) => row),
];

export const carriers: Resource = {
  title: "Carriers",
  one: "carrier",
  about: "Who carries calls to and from the PSTN.",
  path: "/v1/Carriers",
  key: "carriers",
  empty: "There is no carrier: calls to the PSTN are refused.",
  mayCreate: true,
  fields: carrierFields.slice(0, 4),
  removal: {
    verb: "Delete",
    isTyped: true,
    text: (name) => `No call goes to ${name} any more, and none is taken from it.`,
  },
  columns: [
    nameColumn("Name", "carriers"),
    enabledColumn("State", "enabled"),
    codeColumn("Registrar", "registrar_url"),
    timeColumn("Changed", "date_updated"),
  ],
};

const orderFields: readonly Field[] = [
  { name: "Priority", label: "Priority", kind: "number", initial: "10", hint: "The lowest is tried first." },
  { name: "Weight", label: "Weight", kind: "number", initial: "10" },
];

export const carrierParts: readonly Resource[] = [
  {
    title: "Gateways of the carrier",
    one: "gateway",
    about: "Where it takes calls.",
    path: "/v1/Carriers/{parent}/Gateways",
    key: "gateways",
    empty: "There is none: no call can be placed to the carrier.",
    sort: tried,
    mayCreate: true,
    mayUpdate: true,
    nameOf: (row) => textOf(row, "sip_url"),
    removal: { verb: "Delete", text: (name) => `No call is placed to ${name} any more.` },
    fields: [
      { name: "SipUrl", label: "SIP URL", isRequired: true, placeholder: "sip:198.51.100.7" },
      ...orderFields,
      { name: "Enabled", label: "Enabled", kind: "checkbox", initial: "true" },
      { name: "Edge", label: "Only from edge", kind: "select", choices: edgeChoices(undefined, "any edge") },
    ],
    columns: [
      codeColumn("SIP URL", "sip_url"),
      numberColumn("Priority", "priority"),
      numberColumn("Weight", "weight"),
      enabledColumn("State", "enabled"),
      textColumn("Edge", "edge"),
    ],
  },
  {
    title: "Routes",
    one: "route",
    about: "Which numbers it carries: the longest prefix wins.",
    path: "/v1/Carriers/{parent}/Routes",
    key: "routes",
    empty: "There is none: no number leads to the carrier.",
    mayCreate: true,
    mayUpdate: true,
    nameOf: (row) => textOf(row, "prefix"),
    removal: {
      verb: "Delete",
      text: (name) => `Numbers that begin with ${name} do not lead to the carrier any more.`,
    },
    fields: [
      { name: "Prefix", label: "Prefix", isRequired: true, placeholder: "+44", hint: "+ for all numbers." },
      ...orderFields,
    ],
    columns: [
      codeColumn("Prefix", "prefix"),
      numberColumn("Priority", "priority"),
      numberColumn("Weight", "weight"),
    ],
  },
  {
    title: "Sources",
    one: "source",
    about: "Networks that its calls come from.",
    path: "/v1/Carriers/{parent}/Sources",
    key: "sources",
    empty: "There is none: its calls are a stranger's.",
    mayCreate: true,
    mayUpdate: true,
    nameOf: (row) => textOf(row, "network"),
    removal: { verb: "Delete", text: (name) => `Calls from ${name} are a stranger's.` },
    fields: [{ name: "Network", label: "Network", isRequired: true, placeholder: "198.51.100.0/24" }],
    columns: [codeColumn("Network", "network")],
  },
];
