import {
  findIncomingPhoneNumber,
  findTrunk,
  type IncomingPhoneNumberRow,
  listIncomingPhoneNumbers,
  lockIncomingPhoneNumber,
  lockTrunk,
  updateIncomingPhoneNumber,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { iso8601 } from "../conventions/dates.ts";
import { accountUri, trunkUrl } from "../conventions/locations.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids, SidText } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { presentShared, sharedProperties } from "./incoming-phone-number-resource.ts";

const PhoneNumber = Type.Object({
  ...sharedProperties,
  url: Type.String(),
  links: Type.Object({ phone_number: Type.String() }),
});

const path = "/Trunks/:TrunkSid/PhoneNumbers";
const params = PathSids({ TrunkSid: "TK" });
const itemParams = PathSids({ TrunkSid: "TK", Sid: "PN" });
const tags = ["trunk-phone-numbers"];

/** Numbers whose calls go to a trunk. A number is on one trunk at most. */
export const trunkPhoneNumberRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

const addReads: Routes = (scope, context) => {
  const present = presenter(context.publicUrl);

  scope.get(
    path,
    {
      schema: {
        operationId: "ListPhoneNumber",
        tags,
        params,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1("phone_numbers", PhoneNumber)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const trunk = found(await findTrunk(context.database, request.accountSid, request.params.TrunkSid));
      const filters = { trunkSid: trunk.sid };
      const page = await listIncomingPhoneNumbers(
        context.database,
        request.accountSid,
        filters,
        wanted.window,
      );
      return pageV1(context.publicUrl, "phone_numbers", wanted, page, present);
    },
  );

  scope.get(
    `${path}/:Sid`,
    {
      schema: {
        operationId: "FetchPhoneNumber",
        tags,
        params: itemParams,
        response: answers(200, PhoneNumber),
      },
    },
    async (request) => {
      const { TrunkSid, Sid } = request.params;
      return present(
        numberOn(TrunkSid, await findIncomingPhoneNumber(context.database, request.accountSid, Sid)),
      );
    },
  );
};

const addWrites: Routes = (scope, context) => {
  const present = presenter(context.publicUrl);

  scope.post(
    path,
    {
      schema: {
        operationId: "CreatePhoneNumber",
        tags,
        params,
        body: Type.Object({ PhoneNumberSid: SidText("PN") }),
        response: answers(201, PhoneNumber),
      },
    },
    async (request, reply) => {
      const { accountSid, params: sids, body } = request;
      const row = await assign(context, accountSid, sids.TrunkSid, body.PhoneNumberSid);
      reply.code(201);
      return present(row);
    },
  );

  scope.delete(
    `${path}/:Sid`,
    { schema: { operationId: "DeletePhoneNumber", tags, params: itemParams, response: answersNothing } },
    async (request, reply) => {
      const { TrunkSid, Sid } = request.params;
      await context.change(async (transaction) => {
        numberOn(TrunkSid, await lockIncomingPhoneNumber(transaction, request.accountSid, Sid));
        await updateIncomingPhoneNumber(transaction, Sid, { trunk_sid: null });
      });
      return reply.code(204).send();
    },
  );
};

/** Trunks and voice applications exclude each other: the application goes. */
function assign(
  context: RouteContext,
  accountSid: string,
  trunkSid: string,
  sid: string,
): Promise<IncomingPhoneNumberRow> {
  return context.change(async (transaction) => {
    if (!(await lockTrunk(transaction, accountSid, trunkSid))) throw new ApiError("notFound");
    const row = found(await lockIncomingPhoneNumber(transaction, accountSid, sid));
    if (row.trunk_sid !== null) throw new ApiError("numberOnOtherTrunk");
    const settings = { ...row.settings, voice_application_sid: null };
    return updateIncomingPhoneNumber(transaction, sid, { trunk_sid: trunkSid, settings });
  });
}

/** The number, if it is on that trunk; 404 otherwise. */
function numberOn(trunkSid: string, row: IncomingPhoneNumberRow | undefined): IncomingPhoneNumberRow {
  return found(row?.trunk_sid === trunkSid ? row : undefined);
}

function presenter(publicUrl: string): (row: IncomingPhoneNumberRow) => Static<typeof PhoneNumber> {
  return (row) => ({
    ...presentShared(row, iso8601),
    url: `${trunkUrl(publicUrl, row.trunk_sid ?? "")}/PhoneNumbers/${row.sid}`,
    links: {
      phone_number: `${publicUrl}${accountUri(row.account_sid)}/IncomingPhoneNumbers/${row.sid}.json`,
    },
  });
}
