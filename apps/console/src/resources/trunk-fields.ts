/** Settings of a trunk. */
import { partOf, type Row, textOf, textsOf } from "../api/row.ts";
import { choicesOf } from "../form/choices.ts";
import { type Field, snakeCase } from "../form/field.ts";
import { tlsPeerFields } from "./tls-peer-fields.ts";

/** Tandem's own settings stand in a part of their own. */
function own(name: string): (row: Row) => string {
  return (row) => textOf(partOf(row, "tandem"), name);
}

export const sourcePolicies = [
  ["address", "address: the SDP's address, any port"],
  ["strict", "strict: the SDP's address and port"],
  ["symmetric", "symmetric: where its media come from (NAT)"],
] as const;

/** Of a trunk, and of an account. */
export const callerIdPolicies = [
  ["any", "any"],
  ["account", "numbers and caller IDs of the account"],
  ["account-or-diverted", "these, and those of callers whose calls it forwards"],
] as const;

/** What a new trunk needs. */
export const trunkNameFields: readonly Field[] = [
  { name: "FriendlyName", label: "Name", isRequired: true, placeholder: "Office" },
  {
    name: "DomainName",
    label: "Domain name",
    placeholder: "office.pstn.tandem.test",
    hint: "Calls to the PSTN are sent to it. Empty: the trunk only takes calls.",
  },
];

/** Header policies of the account. */
const policies = choicesOf("/v1/HeaderPolicies", "header_policies", undefined, "none");

function headerPolicyField(name: string, label: string): Field {
  return { name, label, kind: "select", choices: policies, read: own(snakeCase(name)) };
}

export const trunkFields: readonly Field[] = [
  ...trunkNameFields,
  { name: "Secure", label: "Only TLS and SRTP", kind: "checkbox" },
  {
    name: "SourcePolicy",
    label: "Media are taken from",
    kind: "select",
    choices: sourcePolicies,
    read: own("source_policy"),
  },
  {
    name: "CallsPerSecond",
    label: "Calls a second",
    kind: "number",
    hint: "Empty: unlimited.",
    read: own("calls_per_second"),
  },
  {
    name: "ConcurrentCalls",
    label: "Calls at a time",
    kind: "number",
    hint: "Empty: unlimited.",
    read: own("concurrent_calls"),
  },
  {
    name: "FirstResponseSeconds",
    label: "Wait for a first response, s",
    kind: "number",
    hint: "Of an origination URL, before the next one is tried.",
    read: own("first_response_seconds"),
  },
  { name: "ProgressSeconds", label: "Wait for ringing, s", kind: "number", read: own("progress_seconds") },
  { name: "RingSeconds", label: "Ring at most, s", kind: "number", read: own("ring_seconds") },
  {
    name: "MaximumDurationSeconds",
    label: "Longest call, s",
    kind: "number",
    read: own("maximum_duration_seconds"),
  },
  {
    name: "FailoverOverrides",
    label: "Responses that are treated otherwise",
    placeholder: '{"503":"stop","404":"next"}',
    hint: "JSON: status code to next (try the next candidate) or stop. Empty: none.",
    read: (row) => {
      const text = own("failover_overrides")(row);
      return text === "{}" ? "" : text;
    },
  },
  {
    name: "Codecs",
    label: "Codecs that it takes",
    placeholder: "PCMA,PCMU",
    hint: "The preferred first. Calls without any of them are transcoded; empty: none is.",
    read: (row) => textsOf(partOf(row, "tandem"), "codecs").join(","),
  },
  {
    name: "TransferMode",
    label: "Transfers by REFER",
    kind: "select",
    choices: [
      ["disable-all", "none"],
      ["sip-only", "to SIP URIs"],
      ["enable-all", "to SIP URIs and numbers"],
    ],
  },
  {
    name: "TransferCallerId",
    label: "Caller of a transferred call",
    kind: "select",
    choices: [
      ["from-transferee", "who is transferred"],
      ["from-transferor", "who transfers"],
    ],
  },
  {
    name: "CallerIdPolicy",
    label: "Numbers that its calls may show",
    kind: "select",
    choices: callerIdPolicies,
    read: own("caller_id_policy"),
  },
  headerPolicyField("TerminationHeaderPolicySid", "Numbers that it writes are rewritten by"),
  headerPolicyField("OriginationHeaderPolicySid", "Numbers that it is shown are rewritten by"),
  { name: "MediaDscp", label: "DSCP of media", kind: "number", read: own("media_dscp") },
  ...tlsPeerFields((row) => partOf(row, "tandem")),
];
