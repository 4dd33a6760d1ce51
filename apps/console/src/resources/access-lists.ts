import { textOf } from "../api/row.ts";
import { choicesOf } from "../form/choices.ts";
import type { Resource } from "../resource/resource.ts";
import { codeColumn, linkColumn, nameColumn, textColumn, timeColumn } from "../view/columns.ts";

export const accessLists: Resource = {
  title: "Access lists",
  one: "access list",
  about: "Lists of addresses that calls may come from. They work on the trunks that they are attached to.",
  path: "{account}/SIP/IpAccessControlLists",
  suffix: ".json",
  key: "ip_access_control_lists",
  empty: "There is no access list.",
  mayCreate: true,
  mayUpdate: true,
  removal: {
    verb: "Delete",
    isTyped: true,
    text: (name) => `${name} goes with its addresses. A list that is attached to a trunk stays.`,
  },
  fields: [
    { name: "FriendlyName", label: "Name", isRequired: true, placeholder: "Office PBX" },
    {
      name: "ConnectionSid",
      label: "Only over the private line",
      kind: "select",
      choices: choicesOf("/v1/Interconnect/Connections", "connections", undefined, "any way"),
    },
  ],
  columns: [
    nameColumn("Name", "access-lists"),
    linkColumn("Only over", "connection_sid", "connections"),
    timeColumn("Changed", "date_updated"),
  ],
};

export const accessListAddresses: Resource = {
  title: "Addresses",
  one: "address",
  path: "{account}/SIP/IpAccessControlLists/{parent}/IpAddresses",
  suffix: ".json",
  key: "ip_addresses",
  empty: "The list is empty: nobody is known by it.",
  mayCreate: true,
  mayUpdate: true,
  nameOf: (row) => textOf(row, "ip_address"),
  removal: { verb: "Delete", text: (name) => `Calls from ${name} are not taken by this list any more.` },
  fields: [
    { name: "FriendlyName", label: "Name", isRequired: true, placeholder: "PBX" },
    { name: "IpAddress", label: "Address", isRequired: true, placeholder: "192.0.2.10" },
    {
      name: "CidrPrefixLength",
      label: "Prefix length",
      kind: "number",
      hint: "Empty: this one address.",
      placeholder: "32",
    },
  ],
  columns: [
    {
      title: "Network",
      kind: "code",
      show: (row) => `${textOf(row, "ip_address")}/${textOf(row, "cidr_prefix_length")}`,
    },
    textColumn("Name", "friendly_name"),
    codeColumn("SID", "sid"),
    timeColumn("Changed", "date_updated"),
  ],
};
