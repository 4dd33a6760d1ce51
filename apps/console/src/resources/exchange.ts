/** The exchange on the map and on the network: everybody reads it, the operator writes it. */
import { partOf, type Row, rowsOf, textOf, textsOf } from "../api/row.ts";
import { choicesOf } from "../form/choices.ts";
import type { Field } from "../form/field.ts";
import type { Resource } from "../resource/resource.ts";
import { codeColumn, textColumn } from "../view/columns.ts";

const portFields: readonly Field[] = [
  { name: "UdpPort", label: "UDP port", kind: "number", initial: "5060", hint: "Empty: not served." },
  { name: "TcpPort", label: "TCP port", kind: "number", initial: "5060" },
  { name: "TlsPort", label: "TLS port", kind: "number", initial: "5061" },
];

export const edges: Resource = {
  title: "Edges",
  one: "edge",
  about: "Network places where customers and carriers meet us.",
  path: "/v1/Edges",
  key: "edges",
  empty: "There is no edge.",
  isWrittenByOperator: true,
  mayCreate: true,
  mayUpdate: true,
  identify: (row) => textOf(row, "name"),
  nameOf: (row) => textOf(row, "name"),
  removal: { verb: "Delete", isTyped: true, text: (name) => `The names of ${name} lead nowhere any more.` },
  fields: [
    { name: "Name", label: "Name", isRequired: true, only: "create", placeholder: "ashburn-ix" },
    { name: "LegacyId", label: "Legacy id", placeholder: "us1-ix" },
    { name: "Region", label: "Region", isRequired: true, placeholder: "us1" },
    {
      name: "Kind",
      label: "Kind",
      kind: "select",
      choices: [
        ["private", "private: lines end here"],
        ["public", "public: on the internet"],
      ],
    },
    { name: "Place", label: "Place" },
    {
      name: "Exchange",
      label: "Exchange",
      kind: "select",
      choices: choicesOf("/v1/Interconnect/Exchanges", "exchanges", (row) => textOf(row, "name"), "none"),
      read: (row) => textOf(row, "exchange_sid"),
    },
    {
      name: "SignalingAddress",
      label: "Signaling addresses",
      kind: "lines",
      hint: "One a line: what a firewall must allow.",
      read: (row) => textsOf(row, "signaling_addresses").join("\n"),
    },
    ...portFields,
  ],
  columns: [
    textColumn("Name", "name"),
    textColumn("Legacy id", "legacy_id"),
    textColumn("Region", "region"),
    textColumn("Kind", "kind"),
    textColumn("Place", "place"),
    { title: "Signaling", kind: "code", show: (row) => textsOf(row, "signaling_addresses").join(" ") },
    { title: "Kept by", show: (row) => (textOf(row, "managed_by") === "file" ? "file" : "API") },
  ],
};

export const exchanges: Resource = {
  title: "Exchanges",
  one: "exchange",
  about: "Physical places where private lines end.",
  path: "/v1/Interconnect/Exchanges",
  key: "exchanges",
  empty: "There is no exchange.",
  isWrittenByOperator: true,
  mayCreate: true,
  mayUpdate: true,
  nameOf: (row) => textOf(row, "name"),
  removal: { verb: "Delete", isTyped: true, text: (name) => `${name} goes. One that edges stand at stays.` },
  fields: [
    { name: "Name", label: "Name", isRequired: true, only: "create", placeholder: "ashburn" },
    { name: "Place", label: "Place", isRequired: true },
    { name: "DataCenter", label: "Data center" },
    {
      name: "BandwidthMbps",
      label: "Bandwidths that are offered, Mbit/s",
      kind: "lines",
      hint: "One a line.",
    },
    {
      name: "BgpPrefix",
      label: "Prefixes that we announce",
      kind: "lines",
      placeholder: "192.0.2.0/24 le 32",
      hint: "One a line.",
      read: (row) => rowsOf(row, "bgp_prefixes").map(prefixText).join("\n"),
    },
    { name: "EncryptionDomain", label: "Encryption domain", kind: "lines", hint: "Networks, one a line." },
  ],
  columns: [
    textColumn("Name", "name"),
    textColumn("Place", "place"),
    textColumn("Data center", "data_center"),
    { title: "Edges", show: (row) => textsOf(row, "edges").join(", ") },
    { title: "Mbit/s", show: (row) => textsOf(row, "bandwidth_mbps").join(", ") },
  ],
};

export const ipRanges: Resource = {
  title: "Firewall",
  one: "range",
  about:
    "What a firewall must allow: addresses and ports of signaling and media. ./tandem firewall writes them as rules.",
  path: "/v1/Interconnect/IpRanges",
  key: "ip_ranges",
  empty: "Nothing is known.",
  filters: [
    { name: "Kind", label: "Kind", choices: ["signaling", "media"].map((kind) => [kind, kind] as const) },
    { name: "Edge", label: "Edge", placeholder: "ashburn-ix" },
    {
      name: "EdgeKind",
      label: "Edges",
      choices: ["private", "public", "roaming"].map((kind) => [kind, kind] as const),
    },
  ],
  columns: [
    textColumn("Edge", "edge"),
    textColumn("Kind", "kind"),
    codeColumn("Network", "network"),
    {
      title: "Our ports",
      kind: "code",
      show: (row) =>
        rowsOf(row, "ports")
          .map((port) => `${textOf(port, "transport")} ${span(port)}`)
          .join(", "),
    },
    {
      title: "Theirs",
      kind: "code",
      show: (row) => (row["client_ports"] === null ? "any" : span(partOf(row, "client_ports"))),
    },
    { title: "Secure media", show: (row) => textsOf(row, "secure_media").join(", ") },
    { title: "Said by", show: (row) => textOf(row, "source") },
  ],
};

function span(port: Row): string {
  const [first, last] = [textOf(port, "first_port"), textOf(port, "last_port")];
  return first === last ? first : `${first}-${last}`;
}

/** As the interface takes it: `192.0.2.0/24 le 32` when longer ones are announced too. */
function prefixText(announced: Row): string {
  const longest = textOf(announced, "maximum_length");
  return `${textOf(announced, "prefix")}${longest === "" ? "" : ` le ${longest}`}`;
}
