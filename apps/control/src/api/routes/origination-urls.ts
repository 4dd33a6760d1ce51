import {
  countOriginationUrls,
  createSid,
  deleteOriginationUrl,
  findOriginationUrl,
  findTrunk,
  insertOriginationUrl,
  listOriginationUrls,
  lockTrunk,
  type OriginationUrlRow,
  updateOriginationUrl,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { iso8601 } from "../conventions/dates.ts";
import { trunkUrl } from "../conventions/locations.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { checkLimit } from "../rules/constraints.ts";
import { checkSipUrl } from "../rules/sip-url.ts";

const CreateParameters = Type.Object({
  Weight: Type.Integer({ minimum: 1, maximum: 65_535, description: "Share among URLs of equal priority." }),
  Priority: Type.Integer({ minimum: 0, maximum: 65_535, description: "The lowest is tried first." }),
  Enabled: Type.Boolean(),
  FriendlyName: Type.String({ maxLength: nameLengths.originationUrl }),
  SipUrl: Type.String(),
});
const UpdateParameters = Type.Partial(CreateParameters);

const OriginationUrl = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  trunk_sid: Type.String(),
  friendly_name: Type.String(),
  sip_url: Type.String(),
  priority: Type.Integer(),
  weight: Type.Integer(),
  enabled: Type.Boolean(),
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
});

const path = "/Trunks/:TrunkSid/OriginationUrls";
const params = PathSids({ TrunkSid: "TK" });
const itemParams = PathSids({ TrunkSid: "TK", Sid: "OU" });
const tags = ["origination-urls"];

/** Origination URLs of a trunk. */
export const originationUrlRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

const addReads: Routes = (scope, context) => {
  scope.get(
    path,
    {
      schema: {
        operationId: "ListOriginationUrl",
        tags,
        params,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1("origination_urls", OriginationUrl)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const trunk = found(await findTrunk(context.database, request.accountSid, request.params.TrunkSid));
      const page = await listOriginationUrls(context.database, trunk.sid, wanted.window);
      const present = presenter(context.publicUrl, request.accountSid);
      return pageV1(context.publicUrl, "origination_urls", wanted, page, present);
    },
  );

  scope.get(
    `${path}/:Sid`,
    {
      schema: {
        operationId: "FetchOriginationUrl",
        tags,
        params: itemParams,
        response: answers(200, OriginationUrl),
      },
    },
    async (request) => {
      const trunk = found(await findTrunk(context.database, request.accountSid, request.params.TrunkSid));
      const row = found(await findOriginationUrl(context.database, trunk.sid, request.params.Sid));
      return presenter(context.publicUrl, request.accountSid)(row);
    },
  );
};

const addWrites: Routes = (scope, context) => {
  scope.post(
    path,
    {
      schema: {
        operationId: "CreateOriginationUrl",
        tags,
        params,
        body: CreateParameters,
        response: answers(201, OriginationUrl),
      },
    },
    async (request, reply) => {
      const row = await create(context, request.accountSid, request.params.TrunkSid, request.body);
      reply.code(201);
      return presenter(context.publicUrl, request.accountSid)(row);
    },
  );

  scope.post(
    `${path}/:Sid`,
    {
      schema: {
        operationId: "UpdateOriginationUrl",
        tags,
        params: itemParams,
        body: UpdateParameters,
        response: answers(200, OriginationUrl),
      },
    },
    async (request) => {
      const row = await change(context, request.accountSid, request.params, request.body);
      return presenter(context.publicUrl, request.accountSid)(row);
    },
  );

  scope.delete(
    `${path}/:Sid`,
    { schema: { operationId: "DeleteOriginationUrl", tags, params: itemParams, response: answersNothing } },
    async (request, reply) => {
      const { TrunkSid, Sid } = request.params;
      await context.change(async (transaction) => {
        const trunk = found(await findTrunk(transaction, request.accountSid, TrunkSid));
        if (!(await deleteOriginationUrl(transaction, trunk.sid, Sid))) throw new ApiError("notFound");
      });
      return reply.code(204).send();
    },
  );
};

function create(
  context: RouteContext,
  accountSid: string,
  trunkSid: string,
  body: Static<typeof CreateParameters>,
): Promise<OriginationUrlRow> {
  return context.change(async (transaction) => {
    if (!(await lockTrunk(transaction, accountSid, trunkSid))) throw new ApiError("notFound");
    const count = await countOriginationUrls(transaction, trunkSid);
    checkLimit(count, context.limits.originationUrlsPerTrunk, "tooManyOriginationUrls");
    await checkSipUrl(transaction, body.SipUrl);
    return insertOriginationUrl(
      transaction,
      { sid: createSid("OU"), trunk_sid: trunkSid },
      {
        friendly_name: body.FriendlyName,
        sip_url: body.SipUrl,
        priority: body.Priority,
        weight: body.Weight,
        enabled: body.Enabled,
      },
    );
  });
}

function change(
  context: RouteContext,
  accountSid: string,
  sids: { readonly TrunkSid: string; readonly Sid: string },
  body: Static<typeof UpdateParameters>,
): Promise<OriginationUrlRow> {
  return context.change(async (transaction) => {
    found(await findTrunk(transaction, accountSid, sids.TrunkSid));
    found(await findOriginationUrl(transaction, sids.TrunkSid, sids.Sid));
    if (body.SipUrl !== undefined) await checkSipUrl(transaction, body.SipUrl);
    const changed = await updateOriginationUrl(transaction, sids.Sid, {
      friendly_name: body.FriendlyName,
      sip_url: body.SipUrl,
      priority: body.Priority,
      weight: body.Weight,
      enabled: body.Enabled,
    });
    return found(changed);
  });
}

function presenter(
  publicUrl: string,
  accountSid: string,
): (row: OriginationUrlRow) => Static<typeof OriginationUrl> {
  return (row) => ({
    sid: row.sid,
    account_sid: accountSid,
    trunk_sid: row.trunk_sid,
    friendly_name: row.friendly_name,
    sip_url: row.sip_url,
    priority: row.priority,
    weight: row.weight,
    enabled: row.enabled,
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_updated),
    url: `${trunkUrl(publicUrl, row.trunk_sid)}/OriginationUrls/${row.sid}`,
  });
}
