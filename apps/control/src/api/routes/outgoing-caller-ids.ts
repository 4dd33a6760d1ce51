import {
  countOutgoingCallerIds,
  createSid,
  deleteOutgoingCallerId,
  findOutgoingCallerId,
  insertOutgoingCallerId,
  listOutgoingCallerIds,
  lockAccount,
  type OutgoingCallerIdRow,
  renameOutgoingCallerId,
} from "@tandem/database";
import { parseE164 } from "@tandem/numbering";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { rfc2822 } from "../conventions/dates.ts";
import { accountUri } from "../conventions/locations.ts";
import { List2010, page2010, pageParameters, pageRequestOf } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { checkLimit, refusing } from "../rules/constraints.ts";

const OutgoingCallerId = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  phone_number: Type.String(),
  friendly_name: Type.String(),
  date_created: Type.String(),
  date_updated: Type.String(),
  uri: Type.String(),
});
const FriendlyName = Type.Optional(Type.String({ maxLength: nameLengths.callerId }));
const CreateParameters = Type.Object({
  PhoneNumber: Type.String({ description: "E.164 with +." }),
  FriendlyName,
});
const UpdateParameters = Type.Object({ FriendlyName });

const path = "/Accounts/:AccountSid/OutgoingCallerIds";
const params = PathSids({ AccountSid: "AC" });
const itemParams = PathSids({ AccountSid: "AC", Sid: "PN" });
const tags = ["outgoing-caller-ids"];
const violations = { outgoing_caller_ids_once: "callerIdTaken" } as const;

/**
 * Verified caller IDs: numbers of others that an account may show. The operator writes them down, and answers for having
 * verified them: no validation call is placed.
 */
export const outgoingCallerIdRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

const addReads: Routes = (scope, { database }) => {
  const query = {
    PhoneNumber: Type.Optional(Type.String()),
    FriendlyName: Type.Optional(Type.String()),
    ...pageParameters,
  };
  scope.get(
    `${path}.json`,
    {
      schema: {
        operationId: "ListOutgoingCallerId",
        tags,
        params,
        querystring: Type.Object(query),
        response: answers(200, List2010("outgoing_caller_ids", OutgoingCallerId)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const { PhoneNumber: phoneNumber, FriendlyName: friendlyName } = request.query;
      const filters = { phoneNumber, friendlyName };
      const page = await listOutgoingCallerIds(database, request.accountSid, filters, wanted.window);
      return page2010("outgoing_caller_ids", wanted, page, present);
    },
  );

  scope.get(
    `${path}/:Sid.json`,
    {
      schema: {
        operationId: "FetchOutgoingCallerId",
        tags,
        params: itemParams,
        response: answers(200, OutgoingCallerId),
      },
    },
    async (request) =>
      present(found(await findOutgoingCallerId(database, request.accountSid, request.params.Sid))),
  );
};

const addWrites: Routes = (scope, context) => {
  scope.post(
    `${path}.json`,
    {
      schema: {
        operationId: "CreateOutgoingCallerId",
        tags,
        params,
        body: CreateParameters,
        response: answers(201, OutgoingCallerId),
      },
    },
    async (request, reply) => {
      requireOperator(request.caller);
      const row = await create(context, request.accountSid, request.body);
      reply.code(201);
      return present(row);
    },
  );

  scope.post(
    `${path}/:Sid.json`,
    {
      schema: {
        operationId: "UpdateOutgoingCallerId",
        tags,
        params: itemParams,
        body: UpdateParameters,
        response: answers(200, OutgoingCallerId),
      },
    },
    async ({ accountSid, params: { Sid }, body: { FriendlyName: name } }) => {
      const row = await context.change((transaction) =>
        name === undefined
          ? findOutgoingCallerId(transaction, accountSid, Sid)
          : renameOutgoingCallerId(transaction, accountSid, Sid, name),
      );
      return present(found(row));
    },
  );

  scope.delete(
    `${path}/:Sid.json`,
    {
      schema: { operationId: "DeleteOutgoingCallerId", tags, params: itemParams, response: answersNothing },
    },
    async ({ accountSid, params: { Sid } }, reply) => {
      await context.change(async (transaction) => {
        if (!(await deleteOutgoingCallerId(transaction, accountSid, Sid))) throw new ApiError("notFound");
      });
      return reply.code(204).send();
    },
  );
};

function create(
  context: RouteContext,
  accountSid: string,
  body: Static<typeof CreateParameters>,
): Promise<OutgoingCallerIdRow> {
  const phoneNumber = parseE164(body.PhoneNumber);
  if (phoneNumber === undefined) throw new ApiError("invalidPhoneNumber");
  return context.change(async (transaction) => {
    await lockAccount(transaction, accountSid);
    const { callerIdsPerAccount: limit } = context.limits;
    checkLimit(await countOutgoingCallerIds(transaction, accountSid), limit, "tooManyCallerIds");
    return refusing(violations, () =>
      insertOutgoingCallerId(transaction, {
        sid: createSid("PN"),
        account_sid: accountSid,
        phone_number: phoneNumber,
        friendly_name: body.FriendlyName ?? phoneNumber,
      }),
    );
  });
}

function present(row: OutgoingCallerIdRow): Static<typeof OutgoingCallerId> {
  return {
    sid: row.sid,
    account_sid: row.account_sid,
    phone_number: row.phone_number,
    friendly_name: row.friendly_name,
    date_created: rfc2822(row.date_created),
    date_updated: rfc2822(row.date_updated),
    uri: `${accountUri(row.account_sid)}/OutgoingCallerIds/${row.sid}.json`,
  };
}
