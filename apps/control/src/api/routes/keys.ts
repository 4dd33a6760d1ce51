import {
  type ApiKeyRow,
  countApiKeys,
  createAccessToken,
  createSid,
  deleteApiKey,
  findApiKey,
  hashAccessToken,
  insertApiKey,
  listApiKeys,
  lockAccount,
  renameApiKey,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { requireAccountToken } from "../conventions/authentication.ts";
import { rfc2822 } from "../conventions/dates.ts";
import { List2010, page2010, pageParameters, pageRequestOf } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { checkLimit } from "../rules/constraints.ts";

const Key = Type.Object({
  sid: Type.String(),
  friendly_name: Type.String(),
  date_created: Type.String(),
  date_updated: Type.String(),
});
const NewKey = Type.Object({ ...Key.properties, secret: Type.String({ description: "Shown this once." }) });
const Parameters = Type.Partial(Type.Object({ FriendlyName: Type.String({ maxLength: nameLengths.key }) }));

const path = "/Accounts/:AccountSid/Keys";
const params = PathSids({ AccountSid: "AC" });
const itemParams = PathSids({ AccountSid: "AC", Sid: "SK" });
const tags = ["keys"];

/** API keys of an account. They are no part of the routing configuration, so writes make no new snapshot. */
export const keyRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

const addReads: Routes = (scope, context) => {
  const { database } = context;

  scope.get(
    `${path}.json`,
    {
      schema: {
        operationId: "ListKey",
        tags,
        params,
        querystring: Type.Object(pageParameters),
        response: answers(200, List2010("keys", Key)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      return page2010(
        "keys",
        wanted,
        await listApiKeys(database, request.accountSid, wanted.window),
        present,
      );
    },
  );

  scope.get(
    `${path}/:Sid.json`,
    { schema: { operationId: "FetchKey", tags, params: itemParams, response: answers(200, Key) } },
    async (request) => present(found(await findApiKey(database, request.accountSid, request.params.Sid))),
  );
};

const addWrites: Routes = (scope, context) => {
  scope.post(
    `${path}.json`,
    {
      schema: { operationId: "CreateNewKey", tags, params, body: Parameters, response: answers(201, NewKey) },
    },
    async (request, reply) => {
      requireAccountToken(request.caller);
      const secret = createAccessToken();
      const row = await create(context, request.accountSid, request.body.FriendlyName ?? "", secret);
      reply.code(201);
      return { ...present(row), secret };
    },
  );

  scope.post(
    `${path}/:Sid.json`,
    {
      schema: {
        operationId: "UpdateKey",
        tags,
        params: itemParams,
        body: Parameters,
        response: answers(200, Key),
      },
    },
    async (request) => {
      requireAccountToken(request.caller);
      const { accountSid, params: sids, body } = request;
      const row = await context.changeUnpublished(async (transaction) => {
        found(await findApiKey(transaction, accountSid, sids.Sid));
        if (body.FriendlyName !== undefined) await renameApiKey(transaction, sids.Sid, body.FriendlyName);
        return found(await findApiKey(transaction, accountSid, sids.Sid));
      });
      return present(row);
    },
  );

  scope.delete(
    `${path}/:Sid.json`,
    { schema: { operationId: "DeleteKey", tags, params: itemParams, response: answersNothing } },
    async (request, reply) => {
      requireAccountToken(request.caller);
      await context.changeUnpublished(async (transaction) => {
        const isDeleted = await deleteApiKey(transaction, request.accountSid, request.params.Sid);
        if (!isDeleted) throw new ApiError("notFound");
      });
      return reply.code(204).send();
    },
  );
};

function create(
  context: RouteContext,
  accountSid: string,
  friendlyName: string,
  secret: string,
): Promise<ApiKeyRow> {
  return context.changeUnpublished(async (transaction) => {
    await lockAccount(transaction, accountSid);
    checkLimit(await countApiKeys(transaction, accountSid), context.limits.keysPerAccount, "forbidden");
    return insertApiKey(transaction, {
      sid: createSid("SK"),
      account_sid: accountSid,
      friendly_name: friendlyName,
      secret_hash: hashAccessToken(secret),
    });
  });
}

function present(row: ApiKeyRow): Static<typeof Key> {
  return {
    sid: row.sid,
    friendly_name: row.friendly_name,
    date_created: rfc2822(row.date_created),
    date_updated: rfc2822(row.date_updated),
  };
}
