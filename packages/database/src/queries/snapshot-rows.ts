/** Everything a snapshot is compiled from. Read it in one repeatable-read transaction. */
import type {
  CallerIdPolicy,
  Edge,
  HeaderRules,
  OriginationUrl,
  RiskClass,
  SnapshotAccount,
  SnapshotConnection,
  SnapshotGateway,
  SnapshotNumber,
  SnapshotRegion,
} from "@tandem/contracts";
import type { Queryable } from "../database.ts";
import type { DialingPermissionRow, DialingSettingsRow } from "./dialing-permissions.ts";
import { findInstallation, type InstallationRow } from "./installation.ts";

interface Timers {
  readonly first_response_seconds: number;
  readonly progress_seconds: number;
  readonly ring_seconds: number;
  readonly failover_overrides: Record<string, "next" | "stop">;
  readonly source_policy: "address" | "strict" | "symmetric";
  readonly tls_peer_authorities: string | null;
  readonly tls_peer_names: readonly string[];
  readonly codecs: readonly string[];
}

export interface SnapshotTrunkRow extends Timers {
  readonly media_dscp: number;
  readonly sid: string;
  readonly account_sid: string;
  readonly friendly_name: string;
  readonly domain_label: string | null;
  readonly secure: boolean;
  readonly termination_header_policy_sid: string | null;
  readonly origination_header_policy_sid: string | null;
  readonly transfer_mode: "disable-all" | "enable-all" | "sip-only";
  readonly transfer_caller_id: "from-transferee" | "from-transferor";
  readonly maximum_duration_seconds: number;
  readonly caller_id_policy: CallerIdPolicy;
  readonly calls_per_second: number | null;
  readonly concurrent_calls: number | null;
}

export interface SnapshotCarrierRow extends Timers {
  readonly sid: string;
  readonly friendly_name: string;
  readonly enabled: boolean;
  readonly username: string | null;
  readonly password_encrypted: Uint8Array | null;
  readonly registrar_url: string | null;
  readonly address_of_record: string | null;
  readonly registration_expires_seconds: number | null;
  readonly identity: "sign" | "pass" | "none";
}

export interface AttachmentRow {
  readonly trunk_sid: string;
  readonly list_sid: string;
}

export interface SnapshotCredentialRow {
  readonly list_sid: string;
  readonly username: string;
  readonly ha1_encrypted: Uint8Array;
}

export type SnapshotConnectionRow = Omit<
  SnapshotConnection,
  "sharedAccountSids" | "routes" | "localAddress" | "routingTable"
> & { readonly line_number: number };

export type SnapshotAccountRow = Pick<SnapshotAccount, "sid" | "status" | "compatibility"> &
  Omit<DialingSettingsRow, "sid"> & {
    readonly calls_per_second: number | null;
    readonly caller_id_policy: CallerIdPolicy;
  };

/** A prefix of a list; without an account it is for all. */
export interface SnapshotPrefixRow {
  readonly account_sid: string | null;
  readonly prefix: string;
}

export interface SnapshotRows {
  readonly installation: InstallationRow;
  readonly edges: readonly Edge[];
  readonly regions: readonly SnapshotRegion[];
  readonly accounts: readonly SnapshotAccountRow[];
  readonly dialingPermissions: readonly DialingPermissionRow[];
  readonly blockedPrefixes: readonly SnapshotPrefixRow[];
  readonly doNotOriginatePrefixes: readonly SnapshotPrefixRow[];
  readonly outgoingCallerIds: readonly { readonly account_sid: string; readonly phone_number: string }[];
  readonly riskPrefixes: readonly { readonly prefix: string; readonly risk: RiskClass }[];
  readonly trunks: readonly SnapshotTrunkRow[];
  /** Those that a trunk uses. */
  readonly headerPolicies: readonly { readonly sid: string; readonly rules: HeaderRules }[];
  readonly originationUrls: readonly (OriginationUrl & { readonly trunk_sid: string })[];
  readonly accessControlLists: readonly { readonly sid: string; readonly connectionSid: string | null }[];
  readonly networks: readonly { readonly list_sid: string; readonly network: string }[];
  readonly attachedAccessControlLists: readonly AttachmentRow[];
  readonly credentialLists: readonly { readonly sid: string; readonly algorithm: "MD5" | "SHA-256" }[];
  readonly credentials: readonly SnapshotCredentialRow[];
  readonly attachedCredentialLists: readonly AttachmentRow[];
  readonly numbers: readonly SnapshotNumber[];
  readonly carriers: readonly SnapshotCarrierRow[];
  readonly carrierGateways: readonly {
    readonly carrier_sid: string;
    readonly sid: string;
    readonly sipUrl: string;
    readonly priority: number;
    readonly weight: number;
    readonly enabled: boolean;
    readonly edge: string | null;
  }[];
  readonly carrierRoutes: readonly {
    readonly carrier_sid: string;
    readonly prefix: string;
    readonly priority: number;
    readonly weight: number;
  }[];
  readonly carrierSources: readonly { readonly carrier_sid: string; readonly network: string }[];
  /** Gateways that have said once where they stand. */
  readonly gateways: readonly SnapshotGateway[];
  /** All but those that are being deleted. */
  readonly connections: readonly SnapshotConnectionRow[];
  readonly connectionRoutes: readonly { readonly connection_sid: string; readonly network: string }[];
  readonly connectionShares: readonly { readonly connection_sid: string; readonly account_sid: string }[];
}

const statements: { readonly [Name in Exclude<keyof SnapshotRows, "installation">]: string } = {
  edges: `select name, legacy_id as "legacyId", region, kind from edges order by sequence`,
  regions: `select name, fallback from (
      select name, fallback, sequence from regions
      union all
      select region, '[]'::jsonb, 1000000000000 + min(sequence) from edges
        where region not in (select name from regions) group by region
    ) as all_regions order by sequence`,
  accounts: `select sid, status, compatibility, parent_account_sid, dialing_permissions_default,
      inherits_dialing_permissions, calls_per_second, caller_id_policy
    from accounts order by sequence`,
  dialingPermissions: `select account_sid, iso_code, low_risk, high_risk_special, high_risk_toll_fraud
    from dialing_permissions order by sequence`,
  blockedPrefixes: "select account_sid, prefix from blocked_prefixes order by sequence",
  doNotOriginatePrefixes: "select account_sid, prefix from do_not_originate_prefixes order by sequence",
  outgoingCallerIds: "select account_sid, phone_number from outgoing_caller_ids order by sequence",
  riskPrefixes: "select prefix, risk from risk_prefixes order by sequence",
  trunks: `select sid, account_sid, friendly_name, domain_label, secure, source_policy, first_response_seconds,
      progress_seconds, ring_seconds, failover_overrides, transfer_mode, transfer_caller_id, maximum_duration_seconds, calls_per_second,
      concurrent_calls, media_dscp, tls_peer_authorities, tls_peer_names, codecs,
      termination_header_policy_sid, origination_header_policy_sid, caller_id_policy
    from trunks order by sequence`,
  headerPolicies: `select sid, rules from header_policies
    where sid in (select termination_header_policy_sid from trunks union select origination_header_policy_sid from trunks)`,
  originationUrls: `select trunk_sid, sid, sip_url as "sipUrl", priority, weight, enabled
    from origination_urls order by sequence`,
  accessControlLists: `select sid, connection_sid as "connectionSid"
    from ip_access_control_lists order by sequence`,
  networks: `select ip_access_control_list_sid as list_sid, network::text as network
    from ip_addresses order by sequence`,
  attachedAccessControlLists: `select trunk_sid, ip_access_control_list_sid as list_sid
    from trunk_ip_access_control_lists order by sequence`,
  credentialLists: "select sid, algorithm from credential_lists order by sequence",
  credentials: `select credential_list_sid as list_sid, username, ha1_encrypted
    from credentials order by sequence`,
  attachedCredentialLists: `select trunk_sid, credential_list_sid as list_sid
    from trunk_credential_lists order by sequence`,
  numbers: `select sid, account_sid as "accountSid", trunk_sid as "trunkSid", phone_number as "phoneNumber"
    from incoming_phone_numbers order by sequence`,
  carriers: `select sid, friendly_name, enabled, username, password_encrypted, registrar_url, address_of_record,
      registration_expires_seconds, source_policy, first_response_seconds, progress_seconds, ring_seconds,
      failover_overrides, tls_peer_authorities, tls_peer_names, codecs, identity
    from carriers order by sequence`,
  carrierGateways: `select carrier_sid, sid, sip_url as "sipUrl", priority, weight, enabled, edge
    from carrier_gateways order by sequence`,
  carrierRoutes: "select carrier_sid, prefix, priority, weight from carrier_routes order by sequence",
  carrierSources: "select carrier_sid, network::text as network from carrier_sources order by sequence",
  gateways: "select name, edge, interfaces from gateways where edge is not null order by sequence",
  connections: `select sid, account_sid as "accountSid", friendly_name as "friendlyName", type, edge, status, fallback,
      device, host(next_hop) as "nextHop", line_number
    from connections where status <> 'pending-deletion' order by sequence`,
  connectionRoutes: `select connection_sid, network::text as network
    from connection_routes order by sequence`,
  connectionShares: "select connection_sid, account_sid from connection_shares order by sequence",
};

/** Undefined when there is no installation yet. */
export async function readSnapshotRows(transaction: Queryable): Promise<SnapshotRows | undefined> {
  const installation = await findInstallation(transaction);
  if (installation === undefined) return undefined;
  const rows: Record<string, unknown> = { installation };
  for (const [name, sql] of Object.entries(statements)) rows[name] = await transaction.query(sql);
  return rows as unknown as SnapshotRows;
}
