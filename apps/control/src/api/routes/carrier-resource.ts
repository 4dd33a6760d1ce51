import type { CarrierRow } from "@tandem/database";
import Type, { type Static } from "typebox";
import { iso8601 } from "../conventions/dates.ts";
import { Nullable, OneOf } from "../conventions/parameters.ts";
import { codecsParameter } from "../rules/codecs.ts";
import { tlsPeerParameters } from "../rules/tls-peer.ts";

const SourcePolicy = OneOf(["address", "strict", "symmetric"]);

/** Parameters of create (with a name) and update. */
export const CarrierParameters = Type.Partial(
  Type.Object({
    FriendlyName: Type.String({ minLength: 1, maxLength: 64 }),
    Enabled: Type.Boolean(),
    Username: Nullable(
      Type.String({ minLength: 1, maxLength: 255, description: "For its challenges; empty: none." }),
    ),
    Password: Nullable(Type.String({ minLength: 1, maxLength: 255, description: "Written, never shown." })),
    RegistrarUrl: Nullable(Type.String({ description: "sip:host[:port]; empty: no registration." })),
    AddressOfRecord: Type.String({ description: "sip:user@host" }),
    RegistrationExpiresSeconds: Type.Integer({ minimum: 60, maximum: 86_400, description: "Default 3600." }),
    SourcePolicy,
    FirstResponseSeconds: Type.Number({ minimum: 1, maximum: 60 }),
    ProgressSeconds: Type.Number({ minimum: 1, maximum: 300 }),
    RingSeconds: Type.Number({ minimum: 1, maximum: 600 }),
    FailoverOverrides: Nullable(Type.String({ maxLength: 4096 })),
    ...tlsPeerParameters,
    Codecs: codecsParameter,
    Identity: OneOf(["sign", "pass", "none"], {
      description:
        "STIR: calls to it are signed by us, go with the customer's Identity, or without any. Default pass.",
    }),
  }),
);
export type CarrierParameters = Static<typeof CarrierParameters>;

const Text = Nullable(Type.String());

export const Carrier = Type.Object({
  sid: Type.String(),
  friendly_name: Type.String(),
  enabled: Type.Boolean(),
  username: Text,
  registrar_url: Text,
  address_of_record: Text,
  registration_expires_seconds: Nullable(Type.Integer()),
  source_policy: SourcePolicy,
  first_response_seconds: Type.Number(),
  progress_seconds: Type.Number(),
  ring_seconds: Type.Number(),
  failover_overrides: Type.Record(Type.String(), OneOf(["next", "stop"])),
  tls_peer_authorities: Text,
  tls_peer_names: Type.Array(Type.String()),
  codecs: Type.Array(Type.String()),
  identity: OneOf(["sign", "pass", "none"]),
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
  links: Type.Object({ gateways: Type.String(), routes: Type.String(), sources: Type.String() }),
});

export function carrierUrl(publicUrl: string, carrierSid: string): string {
  return `${publicUrl}/v1/Carriers/${carrierSid}`;
}

/** The carrier as the API shows it: without its password. */
export function presentCarrier(row: CarrierRow, publicUrl: string): Static<typeof Carrier> {
  const url = carrierUrl(publicUrl, row.sid);
  return {
    sid: row.sid,
    friendly_name: row.friendly_name,
    enabled: row.enabled,
    username: row.username,
    registrar_url: row.registrar_url,
    address_of_record: row.address_of_record,
    registration_expires_seconds: row.registration_expires_seconds,
    source_policy: row.source_policy,
    first_response_seconds: row.first_response_seconds,
    progress_seconds: row.progress_seconds,
    ring_seconds: row.ring_seconds,
    failover_overrides: row.failover_overrides,
    tls_peer_authorities: row.tls_peer_authorities,
    tls_peer_names: [...row.tls_peer_names],
    codecs: [...row.codecs],
    identity: row.identity,
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_updated),
    url,
    links: { gateways: `${url}/Gateways`, routes: `${url}/Routes`, sources: `${url}/Sources` },
  };
}
