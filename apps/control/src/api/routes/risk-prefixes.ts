import {
  countRiskPrefixes,
  createSid,
  deleteRiskPrefix,
  findRiskPrefix,
  insertRiskPrefix,
  listRiskPrefixes,
  lockAccount,
  type RiskPrefixRow,
  updateRiskPrefix,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { iso8601 } from "../conventions/dates.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, OneOf, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { checkLimit, refusing } from "../rules/constraints.ts";
import { checkNumberPrefix } from "../rules/number-prefix.ts";

const Risk = OneOf(["low-risk", "high-risk-special", "high-risk-toll-fraud"]);

const CreateParameters = Type.Object({
  Prefix: Type.String({
    description: "+ and 1 to 15 digits. The longest prefix of a number says its class.",
  }),
  Risk,
  FriendlyName: Type.Optional(Type.String({ maxLength: nameLengths.prefix })),
});
const UpdateParameters = Type.Partial(Type.Omit(CreateParameters, ["Prefix"]));

const RiskPrefix = Type.Object({
  sid: Type.String(),
  prefix: Type.String(),
  risk: Risk,
  friendly_name: Type.String(),
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
});

const path = "/DialingPermissions/RiskPrefixes";
const params = PathSids({ Sid: "DR" });
const tags = ["dialing-permissions"];

/** Classes of numbers where the operator goes another way than the list that the exchange ships with; all the operator's. */
export const riskPrefixRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

const addReads: Routes = (scope, { database, publicUrl }) => {
  scope.get(
    path,
    {
      schema: {
        operationId: "ListRiskPrefix",
        tags,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1("risk_prefixes", RiskPrefix)),
      },
    },
    async (request) => {
      requireOperator(request.caller);
      const wanted = pageRequestOf(request);
      const page = await listRiskPrefixes(database, wanted.window);
      return pageV1(publicUrl, "risk_prefixes", wanted, page, (row) => present(row, publicUrl));
    },
  );

  scope.get(
    `${path}/:Sid`,
    { schema: { operationId: "FetchRiskPrefix", tags, params, response: answers(200, RiskPrefix) } },
    async (request) => {
      requireOperator(request.caller);
      return present(found(await findRiskPrefix(database, request.params.Sid)), publicUrl);
    },
  );
};

const addWrites: Routes = (scope, context) => {
  const { publicUrl } = context;
  scope.post(
    path,
    {
      schema: {
        operationId: "CreateRiskPrefix",
        tags,
        body: CreateParameters,
        response: answers(201, RiskPrefix),
      },
    },
    async (request, reply) => {
      requireOperator(request.caller);
      const row = await create(context, request.accountSid, request.body);
      reply.code(201);
      return present(row, publicUrl);
    },
  );

  scope.post(
    `${path}/:Sid`,
    {
      schema: {
        operationId: "UpdateRiskPrefix",
        tags,
        params,
        body: UpdateParameters,
        response: answers(200, RiskPrefix),
      },
    },
    async (request) => {
      requireOperator(request.caller);
      const { Risk: risk, FriendlyName: friendly_name } = request.body;
      const row = await context.change(async (transaction) =>
        found(await updateRiskPrefix(transaction, request.params.Sid, { risk, friendly_name })),
      );
      return present(row, publicUrl);
    },
  );

  scope.delete(
    `${path}/:Sid`,
    { schema: { operationId: "DeleteRiskPrefix", tags, params, response: answersNothing } },
    async (request, reply) => {
      requireOperator(request.caller);
      await context.change(async (transaction) => {
        if (!(await deleteRiskPrefix(transaction, request.params.Sid))) throw new ApiError("notFound");
      });
      return reply.code(204).send();
    },
  );
};

function create(
  context: RouteContext,
  operatorSid: string,
  body: Static<typeof CreateParameters>,
): Promise<RiskPrefixRow> {
  const { Prefix: prefix, Risk: risk, FriendlyName: friendly_name } = body;
  checkNumberPrefix(prefix);
  return context.change(async (transaction) => {
    await lockAccount(transaction, operatorSid);
    const count = await countRiskPrefixes(transaction);
    checkLimit(count, context.limits.prefixesOfExchange, "tooManyNumberPrefixes");
    return refusing({ risk_prefixes_prefix: "conflict" }, () =>
      insertRiskPrefix(transaction, { sid: createSid("DR"), prefix, risk, friendly_name }),
    );
  });
}

function present(row: RiskPrefixRow, publicUrl: string): Static<typeof RiskPrefix> {
  return {
    sid: row.sid,
    prefix: row.prefix,
    risk: row.risk,
    friendly_name: row.friendly_name,
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_updated),
    url: `${publicUrl}/v1${path}/${row.sid}`,
  };
}
