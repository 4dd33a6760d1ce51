import {
  type AccountRow,
  countSubaccounts,
  createAccessToken,
  createSid,
  findAccount,
  hashAccessToken,
  insertAccount,
  listAccounts,
  lockAccount,
  updateAccount,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { reachableAccount } from "../conventions/account-scope.ts";
import { ApiError, found } from "../conventions/api-error.ts";
import { type Caller, requireAccountToken } from "../conventions/authentication.ts";
import { rfc2822 } from "../conventions/dates.ts";
import { accountUri } from "../conventions/locations.ts";
import { List2010, page2010, pageParameters, pageRequestOf } from "../conventions/paging.ts";
import { answers, Nullable, OneOf, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { nameLengths } from "../limits.ts";
import { CallerIdPolicy } from "../rules/caller-id-policy.ts";
import { checkLimit } from "../rules/constraints.ts";

const Status = OneOf(["active", "suspended", "closed"]);
const Compatibility = OneOf(["tandem", "twilio"]);

const Account = Type.Object({
  sid: Type.String(),
  owner_account_sid: Type.String(),
  friendly_name: Type.String(),
  status: Status,
  type: OneOf(["Trial", "Full"]),
  auth_token: Nullable(Type.String({ description: "Only in the answer that creates the account." })),
  date_created: Type.String(),
  date_updated: Type.String(),
  subresource_uris: Type.Record(Type.String(), Type.String()),
  uri: Type.String(),
  tandem: Type.Object({
    compatibility: Compatibility,
    is_operator: Type.Boolean(),
    calls_per_second: Nullable(Type.Number()),
    caller_id_policy: CallerIdPolicy,
  }),
});

const CreateParameters = Type.Partial(
  Type.Object({ FriendlyName: Type.String({ maxLength: nameLengths.account }), Compatibility }),
);
const UpdateParameters = Type.Partial(
  Type.Object({
    FriendlyName: Type.String({ maxLength: nameLengths.account }),
    Status,
    Compatibility,
    CallsPerSecond: Nullable(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 100_000,
        description: "Termination, all trunks of the account and its subaccounts together; empty: unlimited.",
      }),
    ),
    CallerIdPolicy,
  }),
);

const params = PathSids({ Sid: "AC" });
const tags = ["accounts"];

/** The caller's account and its subaccounts. */
export const accountRoutes: Routes = (scope, context) => {
  const query = {
    FriendlyName: Type.Optional(Type.String()),
    Status: Type.Optional(Status),
    ...pageParameters,
  };
  scope.get(
    "/Accounts.json",
    {
      schema: {
        operationId: "ListAccount",
        tags,
        querystring: Type.Object(query),
        response: answers(200, List2010("accounts", Account)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const filters = { friendlyName: request.query.FriendlyName, status: request.query.Status };
      const page = await listAccounts(context.database, request.caller.accountSid, filters, wanted.window);
      return page2010("accounts", wanted, page, (row) => present(row, null));
    },
  );

  scope.get(
    "/Accounts/:Sid.json",
    { schema: { operationId: "FetchAccount", tags, params, response: answers(200, Account) } },
    async (request) =>
      present(await reachableAccount(context.database, request.caller, request.params.Sid), null),
  );

  scope.post(
    "/Accounts.json",
    {
      schema: { operationId: "CreateAccount", tags, body: CreateParameters, response: answers(201, Account) },
    },
    async (request, reply) => {
      const token = createAccessToken();
      const account = await create(context, request.caller, request.body, token);
      reply.code(201);
      return present(account, token);
    },
  );

  scope.post(
    "/Accounts/:Sid.json",
    {
      schema: {
        operationId: "UpdateAccount",
        tags,
        params,
        body: UpdateParameters,
        response: answers(200, Account),
      },
    },
    async (request) => present(await change(context, request.caller, request.params.Sid, request.body), null),
  );
};

/** A subaccount of the caller's account; subaccounts have none of their own. */
function create(
  context: RouteContext,
  caller: Caller,
  body: Static<typeof CreateParameters>,
  token: string,
): Promise<AccountRow> {
  requireAccountToken(caller);
  return context.change(async (transaction) => {
    await lockAccount(transaction, caller.accountSid);
    const parent = found(await findAccount(transaction, caller.accountSid));
    if (parent.parent_account_sid !== null)
      throw new ApiError("forbidden", "A subaccount has no subaccounts.");
    const count = await countSubaccounts(transaction, parent.sid);
    checkLimit(count, context.limits.subaccountsPerAccount, "forbidden");
    const created = await insertAccount(transaction, {
      sid: createSid("AC"),
      parent_account_sid: parent.sid,
      friendly_name: body.FriendlyName ?? defaultName(context.clock.wallMs()),
      auth_token_hash: hashAccessToken(token),
    });
    return body.Compatibility === undefined
      ? created
      : found(await updateAccount(transaction, created.sid, { compatibility: body.Compatibility }));
  });
}

function defaultName(wallMs: number): string {
  return `SubAccount Created at ${new Date(wallMs).toISOString().slice(0, 16).replace("T", " ")}`;
}

function change(
  context: RouteContext,
  caller: Caller,
  sid: string,
  body: Static<typeof UpdateParameters>,
): Promise<AccountRow> {
  requireAccountToken(caller);
  return context.change(async (transaction) => {
    await lockAccount(transaction, sid);
    const account = await reachableAccount(transaction, caller, sid);
    if (body.Status !== undefined && body.Status !== account.status) checkStatusChange(caller, account);
    for (const name of ["CallsPerSecond", "CallerIdPolicy"] as const) {
      if (body[name] !== undefined) checkLimitChange(caller, account, name);
    }
    const changed = await updateAccount(transaction, sid, {
      friendly_name: body.FriendlyName,
      status: body.Status,
      compatibility: body.Compatibility,
      calls_per_second: body.CallsPerSecond,
      caller_id_policy: body.CallerIdPolicy,
    });
    return found(changed);
  });
}

/** Closed is for ever; and nobody locks himself out. */
function checkStatusChange(caller: Caller, account: AccountRow): void {
  if (account.sid === caller.accountSid)
    throw new ApiError("forbidden", "An account does not change its own Status.");
  if (account.status === "closed") throw new ApiError("conflict", "The account is closed.");
}

/** The limits of a subaccount are its parent's to say. */
function checkLimitChange(caller: Caller, account: AccountRow, parameter: string): void {
  if (account.parent_account_sid !== null && account.sid === caller.accountSid)
    throw new ApiError("forbidden", `A subaccount does not change its own ${parameter}.`);
}

function present(account: AccountRow, token: string | null): Static<typeof Account> {
  const uri = accountUri(account.sid);
  return {
    sid: account.sid,
    owner_account_sid: account.parent_account_sid ?? account.sid,
    friendly_name: account.friendly_name,
    status: account.status,
    type: "Full",
    auth_token: token,
    date_created: rfc2822(account.date_created),
    date_updated: rfc2822(account.date_updated),
    subresource_uris: {
      keys: `${uri}/Keys.json`,
      outgoing_caller_ids: `${uri}/OutgoingCallerIds.json`,
      incoming_phone_numbers: `${uri}/IncomingPhoneNumbers.json`,
      calls: `${uri}/Calls.json`,
      sip_ip_access_control_lists: `${uri}/SIP/IpAccessControlLists.json`,
      sip_credential_lists: `${uri}/SIP/CredentialLists.json`,
    },
    uri: `${uri}.json`,
    tandem: {
      compatibility: account.compatibility,
      is_operator: account.is_operator,
      calls_per_second: account.calls_per_second,
      caller_id_policy: account.caller_id_policy,
    },
  };
}
