import type { TrunkRow } from "@tandem/database";
import Type from "typebox";
import { iso8601 } from "../conventions/dates.ts";
import { trunkUrl } from "../conventions/locations.ts";
import { HttpMethod, Nullable, OneOf, SidText, WebUrl } from "../conventions/parameters.ts";
import { nameLengths } from "../limits.ts";
import { CallerIdPolicy } from "../rules/caller-id-policy.ts";
import { codecsParameter } from "../rules/codecs.ts";
import { domainNameOf } from "../rules/domain-name.ts";
import { tlsPeerParameters } from "../rules/tls-peer.ts";

export const RecordingMode = OneOf([
  "do-not-record",
  "record-from-ringing",
  "record-from-answer",
  "record-from-ringing-dual",
  "record-from-answer-dual",
]);
export const RecordingTrim = OneOf(["trim-silence", "do-not-trim"]);
const TransferMode = OneOf(["disable-all", "enable-all", "sip-only"]);
const TransferCallerId = OneOf(["from-transferee", "from-transferor"]);
const SourcePolicy = OneOf(["address", "strict", "symmetric"]);

function headerPolicySid(description: string) {
  return Nullable({ ...SidText("HP"), description });
}

/** Parameters of create and update; all optional. The second part is Tandem's own. */
export const TrunkParameters = Type.Partial(
  Type.Object({
    FriendlyName: Type.String({ maxLength: nameLengths.trunk }),
    DomainName: Nullable(Type.String()),
    DisasterRecoveryUrl: Nullable(WebUrl),
    DisasterRecoveryMethod: HttpMethod,
    TransferMode,
    TransferCallerId,
    Secure: Type.Boolean(),
    CnamLookupEnabled: Type.Boolean({ description: "Kept and shown; nothing is looked up yet." }),
    SymmetricRtpEnabled: Type.Boolean({ description: "True: SourcePolicy symmetric. False: not symmetric." }),
    SourcePolicy,
    CallsPerSecond: Nullable(
      Type.Number({ exclusiveMinimum: 0, maximum: 100_000, description: "Termination; empty: unlimited." }),
    ),
    ConcurrentCalls: Nullable(
      Type.Integer({ minimum: 1, maximum: 1_000_000, description: "At a time; empty: unlimited." }),
    ),
    FirstResponseSeconds: Type.Number({ minimum: 1, maximum: 60 }),
    ProgressSeconds: Type.Number({ minimum: 1, maximum: 300 }),
    RingSeconds: Type.Number({ minimum: 1, maximum: 600 }),
    FailoverOverrides: Nullable(
      Type.String({ maxLength: 4096, description: 'JSON, {"503":"stop","404":"next"}; empty: none.' }),
    ),
    MaximumDurationSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
    MediaDscp: Type.Integer({
      minimum: 0,
      maximum: 63,
      description: "Of media to the customer; default 46.",
    }),
    ...tlsPeerParameters,
    Codecs: codecsParameter,
    TerminationHeaderPolicySid: headerPolicySid(
      "Rewrites the numbers that the customer writes; empty: none.",
    ),
    OriginationHeaderPolicySid: headerPolicySid(
      "Rewrites the numbers that the customer is shown; empty: none.",
    ),
    CallerIdPolicy,
  }),
);

const Text = Nullable(Type.String());

export const Trunk = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  friendly_name: Type.String(),
  domain_name: Text,
  disaster_recovery_url: Text,
  disaster_recovery_method: HttpMethod,
  secure: Type.Boolean(),
  cnam_lookup_enabled: Type.Boolean(),
  symmetric_rtp_enabled: Type.Boolean(),
  recording: Type.Object({ mode: RecordingMode, trim: RecordingTrim }),
  transfer_mode: TransferMode,
  transfer_caller_id: TransferCallerId,
  auth_type: Type.String({ description: "IP_ACL, CREDENTIAL_LIST, both with a comma, or empty." }),
  auth_type_set: Type.Array(Type.String()),
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
  links: Type.Record(Type.String(), Type.String()),
  tandem: Type.Object({
    source_policy: SourcePolicy,
    calls_per_second: Nullable(Type.Number()),
    concurrent_calls: Nullable(Type.Integer()),
    first_response_seconds: Type.Number(),
    progress_seconds: Type.Number(),
    ring_seconds: Type.Number(),
    failover_overrides: Type.Record(Type.String(), OneOf(["next", "stop"])),
    maximum_duration_seconds: Type.Integer(),
    media_dscp: Type.Integer(),
    tls_peer_authorities: Text,
    tls_peer_names: Type.Array(Type.String()),
    codecs: Type.Array(Type.String()),
    termination_header_policy_sid: Text,
    origination_header_policy_sid: Text,
    caller_id_policy: CallerIdPolicy,
  }),
});

/** The trunk as the API shows it. */
export function presentTrunk(
  trunk: TrunkRow,
  publicUrl: string,
  baseDomain: string,
): Type.Static<typeof Trunk> {
  const url = trunkUrl(publicUrl, trunk.sid);
  const authTypes = authTypesOf(trunk);
  return {
    sid: trunk.sid,
    account_sid: trunk.account_sid,
    friendly_name: trunk.friendly_name,
    domain_name: domainNameOf(trunk.domain_label, baseDomain),
    disaster_recovery_url: trunk.disaster_recovery_url,
    disaster_recovery_method: trunk.disaster_recovery_method,
    secure: trunk.secure,
    cnam_lookup_enabled: trunk.cnam_lookup_enabled,
    symmetric_rtp_enabled: trunk.source_policy === "symmetric",
    recording: { mode: trunk.recording_mode, trim: trunk.recording_trim },
    transfer_mode: trunk.transfer_mode,
    transfer_caller_id: trunk.transfer_caller_id,
    auth_type: authTypes.join(","),
    auth_type_set: authTypes,
    date_created: iso8601(trunk.date_created),
    date_updated: iso8601(trunk.date_updated),
    url,
    links: {
      origination_urls: `${url}/OriginationUrls`,
      credential_lists: `${url}/CredentialLists`,
      ip_access_control_lists: `${url}/IpAccessControlLists`,
      phone_numbers: `${url}/PhoneNumbers`,
      recordings: `${url}/Recording`,
    },
    tandem: {
      source_policy: trunk.source_policy,
      calls_per_second: trunk.calls_per_second,
      concurrent_calls: trunk.concurrent_calls,
      first_response_seconds: trunk.first_response_seconds,
      progress_seconds: trunk.progress_seconds,
      ring_seconds: trunk.ring_seconds,
      failover_overrides: trunk.failover_overrides,
      maximum_duration_seconds: trunk.maximum_duration_seconds,
      media_dscp: trunk.media_dscp,
      tls_peer_authorities: trunk.tls_peer_authorities,
      tls_peer_names: [...trunk.tls_peer_names],
      codecs: [...trunk.codecs],
      termination_header_policy_sid: trunk.termination_header_policy_sid,
      origination_header_policy_sid: trunk.origination_header_policy_sid,
      caller_id_policy: trunk.caller_id_policy,
    },
  };
}

function authTypesOf(trunk: TrunkRow): string[] {
  const types: string[] = [];
  if (trunk.has_ip_access_control_list) types.push("IP_ACL");
  if (trunk.has_credential_list) types.push("CREDENTIAL_LIST");
  return types;
}
