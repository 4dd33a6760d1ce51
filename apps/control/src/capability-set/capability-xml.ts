/**
 * The same document in XML, as RFC 7950 encodes a data tree: lists and leaf-lists become repeated elements, identities
 * qualified names. RFC 10006 asks for JSON only; this is for those whose tools speak NETCONF's language.
 */
import type { CapabilitySet } from "./capability-set.ts";

/** YANG module to its namespace and the prefix that names in values have. */
const modules: Readonly<Record<string, { readonly namespace: string; readonly prefix: string }>> = {
  "ietf-sip-auto-peering": {
    namespace: "urn:ietf:params:xml:ns:yang:ietf-sip-auto-peering",
    prefix: "",
  },
  "ietf-tls-common": { namespace: "urn:ietf:params:xml:ns:yang:ietf-tls-common", prefix: "tlscmn" },
  "tandem-sip-auto-peering": { namespace: "urn:tandem:yang:tandem-sip-auto-peering", prefix: "tandem" },
};

export function capabilityXml(document: CapabilitySet): string {
  const body = Object.entries(document).map(([name, value]) => elementText(name, value, ""));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body.join("")}`;
}

function elementText(name: string, value: unknown, indent: string): string {
  if (Array.isArray(value)) return value.map((item) => elementText(name, item, indent)).join("");
  const [module, local = name] = name.includes(":") ? name.split(":", 2) : [undefined, name];
  const start = `${indent}<${local}${namespacesOf(module)}>`;
  if (typeof value !== "object" || value === null) return `${start}${valueText(value)}</${local}>\n`;
  const members = Object.entries(value).map(([member, item]) => elementText(member, item, `${indent}  `));
  return `${start}\n${members.join("")}${indent}</${local}>\n`;
}

/** An element of another module than its parent's says so; the root also names what prefixes in values mean. */
function namespacesOf(module: string | undefined): string {
  if (module === undefined) return "";
  const own = ` xmlns="${modules[module]?.namespace}"`;
  const tls = modules["ietf-tls-common"];
  return module === "ietf-sip-auto-peering" ? `${own} xmlns:${tls?.prefix}="${tls?.namespace}"` : own;
}

function valueText(value: unknown): string {
  const text = String(value);
  const [module = "", name] = text.split(":", 2);
  const prefix = name === undefined ? undefined : modules[module]?.prefix;
  if (prefix === undefined) return escaped(text);
  return prefix === "" ? escaped(name ?? "") : `${prefix}:${escaped(name ?? "")}`;
}

/** XML 1.0 has no control characters but tab and line ends, not even escaped. */
function escaped(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- they are what is looked for
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
  );
}
