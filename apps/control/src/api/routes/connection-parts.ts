/** What belongs to a private line: its history, its secrets, the subaccounts that share it. */
import {
  type ConnectionShareRow,
  countConnectionShares,
  deleteConnectionShare,
  findAccount,
  findConnection,
  findConnectionSecrets,
  findConnectionShare,
  insertConnectionShare,
  isNamedByAccessControlList,
  listConnectionShares,
  listConnectionTransitions,
  lockConnection,
  type Queryable,
} from "@tandem/database";
import type { FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
import { purposes } from "../../secrets/index.ts";
import { ApiError, found } from "../conventions/api-error.ts";
import { iso8601 } from "../conventions/dates.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, Nullable } from "../conventions/parameters.ts";
import type { RouteContext, RouteScope, Routes } from "../conventions/route-scope.ts";
import { accessibleConnection, connectionSidOf, ownConnection } from "../rules/connection-access.ts";
import { checkLimit, refusing } from "../rules/constraints.ts";
import { connectionUrl, presentTransition, Transition } from "./connection-resource.ts";

const path = "/Interconnect/Connections/:ConnectionSid";
const params = Type.Object({ ConnectionSid: Type.String() });
// Not `AccountSid`: a path with that is about an account which the caller acts for.
const shareParams = Type.Object({ ConnectionSid: Type.String(), Sid: Type.String() });
const tags = ["interconnect"];

const Secrets = Type.Object({
  connection_sid: Type.String(),
  bgp_password: Nullable(Type.String()),
  pre_shared_key: Nullable(Type.String()),
  url: Type.String(),
});

const Share = Type.Object({
  account_sid: Type.String(),
  connection_sid: Type.String(),
  date_created: Type.String(),
  url: Type.String(),
});

const ShareParameters = Type.Object({
  AccountSid: Type.Optional(Type.String({ description: "Required: a subaccount of the line's owner." })),
});

/** Transitions, secrets and shares of a private line. */
export const connectionPartRoutes: Routes = (scope, context) => {
  addTransitions(scope, context);
  addSecrets(scope, context);
  addShareReads(scope, context);
  addShareWrites(scope, context);
};

/** The line of the path, for those who may change it. */
async function ownLine(database: Queryable, request: FastifyRequest, find = findConnection) {
  const { ConnectionSid } = request.params as Static<typeof params>;
  const line = await find(database, connectionSidOf(ConnectionSid));
  return (await ownConnection(database, request, line)).row;
}

function addTransitions(scope: RouteScope, context: RouteContext): void {
  scope.get(
    `${path}/Transitions`,
    {
      schema: {
        operationId: "ListConnectionTransition",
        tags,
        params,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1("transitions", Transition)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const line = await findConnection(context.database, connectionSidOf(request.params.ConnectionSid));
      const { row } = await accessibleConnection(context.database, request, line);
      const page = await listConnectionTransitions(context.database, row.sid, wanted.window);
      return pageV1(context.publicUrl, "transitions", wanted, page, presentTransition);
    },
  );
}

function addSecrets(scope: RouteScope, context: RouteContext): void {
  const { database, box, publicUrl, logger } = context;
  scope.get(
    `${path}/Secrets`,
    { schema: { operationId: "FetchConnectionSecrets", tags, params, response: answers(200, Secrets) } },
    async (request, reply): Promise<Static<typeof Secrets>> => {
      const { sid } = await ownLine(database, request);
      reply.header("Cache-Control", "no-store");
      const sealed = found(await findConnectionSecrets(database, sid));
      const open = (value: Uint8Array | null, purpose: string) =>
        value === null ? null : box.open(value, purpose);
      const secrets = {
        connection_sid: sid,
        bgp_password: open(sealed.bgp_password_encrypted, purposes.bgpPassword(sid)),
        pre_shared_key: open(sealed.pre_shared_key_encrypted, purposes.preSharedKey(sid)),
        url: `${connectionUrl(publicUrl, sid)}/Secrets`,
      };
      const { accountSid, keySid } = request.caller;
      logger.info("connection-secrets-read", { connection: sid, account: accountSid, key: keySid ?? null });
      return secrets;
    },
  );
}

function addShareReads(scope: RouteScope, context: RouteContext): void {
  const { database, publicUrl } = context;
  scope.get(
    `${path}/Shares`,
    {
      schema: {
        operationId: "ListConnectionShare",
        tags,
        params,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1("shares", Share)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const { sid } = await ownLine(database, request);
      const page = await listConnectionShares(database, sid, wanted.window);
      return pageV1(publicUrl, "shares", wanted, page, (row) => presentShare(row, publicUrl));
    },
  );
  scope.get(
    `${path}/Shares/:Sid`,
    {
      schema: {
        operationId: "FetchConnectionShare",
        tags,
        params: shareParams,
        response: answers(200, Share),
      },
    },
    async (request) => {
      const { sid } = await ownLine(database, request);
      const share = await findConnectionShare(database, sid, request.params.Sid);
      return presentShare(found(share), publicUrl);
    },
  );
}

function addShareWrites(scope: RouteScope, context: RouteContext): void {
  const { publicUrl } = context;
  scope.post(
    `${path}/Shares`,
    {
      schema: {
        operationId: "CreateConnectionShare",
        tags,
        params,
        body: ShareParameters,
        response: answers(201, Share),
      },
    },
    async (request, reply) => {
      const share = await createShare(context, request, request.body.AccountSid ?? "");
      reply.code(201);
      return presentShare(share, publicUrl);
    },
  );
  scope.delete(
    `${path}/Shares/:Sid`,
    {
      schema: { operationId: "DeleteConnectionShare", tags, params: shareParams, response: answersNothing },
    },
    async (request, reply) => {
      const { Sid: accountSid } = request.params;
      await context.change(async (transaction) => {
        const { sid } = await ownLine(transaction, request, lockConnection);
        // A list of the subaccount would name a line that is none of its business any more.
        if (await isNamedByAccessControlList(transaction, sid, accountSid)) {
          throw new ApiError("connectionInUse");
        }
        if (!(await deleteConnectionShare(transaction, sid, accountSid))) throw new ApiError("notFound");
      });
      return reply.code(204).send();
    },
  );
}

function createShare(
  context: RouteContext,
  request: FastifyRequest,
  accountSid: string,
): Promise<ConnectionShareRow> {
  return context.change(async (transaction) => {
    const row = await ownLine(transaction, request, lockConnection);
    if (row.status === "pending-deletion") throw new ApiError("connectionPendingDeletion");
    if (accountSid === "") throw new ApiError("accountSidMissing");
    const account = await findAccount(transaction, accountSid);
    if (account?.parent_account_sid !== row.account_sid) throw new ApiError("notASubaccount");
    const count = await countConnectionShares(transaction, row.sid);
    checkLimit(count, context.limits.sharesPerConnection, "tooManyConnectionShares");
    await refusing({ connection_shares_once: "conflict" }, () =>
      insertConnectionShare(transaction, row.sid, accountSid),
    );
    return found(await findConnectionShare(transaction, row.sid, accountSid));
  });
}

function presentShare(row: ConnectionShareRow, publicUrl: string): Static<typeof Share> {
  return {
    account_sid: row.account_sid,
    connection_sid: row.connection_sid,
    date_created: iso8601(row.date_created),
    url: `${connectionUrl(publicUrl, row.connection_sid)}/Shares/${row.account_sid}`,
  };
}
