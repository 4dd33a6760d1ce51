import { HeaderRules } from "@tandem/contracts";
import {
  countHeaderPolicies,
  createSid,
  deleteHeaderPolicy,
  findHeaderPolicy,
  type HeaderPolicyRow,
  insertHeaderPolicy,
  listHeaderPolicies,
  lockAccount,
  updateHeaderPolicy,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { iso8601 } from "../conventions/dates.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { checkLimit, refusing } from "../rules/constraints.ts";
import { maximumRulesCharacters, readHeaderRules } from "../rules/header-rules.ts";

const HeaderPolicy = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  friendly_name: Type.String(),
  rules: HeaderRules,
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
});
const CreateParameters = Type.Object({
  FriendlyName: Type.Optional(Type.String({ maxLength: nameLengths.headerPolicy })),
  Rules: Type.String({ maxLength: maximumRulesCharacters, description: "JSON, an array of rules." }),
});
const UpdateParameters = Type.Partial(CreateParameters);

const path = "/HeaderPolicies";
const params = PathSids({ Sid: "HP" });
const tags = ["header-policies"];
const inUse = {
  trunks_termination_header_policy: "conflict",
  trunks_origination_header_policy: "conflict",
} as const;

/** Header policies of an account; its trunks name them. */
export const headerPolicyRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

const addReads: Routes = (scope, context) => {
  scope.get(
    path,
    {
      schema: {
        operationId: "ListHeaderPolicy",
        tags,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1("header_policies", HeaderPolicy)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const page = await listHeaderPolicies(context.database, request.accountSid, wanted.window);
      return pageV1(context.publicUrl, "header_policies", wanted, page, (row) =>
        present(row, context.publicUrl),
      );
    },
  );

  scope.get(
    `${path}/:Sid`,
    { schema: { operationId: "FetchHeaderPolicy", tags, params, response: answers(200, HeaderPolicy) } },
    async (request) => {
      const row = await findHeaderPolicy(context.database, request.accountSid, request.params.Sid);
      return present(found(row), context.publicUrl);
    },
  );
};

const addWrites: Routes = (scope, context) => {
  scope.post(
    path,
    {
      schema: {
        operationId: "CreateHeaderPolicy",
        tags,
        body: CreateParameters,
        response: answers(201, HeaderPolicy),
      },
    },
    async (request, reply) => {
      const row = await create(context, request.accountSid, request.body);
      reply.code(201);
      return present(row, context.publicUrl);
    },
  );

  scope.post(
    `${path}/:Sid`,
    {
      schema: {
        operationId: "UpdateHeaderPolicy",
        tags,
        params,
        body: UpdateParameters,
        response: answers(200, HeaderPolicy),
      },
    },
    async (request) => {
      const { accountSid, body, params: sids } = request;
      const row = await context.change(async (transaction) => {
        found(await findHeaderPolicy(transaction, accountSid, sids.Sid));
        await updateHeaderPolicy(transaction, sids.Sid, valuesOf(body));
        return found(await findHeaderPolicy(transaction, accountSid, sids.Sid));
      });
      return present(row, context.publicUrl);
    },
  );

  scope.delete(
    `${path}/:Sid`,
    { schema: { operationId: "DeleteHeaderPolicy", tags, params, response: answersNothing } },
    async (request, reply) => {
      const { accountSid, params: sids } = request;
      await context.change(async (transaction) => {
        const isGone = await refusing(inUse, () => deleteHeaderPolicy(transaction, accountSid, sids.Sid));
        if (!isGone) throw new ApiError("notFound");
      });
      return reply.code(204).send();
    },
  );
};

function create(
  context: RouteContext,
  accountSid: string,
  body: Static<typeof CreateParameters>,
): Promise<HeaderPolicyRow> {
  const values = valuesOf(body);
  return context.change(async (transaction) => {
    await lockAccount(transaction, accountSid);
    const { headerPoliciesPerAccount: limit } = context.limits;
    checkLimit(await countHeaderPolicies(transaction, accountSid), limit, "tooManyHeaderPolicies");
    const sid = createSid("HP");
    await insertHeaderPolicy(transaction, { sid, account_sid: accountSid }, values);
    return found(await findHeaderPolicy(transaction, accountSid, sid));
  });
}

function valuesOf({ FriendlyName, Rules }: Static<typeof UpdateParameters>) {
  return { friendly_name: FriendlyName, rules: Rules === undefined ? undefined : readHeaderRules(Rules) };
}

function present(row: HeaderPolicyRow, publicUrl: string): Static<typeof HeaderPolicy> {
  return {
    sid: row.sid,
    account_sid: row.account_sid,
    friendly_name: row.friendly_name,
    rules: row.rules,
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_updated),
    url: `${publicUrl}/v1${path}/${row.sid}`,
  };
}
