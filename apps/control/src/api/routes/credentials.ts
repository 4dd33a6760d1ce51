import {
  type CredentialListRow,
  type CredentialRow,
  countCredentials,
  createSid,
  credentialLists,
  deleteCredential,
  findCredential,
  insertCredential,
  listCredentials,
  replaceHa1,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { computeHa1, purposes } from "../../secrets/index.ts";
import { ApiError, found } from "../conventions/api-error.ts";
import { rfc2822 } from "../conventions/dates.ts";
import { accountUri } from "../conventions/locations.ts";
import { List2010, page2010, pageParameters, pageRequestOf } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, Routes } from "../conventions/route-scope.ts";
import { checkLimit, refusing } from "../rules/constraints.ts";
import { checkPassword, checkUsername } from "../rules/credentials.ts";

const Credential = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  credential_list_sid: Type.String(),
  username: Type.String(),
  date_created: Type.String(),
  date_updated: Type.String(),
  uri: Type.String(),
});
const CreateParameters = Type.Object({ Username: Type.String(), Password: Type.String({ writeOnly: true }) });
const UpdateParameters = Type.Object({ Password: Type.Optional(Type.String({ writeOnly: true })) });

const path = "/Accounts/:AccountSid/SIP/CredentialLists/:CredentialListSid/Credentials";
const params = PathSids({ AccountSid: "AC", CredentialListSid: "CL" });
const itemParams = PathSids({ AccountSid: "AC", CredentialListSid: "CL", Sid: "CR" });
const tags = ["credentials"];

/** Digest credentials of a credential list. Passwords can be written and never read. */
export const credentialRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

const addReads: Routes = (scope, context) => {
  scope.get(
    `${path}.json`,
    {
      schema: {
        operationId: "ListSipCredential",
        tags,
        params,
        querystring: Type.Object(pageParameters),
        response: answers(200, List2010("credentials", Credential)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const list = found(
        await credentialLists.find(context.database, request.accountSid, request.params.CredentialListSid),
      );
      const page = await listCredentials(context.database, list.sid, wanted.window);
      return page2010("credentials", wanted, page, presenter(request.accountSid));
    },
  );

  scope.get(
    `${path}/:Sid.json`,
    {
      schema: {
        operationId: "FetchSipCredential",
        tags,
        params: itemParams,
        response: answers(200, Credential),
      },
    },
    async (request) => {
      const list = found(
        await credentialLists.find(context.database, request.accountSid, request.params.CredentialListSid),
      );
      return presenter(request.accountSid)(
        found(await findCredential(context.database, list.sid, request.params.Sid)),
      );
    },
  );
};

const addWrites: Routes = (scope, context) => {
  scope.post(
    `${path}.json`,
    {
      schema: {
        operationId: "CreateSipCredential",
        tags,
        params,
        body: CreateParameters,
        response: answers(201, Credential),
      },
    },
    async (request, reply) => {
      const row = await create(context, request.accountSid, request.params.CredentialListSid, request.body);
      reply.code(201);
      return presenter(request.accountSid)(row);
    },
  );

  scope.post(
    `${path}/:Sid.json`,
    {
      schema: {
        operationId: "UpdateSipCredential",
        tags,
        params: itemParams,
        body: UpdateParameters,
        response: answers(200, Credential),
      },
    },
    async (request) =>
      presenter(request.accountSid)(
        await change(context, request.accountSid, request.params, request.body.Password),
      ),
  );

  scope.delete(
    `${path}/:Sid.json`,
    { schema: { operationId: "DeleteSipCredential", tags, params: itemParams, response: answersNothing } },
    async (request, reply) => {
      const { CredentialListSid, Sid } = request.params;
      await context.change(async (transaction) => {
        const list = found(await credentialLists.find(transaction, request.accountSid, CredentialListSid));
        if (!(await deleteCredential(transaction, list.sid, Sid))) throw new ApiError("notFound");
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
): Promise<CredentialRow> {
  return context.change(async (transaction) => {
    const list = found(await credentialLists.lock(transaction, accountSid, listSid));
    checkLimit(
      await countCredentials(transaction, list.sid),
      context.limits.credentialsPerList,
      "tooManyCredentials",
    );
    checkUsername(body.Username);
    return refusing({ credentials_username: "duplicateCredential" }, () =>
      insertCredential(transaction, {
        sid: createSid("CR"),
        credential_list_sid: list.sid,
        username: body.Username,
        ha1_encrypted: encryptedHa1(context, list, body.Username, body.Password),
      }),
    );
  });
}

function change(
  context: RouteContext,
  accountSid: string,
  sids: { readonly CredentialListSid: string; readonly Sid: string },
  password: string | undefined,
): Promise<CredentialRow> {
  return context.change(async (transaction) => {
    const list = found(await credentialLists.lock(transaction, accountSid, sids.CredentialListSid));
    const row = found(await findCredential(transaction, list.sid, sids.Sid));
    if (password === undefined) return row;
    const ha1 = encryptedHa1(context, list, row.username, password);
    return found(await replaceHa1(transaction, row.sid, ha1));
  });
}

function encryptedHa1(
  context: RouteContext,
  list: CredentialListRow,
  username: string,
  password: string,
): Uint8Array {
  checkPassword(password);
  return context.box.seal(computeHa1(username, context.realm, password, list.algorithm), purposes.ha1);
}

function presenter(accountSid: string): (row: CredentialRow) => Static<typeof Credential> {
  return (row) => ({
    sid: row.sid,
    account_sid: accountSid,
    credential_list_sid: row.credential_list_sid,
    username: row.username,
    date_created: rfc2822(row.date_created),
    date_updated: rfc2822(row.date_updated),
    uri: `${accountUri(accountSid)}/SIP/CredentialLists/${row.credential_list_sid}/Credentials/${row.sid}.json`,
  });
}
