/** Whose certificates are taken over TLS; trunks and carriers alike. */
import { type Row, textOf, textsOf } from "../api/row.ts";
import type { Field } from "../form/field.ts";

/** `part`: the part of the object where the fields are. */
export function tlsPeerFields(part: (row: Row) => Row): readonly Field[] {
  return [
    {
      name: "TlsPeerAuthorities",
      label: "Certificate authorities of its TLS",
      kind: "long-text",
      placeholder: "-----BEGIN CERTIFICATE-----",
      hint: "PEM. Empty: those of the gateway.",
      read: (row) => textOf(part(row), "tls_peer_authorities"),
    },
    {
      name: "TlsPeerNames",
      label: "Names in its certificates",
      placeholder: "sbc.example.net",
      hint: "With a comma between. Empty: the name of its URL.",
      read: (row) => textsOf(part(row), "tls_peer_names").join(","),
    },
  ];
}
