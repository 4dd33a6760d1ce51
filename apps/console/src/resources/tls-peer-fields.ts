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
      hint: "PEM: who has issued the certificate that it must show. Empty: none is demanded.",
      read: (row) => textOf(part(row), "tls_peer_authorities"),
    },
    {
      name: "TlsPeerNames",
      label: "Names in its certificates",
      placeholder: "sbc.example.net",
      hint: "With a comma between; it must have one of them. Empty: any.",
      read: (row) => textsOf(part(row), "tls_peer_names").join(","),
    },
  ];
}
