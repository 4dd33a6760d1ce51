import {
  type AttemptTimers,
  type BackboneKey,
  type CallerIdPolicy,
  type HeaderRules,
  type Snapshot,
  type SnapshotAccount,
  type SnapshotCarrier,
  type SnapshotConnection,
  type SnapshotCredentialList,
  type SnapshotIpAccessControlList,
  type SnapshotTrunk,
  snapshotFormatVersion,
  type TlsPeer,
} from "@tandem/contracts";
import {
  type Database,
  readSnapshotRows,
  type SnapshotAccountRow,
  type SnapshotCarrierRow,
  type SnapshotRows,
  type SnapshotTrunkRow,
} from "@tandem/database";
import { lineAddressOf, routingTableOf } from "../interconnect/index.ts";
import { openBackboneKeys, openNonceKeys, purposes, type SecretBox } from "../secrets/index.ts";
import { accountDestinationsOf, destinationsOf } from "./compile-destinations.ts";

/** Reads one state of the database and makes the snapshot of it. Undefined: nothing is installed yet. */
export async function compileSnapshot(database: Database, box: SecretBox): Promise<Snapshot | undefined> {
  const rows = await database.transaction(readSnapshotRows, { isolation: "repeatable read" });
  return rows === undefined ? undefined : snapshotOf(rows, box);
}

/** Pure. Lists keep the order in which their rows were made. Throws a `SealError` with the wrong key. */
export function snapshotOf(rows: SnapshotRows, box: SecretBox): Snapshot {
  const { installation } = rows;
  return {
    formatVersion: snapshotFormatVersion,
    version: installation.snapshot_version,
    baseDomain: installation.base_domain,
    realm: installation.realm,
    edges: [...rows.edges],
    accounts: accountsOf(rows),
    trunks: trunksOf(rows),
    ipAccessControlLists: accessControlListsOf(rows),
    credentialLists: credentialListsOf(rows, box),
    numbers: [...rows.numbers],
    carriers: carriersOf(rows, box),
    nonceKeys: openNonceKeys(box, installation.nonce_keys_encrypted).map(keyOf),
    regions: [...rows.regions],
    gateways: [...rows.gateways],
    connections: connectionsOf(rows),
    backboneKeys: backboneKeysOf(rows, box),
    destinations: destinationsOf(rows),
  };
}

function accountsOf(rows: SnapshotRows): SnapshotAccount[] {
  const destinationsOfAccount = accountDestinationsOf(rows);
  const callerIds = Map.groupBy(rows.outgoingCallerIds, (row) => row.account_sid);
  return rows.accounts.map((row) => {
    const { parent_account_sid: parentSid, calls_per_second: callsPerSecond } = row;
    return {
      sid: row.sid,
      status: row.status,
      compatibility: row.compatibility,
      ...(parentSid === null ? {} : { parentSid }),
      ...(callsPerSecond === null ? {} : { callsPerSecond }),
      ...destinationsOfAccount(row),
      ...callerIdPolicyOf(row),
      ...verifiedCallerIdsOf(callerIds.get(row.sid)),
    };
  });
}

/** What it means when left out is left out: gateways of an earlier version see no change. */
function callerIdPolicyOf({ caller_id_policy: policy }: SnapshotTrunkRow | SnapshotAccountRow): {
  readonly callerIdPolicy?: CallerIdPolicy;
} {
  return policy === "any" ? {} : { callerIdPolicy: policy };
}

function verifiedCallerIdsOf(
  rows: SnapshotRows["outgoingCallerIds"] | undefined,
): Pick<SnapshotAccount, "verifiedCallerIds"> {
  return rows === undefined ? {} : { verifiedCallerIds: rows.map((row) => row.phone_number) };
}

function trunksOf(rows: SnapshotRows): SnapshotTrunk[] {
  const urls = Map.groupBy(rows.originationUrls, (url) => url.trunk_sid);
  const accessControlLists = Map.groupBy(rows.attachedAccessControlLists, (row) => row.trunk_sid);
  const credentialLists = Map.groupBy(rows.attachedCredentialLists, (row) => row.trunk_sid);
  const headerPolicies = new Map(rows.headerPolicies.map(({ sid, rules }) => [sid, rules]));
  return rows.trunks.map((row) => ({
    sid: row.sid,
    accountSid: row.account_sid,
    friendlyName: row.friendly_name,
    domainLabel: row.domain_label,
    secure: row.secure,
    ...tlsPeerOf(row),
    sourcePolicy: row.source_policy,
    ipAccessControlListSids: (accessControlLists.get(row.sid) ?? []).map((attached) => attached.list_sid),
    credentialListSids: (credentialLists.get(row.sid) ?? []).map((attached) => attached.list_sid),
    originationUrls: (urls.get(row.sid) ?? []).map(({ trunk_sid: _trunk, ...url }) => url),
    timers: timersOf(row),
    failoverOverrides: row.failover_overrides,
    transferMode: row.transfer_mode,
    transferCallerId: row.transfer_caller_id,
    maximumDurationSeconds: row.maximum_duration_seconds,
    mediaDscp: row.media_dscp,
    ...codecsOf(row),
    ...headerRulesOf(row, headerPolicies),
    ...callerIdPolicyOf(row),
    callsPerSecond: row.calls_per_second,
    concurrentCalls: row.concurrent_calls,
  }));
}

function headerRulesOf(
  row: SnapshotTrunkRow,
  policies: ReadonlyMap<string, HeaderRules>,
): Pick<SnapshotTrunk, "headerRules"> {
  const termination = policies.get(row.termination_header_policy_sid ?? "");
  const origination = policies.get(row.origination_header_policy_sid ?? "");
  if (termination === undefined && origination === undefined) return {};
  return { headerRules: { ...(termination && { termination }), ...(origination && { origination }) } };
}

function accessControlListsOf(rows: SnapshotRows): SnapshotIpAccessControlList[] {
  const networks = Map.groupBy(rows.networks, (row) => row.list_sid);
  return rows.accessControlLists.map(({ sid, connectionSid }) => ({
    sid,
    connectionSid,
    networks: (networks.get(sid) ?? []).map((row) => row.network),
  }));
}

/** Gateways see lines in every state but the last, so that they can tell one that is not active from an unknown one. */
function connectionsOf(rows: SnapshotRows): SnapshotConnection[] {
  const routes = Map.groupBy(rows.connectionRoutes, (row) => row.connection_sid);
  const shares = Map.groupBy(rows.connectionShares, (row) => row.connection_sid);
  return rows.connections.map(({ line_number: lineNumber, ...row }) => ({
    ...row,
    sharedAccountSids: (shares.get(row.sid) ?? []).map((share) => share.account_sid),
    routes: (routes.get(row.sid) ?? []).map((route) => route.network),
    localAddress: lineAddressOf(rows.installation.line_pool, lineNumber),
    routingTable: routingTableOf(lineNumber),
  }));
}

/** None in an installation of an older version, until control has started once. */
function backboneKeysOf({ installation }: SnapshotRows, box: SecretBox): BackboneKey[] {
  const sealed = installation.backbone_keys_encrypted;
  return sealed === null ? [] : openBackboneKeys(box, sealed).map(keyOf);
}

function keyOf({ id, secret }: { readonly id: number; readonly secret: string }) {
  return { id, secret };
}

function credentialListsOf(rows: SnapshotRows, box: SecretBox): SnapshotCredentialList[] {
  const credentials = Map.groupBy(rows.credentials, (row) => row.list_sid);
  return rows.credentialLists.map(({ sid, algorithm }) => ({
    sid,
    algorithm,
    credentials: (credentials.get(sid) ?? []).map((row) => ({
      username: row.username,
      ha1: box.open(row.ha1_encrypted, purposes.ha1),
    })),
  }));
}

function carriersOf(rows: SnapshotRows, box: SecretBox): SnapshotCarrier[] {
  const gateways = Map.groupBy(rows.carrierGateways, (row) => row.carrier_sid);
  const routes = Map.groupBy(rows.carrierRoutes, (row) => row.carrier_sid);
  const sources = Map.groupBy(rows.carrierSources, (row) => row.carrier_sid);
  return rows.carriers.map((row) => ({
    sid: row.sid,
    friendlyName: row.friendly_name,
    enabled: row.enabled,
    sourceNetworks: (sources.get(row.sid) ?? []).map((source) => source.network),
    gateways: (gateways.get(row.sid) ?? []).map(({ carrier_sid: _carrier, ...gateway }) => gateway),
    routes: (routes.get(row.sid) ?? []).map(({ carrier_sid: _carrier, ...route }) => route),
    credentials: carrierCredentialsOf(row, box),
    registration: registrationOf(row),
    sourcePolicy: row.source_policy,
    timers: timersOf(row),
    failoverOverrides: row.failover_overrides,
    ...tlsPeerOf(row),
    ...codecsOf(row),
    // What it means when left out: gateways of an earlier version see no change.
    ...(row.identity === "pass" ? {} : { identity: row.identity }),
  }));
}

function codecsOf({ codecs }: SnapshotTrunkRow | SnapshotCarrierRow): { readonly codecs?: string[] } {
  return codecs.length === 0 ? {} : { codecs: [...codecs] };
}

function tlsPeerOf(row: SnapshotTrunkRow | SnapshotCarrierRow): { readonly tlsPeer?: TlsPeer } {
  const { tls_peer_authorities: authorities, tls_peer_names: names } = row;
  return authorities === null ? {} : { tlsPeer: { authorities, names: [...names] } };
}

function carrierCredentialsOf(row: SnapshotCarrierRow, box: SecretBox): SnapshotCarrier["credentials"] {
  if (row.username === null || row.password_encrypted === null) return null;
  return {
    username: row.username,
    password: box.open(row.password_encrypted, purposes.carrierPassword(row.sid)),
  };
}

function registrationOf(row: SnapshotCarrierRow): SnapshotCarrier["registration"] {
  const { registrar_url: registrarUrl, address_of_record: addressOfRecord } = row;
  const expiresSeconds = row.registration_expires_seconds;
  if (registrarUrl === null || addressOfRecord === null || expiresSeconds === null) return null;
  return { registrarUrl, addressOfRecord, expiresSeconds };
}

function timersOf(row: SnapshotTrunkRow | SnapshotCarrierRow): AttemptTimers {
  return {
    firstResponseSeconds: row.first_response_seconds,
    progressSeconds: row.progress_seconds,
    ringSeconds: row.ring_seconds,
  };
}
