/** Creation and change of a private line, each in one transaction. */
import {
  type ConnectionRow,
  countConnections,
  createSid,
  findAccount,
  findConnection,
  findEdge,
  findInstallation,
  insertConnection,
  insertConnectionTransition,
  isNamedByAccessControlList,
  lockAccount,
  lockConnection,
  lockConnectionAllotment,
  replaceConnectionRoutes,
  smallestFreeLineNumber,
  type Transaction,
  updateConnection,
} from "@tandem/database";
import {
  type LineEvent,
  lineNumbersOf,
  lineStateOf,
  missingParts,
  moveConnection,
  stepLine,
} from "../../interconnect/index.ts";
import type { Asker } from "../conventions/account-scope.ts";
import { ApiError } from "../conventions/api-error.ts";
import type { Caller } from "../conventions/authentication.ts";
import type { RouteContext } from "../conventions/route-scope.ts";
import { interconnectAccount, ownConnection } from "../rules/connection-access.ts";
import {
  bandwidthOf,
  checkOperatorParameters,
  connectionSecretsOf,
  connectionTypeOf,
  connectionValuesOf,
  privateEdgeOf,
} from "../rules/connection-values.ts";
import { checkLimit, refusing } from "../rules/constraints.ts";
import { type AddressPolicy, checkRouteOwners, ipRouteOf } from "../rules/ip-route.ts";
import type { CreateParameters, UpdateParameters } from "./connection-resource.ts";

const violations = { connections_device: "lineDeviceTaken", connections_edge: "exchangeNotFound" } as const;

export async function createConnection(
  context: RouteContext,
  asker: Asker,
  body: CreateParameters,
): Promise<ConnectionRow> {
  const accountSid = await interconnectAccount(context.database, asker, body.AccountSid);
  checkOperatorParameters(asker.caller, body);
  const type = connectionTypeOf(body.Type);
  const edge = await privateEdgeOf(context.database, body.Edge);
  const bandwidth = bandwidthOf(body.BandwidthMbps, edge);
  const nowMs = context.clock.wallMs();
  const created = await context.change(async (transaction) => {
    await lockConnectionAllotment(transaction);
    await lockAccount(transaction, accountSid);
    const owner = await findAccount(transaction, accountSid);
    if (owner?.status === "closed") throw new ApiError("interconnectAccountUnknown", "It is closed.");
    const count = await countConnections(transaction, accountSid);
    checkLimit(count, context.limits.connectionsPerAccount, "tooManyConnections");
    const policy = await policyOf(transaction, body.AllowPrivateAddresses ?? false);
    const identity = { sid: createSid("TX"), account_sid: accountSid };
    const before = { ...nothing, sid: identity.sid, type };
    const values = connectionValuesOf(body, before, policy, nowMs);
    const routes = await routesOf(transaction, context, accountSid, body.IpRoutes ?? [], policy);
    const vpnGateway = values.vpn_gateway_address ?? null;
    const missing = missingParts({ type, ip_routes: routes, vpn_gateway_address: vpnGateway });
    const status = missing.length > 0 ? "not-ready" : "inactive";
    const row = {
      device: `tx-${identity.sid.slice(2, 12)}`,
      ...withoutUndefined(values),
      ...connectionSecretsOf(body, before, context.box, true),
      type,
      edge: edge.name,
      bandwidth_mbps: bandwidth,
      status,
      line_number: await freeLineNumber(transaction, policy.linePool),
    } as const;
    await refusing(violations, () => insertConnection(transaction, identity, row));
    await replaceConnectionRoutes(transaction, identity.sid, routes);
    await insertConnectionTransition(transaction, {
      connection_sid: identity.sid,
      from_status: null,
      to_status: status,
      code: null,
      cause: missing.length > 0 ? `it was created and lacks ${missing.join(", ")}` : "it was created",
      date_created: new Date(nowMs),
    });
    return existing(await findConnection(transaction, identity.sid));
  });
  noteSecrets(context, asker.caller, created.sid, body);
  return created;
}

/** Who changed a secret stands in the log; the secret does not. */
function noteSecrets(context: RouteContext, caller: Caller, sid: string, body: UpdateParameters): void {
  const secrets = (["BgpPassword", "PreSharedKey"] as const).filter((name) => body[name] !== undefined);
  if (secrets.length === 0) return;
  const who = { account: caller.accountSid, key: caller.keySid ?? null };
  context.logger.info("connection-secrets-changed", { connection: sid, secrets, ...who });
}

const nothing = {
  vpn_gateway_address: null,
  mpls_carrier_sid: null,
  customer_peer_address: null,
  exchange_peer_address: null,
};

/** A default must not be covered by a value that was not given. */
function withoutUndefined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

async function freeLineNumber(transaction: Transaction, linePool: string): Promise<number> {
  const number = await smallestFreeLineNumber(transaction);
  if (number <= lineNumbersOf(linePool)) return number;
  throw new ApiError("networkOutOfCapacity", `The line pool ${linePool} is used up.`);
}

export async function changeConnection(
  context: RouteContext,
  asker: Asker,
  sid: string,
  body: UpdateParameters,
): Promise<ConnectionRow> {
  const nowMs = context.clock.wallMs();
  const changed = await context.change(async (transaction) => {
    await lockConnectionAllotment(transaction);
    const locked = await lockConnection(transaction, sid);
    const { row } = await ownConnection(transaction, asker, locked);
    checkOperatorParameters(asker.caller, body);
    checkChangeable(row, nowMs);
    if (Object.keys(body).length === 0) throw new ApiError("nothingToUpdate");
    const { Status: status, ...changes } = body;
    if (Object.keys(changes).length > 0) await applyChanges(transaction, context, row, changes, nowMs);
    const after = existing(await findConnection(transaction, sid));
    const missing = missingParts(after);
    await move(transaction, after, { kind: "changed", missing }, nowMs);
    if (status !== undefined) {
      const ready = existing(await findConnection(transaction, sid));
      await move(transaction, ready, statusEvent(status, missing), nowMs);
    }
    return existing(await findConnection(transaction, sid));
  });
  noteSecrets(context, asker.caller, sid, body);
  return changed;
}

/** Asks for the line's deletion; it goes when no gateway has it any more. */
export async function askForDeletion(context: RouteContext, asker: Asker, sid: string): Promise<void> {
  const nowMs = context.clock.wallMs();
  await context.change(async (transaction) => {
    const locked = await lockConnection(transaction, sid);
    const { row } = await ownConnection(transaction, asker, locked);
    if (await isNamedByAccessControlList(transaction, sid)) throw new ApiError("connectionInUse");
    await move(transaction, row, { kind: "deletion-asked" }, nowMs);
  });
}

function statusEvent(status: "active" | "inactive", missing: readonly string[]): LineEvent {
  return status === "active" ? { kind: "activation-asked", missing } : { kind: "deactivation-asked" };
}

/** The watcher may not have seen yet that the line's time is up. */
function checkChangeable(row: ConnectionRow, nowMs: number): void {
  if (row.status === "pending-deletion") throw new ApiError("connectionPendingDeletion");
  const isExpired = row.expires_at !== null && row.expires_at.getTime() <= nowMs;
  if (row.status === "expired" || isExpired) throw new ApiError("connectionExpired");
  if (row.owner_status === "closed") throw new ApiError("connectionOrphaned", "Its account is closed.");
}

async function applyChanges(
  transaction: Transaction,
  context: RouteContext,
  row: ConnectionRow,
  body: Omit<UpdateParameters, "Status">,
  nowMs: number,
): Promise<void> {
  const policy = await policyOf(transaction, body.AllowPrivateAddresses ?? row.allow_private_addresses);
  const edge = existing(await findEdge(transaction, row.edge));
  const values = {
    ...connectionValuesOf(body, row, policy, nowMs),
    ...connectionSecretsOf(body, row, context.box, false),
    bandwidth_mbps: body.BandwidthMbps === undefined ? undefined : bandwidthOf(body.BandwidthMbps, edge),
  };
  await refusing(violations, () => updateConnection(transaction, row.sid, values));
  // Routes that stay are judged, too, when the permission for private addresses changes.
  if (body.IpRoutes === undefined && body.AllowPrivateAddresses === undefined) return;
  const given = body.IpRoutes ?? row.ip_routes;
  const routes = await routesOf(transaction, context, row.account_sid, given, policy);
  await replaceConnectionRoutes(transaction, row.sid, routes);
}

async function policyOf(transaction: Transaction, allowPrivate: boolean): Promise<AddressPolicy> {
  return { allowPrivate, linePool: existing(await findInstallation(transaction)).line_pool };
}

/** `IpRoutes=` alone takes all routes away. */
async function routesOf(
  transaction: Transaction,
  context: RouteContext,
  accountSid: string,
  given: readonly string[],
  policy: AddressPolicy,
): Promise<readonly string[]> {
  const isNone = given.length === 1 && given[0] === "";
  const routes = isNone ? [] : [...new Set(given.map((text) => ipRouteOf(text, policy)))];
  if (routes.length > context.limits.ipRoutesPerConnection) {
    throw new ApiError("tooManyIpRoutes", `It is ${context.limits.ipRoutesPerConnection}.`);
  }
  await checkRouteOwners(transaction, accountSid, routes);
  return routes;
}

async function move(
  transaction: Transaction,
  row: ConnectionRow,
  event: LineEvent,
  nowMs: number,
): Promise<void> {
  const step = stepLine(lineStateOf(row), event);
  if (step.kind === "refused") throw new ApiError(step.error, step.particulars);
  if (step.kind === "moved") await moveConnection(transaction, row, step, nowMs);
}

/** What this transaction has locked or written is there. */
function existing<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a row that is locked has gone");
  return value;
}
