import {
  countIpAddresses,
  createSid,
  deleteIpAddress,
  findIpAddress,
  type IpAddressRow,
  insertIpAddress,
  ipAccessControlLists,
  listIpAddresses,
  updateIpAddress,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { rfc2822 } from "../conventions/dates.ts";
import { accountUri } from "../conventions/locations.ts";
import { List2010, page2010, pageParameters, pageRequestOf } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { checkLimit, refusing } from "../rules/constraints.ts";
import { cidrPrefixLengthOf, familyOf } from "../rules/ip-network.ts";

const IpAddress = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  ip_access_control_list_sid: Type.String(),
  friendly_name: Type.String(),
  ip_address: Type.String(),
  cidr_prefix_length: Type.Integer(),
  date_created: Type.String(),
  date_updated: Type.String(),
  uri: Type.String(),
});
const CreateParameters = Type.Object({
  FriendlyName: Type.String({ minLength: 1, maxLength: nameLengths.ipAddress }),
  IpAddress: Type.String(),
  CidrPrefixLength: Type.Optional(Type.Integer()),
});
const UpdateParameters = Type.Partial(CreateParameters);

const path = "/Accounts/:AccountSid/SIP/IpAccessControlLists/:IpAccessControlListSid/IpAddresses";
const params = PathSids({ AccountSid: "AC", IpAccessControlListSid: "AL" });
const itemParams = PathSids({ AccountSid: "AC", IpAccessControlListSid: "AL", Sid: "IP" });
const tags = ["ip-addresses"];
const violations = {
  ip_addresses_name: "duplicateAccessControlEntry",
  ip_addresses_network: "duplicateAccessControlEntry",
} as const;

/** Addresses and networks of an IP access control list. */
export const ipAddressRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

const addReads: Routes = (scope, context) => {
  scope.get(
    `${path}.json`,
    {
      schema: {
        operationId: "ListSipIpAddress",
        tags,
        params,
        querystring: Type.Object(pageParameters),
        response: answers(200, List2010("ip_addresses", IpAddress)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const list = found(
        await ipAccessControlLists.find(
          context.database,
          request.accountSid,
          request.params.IpAccessControlListSid,
        ),
      );
      const page = await listIpAddresses(context.database, list.sid, wanted.window);
      return page2010("ip_addresses", wanted, page, presenter(request.accountSid));
    },
  );

  scope.get(
    `${path}/:Sid.json`,
    {
      schema: {
        operationId: "FetchSipIpAddress",
        tags,
        params: itemParams,
        response: answers(200, IpAddress),
      },
    },
    async (request) => {
      const list = found(
        await ipAccessControlLists.find(
          context.database,
          request.accountSid,
          request.params.IpAccessControlListSid,
        ),
      );
      return presenter(request.accountSid)(
        found(await findIpAddress(context.database, list.sid, request.params.Sid)),
      );
    },
  );
};

const addWrites: Routes = (scope, context) => {
  scope.post(
    `${path}.json`,
    {
      schema: {
        operationId: "CreateSipIpAddress",
        tags,
        params,
        body: CreateParameters,
        response: answers(201, IpAddress),
      },
    },
    async (request, reply) => {
      const row = await create(
        context,
        request.accountSid,
        request.params.IpAccessControlListSid,
        request.body,
      );
      reply.code(201);
      return presenter(request.accountSid)(row);
    },
  );

  scope.post(
    `${path}/:Sid.json`,
    {
      schema: {
        operationId: "UpdateSipIpAddress",
        tags,
        params: itemParams,
        body: UpdateParameters,
        response: answers(200, IpAddress),
      },
    },
    async (request) =>
      presenter(request.accountSid)(await change(context, request.accountSid, request.params, request.body)),
  );

  scope.delete(
    `${path}/:Sid.json`,
    { schema: { operationId: "DeleteSipIpAddress", tags, params: itemParams, response: answersNothing } },
    async (request, reply) => {
      const { IpAccessControlListSid, Sid } = request.params;
      await context.change(async (transaction) => {
        const list = found(
          await ipAccessControlLists.find(transaction, request.accountSid, IpAccessControlListSid),
        );
        if (!(await deleteIpAddress(transaction, list.sid, Sid))) throw new ApiError("notFound");
      });
      return reply.code(204).send();
    },
  );
};

function create(
  context: RouteContext,
  accountSid: string,
  listSid: string,
  body: Static<typeof CreateParameters>,
): Promise<IpAddressRow> {
  return context.change(async (transaction) => {
    const list = found(await ipAccessControlLists.lock(transaction, accountSid, listSid));
    const count = await countIpAddresses(transaction, list.sid);
    checkLimit(count, context.limits.addressesPerAccessControlList, "tooManyIpAddresses");
    const sid = createSid("IP");
    const values = {
      friendly_name: body.FriendlyName,
      ip_address: body.IpAddress,
      cidr_prefix_length: cidrPrefixLengthOf(body.IpAddress, body.CidrPrefixLength),
    };
    await refusing(violations, () =>
      insertIpAddress(transaction, { sid, ip_access_control_list_sid: list.sid }, values),
    );
    return found(await findIpAddress(transaction, list.sid, sid));
  });
}

function change(
  context: RouteContext,
  accountSid: string,
  sids: { readonly IpAccessControlListSid: string; readonly Sid: string },
  body: Static<typeof UpdateParameters>,
): Promise<IpAddressRow> {
  return context.change(async (transaction) => {
    const list = found(await ipAccessControlLists.lock(transaction, accountSid, sids.IpAccessControlListSid));
    const row = found(await findIpAddress(transaction, list.sid, sids.Sid));
    const ipAddress = body.IpAddress ?? row.ip_address;
    // The old prefix stays, unless the address changes its family.
    const isSameFamily = familyOf(ipAddress) === familyOf(row.ip_address);
    const given = body.CidrPrefixLength ?? (isSameFamily ? row.cidr_prefix_length : undefined);
    await refusing(violations, () =>
      updateIpAddress(transaction, row.sid, {
        friendly_name: body.FriendlyName,
        ip_address: body.IpAddress,
        cidr_prefix_length: cidrPrefixLengthOf(ipAddress, given),
      }),
    );
    return found(await findIpAddress(transaction, list.sid, row.sid));
  });
}

function presenter(accountSid: string): (row: IpAddressRow) => Static<typeof IpAddress> {
  return (row) => ({
    sid: row.sid,
    account_sid: accountSid,
    ip_access_control_list_sid: row.ip_access_control_list_sid,
    friendly_name: row.friendly_name,
    ip_address: row.ip_address,
    cidr_prefix_length: row.cidr_prefix_length,
    date_created: rfc2822(row.date_created),
    date_updated: rfc2822(row.date_updated),
    uri: `${accountUri(accountSid)}/SIP/IpAccessControlLists/${row.ip_access_control_list_sid}/IpAddresses/${row.sid}.json`,
  });
}
