/** What `/SIP/IpAccessControlLists` and `/SIP/CredentialLists` have in common: all but their own parameters. */
import type { AccountLists, ColumnValues, ListRow, Transaction } from "@tandem/database";
import { createSid, lockAccount } from "@tandem/database";
import type { RestErrorName } from "@tandem/reasons";
import Type, { type TObject, type TSchema } from "typebox";
import { found } from "../conventions/api-error.ts";
import { List2010, page2010, pageParameters, pageRequestOf } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, RouteScope } from "../conventions/route-scope.ts";
import { checkLimit, refusing } from "../rules/constraints.ts";

export interface AccountListKind<Row extends ListRow, Values extends object> {
  readonly queries: AccountLists<Row, Values>;
  /** `IpAccessControlList`: of paths and operation ids. */
  readonly name: string;
  /** Of the page. */
  readonly key: string;
  readonly prefix: string;
  readonly tag: string;
  readonly resource: TSchema;
  readonly createParameters: TObject;
  readonly updateParameters: TObject;
  readonly limit: number;
  readonly tooMany: RestErrorName;
  /** Unique constraint of the name, and foreign key of the attachments. */
  readonly violations: Readonly<Record<string, RestErrorName>>;
  readonly valuesOf: (body: never) => ColumnValues<Values>;
  /** Throws when a list of that account may not have these values; runs in the transaction that writes them. */
  readonly checkValues?: (
    transaction: Transaction,
    accountSid: string,
    values: ColumnValues<Values>,
  ) => Promise<void>;
  /** Throws when the list may not be changed like this; runs with the list locked. */
  readonly checkChange?: (
    database: RouteContext["database"],
    row: Row,
    changes: ColumnValues<Values>,
  ) => Promise<void>;
  readonly present: (row: Row) => unknown;
}

/** Adds list, fetch, create, update and delete of the lists themselves. */
export function addAccountListRoutes<Row extends ListRow, Values extends object>(
  kind: AccountListKind<Row, Values>,
  scope: RouteScope,
  context: RouteContext,
): void {
  addReads(kind, scope, context);
  addWrites(kind, scope, context);
  addDelete(kind, scope, context);
}

function pathOf(kind: { readonly name: string }): string {
  return `/Accounts/:AccountSid/SIP/${kind.name}s`;
}

function addReads<Row extends ListRow, Values extends object>(
  kind: AccountListKind<Row, Values>,
  scope: RouteScope,
  context: RouteContext,
): void {
  const { queries, name, key, present } = kind;
  const tags = [kind.tag];
  scope.get(
    `${pathOf(kind)}.json`,
    {
      schema: {
        operationId: `ListSip${name}`,
        tags,
        params: PathSids({ AccountSid: "AC" }),
        querystring: Type.Object(pageParameters),
        response: answers(200, List2010(key, kind.resource)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      return page2010(
        key,
        wanted,
        await queries.list(context.database, request.accountSid, wanted.window),
        present,
      );
    },
  );
  scope.get(
    `${pathOf(kind)}/:Sid.json`,
    {
      schema: {
        operationId: `FetchSip${name}`,
        tags,
        params: PathSids({ AccountSid: "AC", Sid: kind.prefix }),
        response: answers(200, kind.resource),
      },
    },
    async (request) =>
      present(found(await queries.find(context.database, request.accountSid, request.params.Sid))),
  );
}

function addWrites<Row extends ListRow, Values extends object>(
  kind: AccountListKind<Row, Values>,
  scope: RouteScope,
  context: RouteContext,
): void {
  const { queries, name, present } = kind;
  const tags = [kind.tag];
  scope.post(
    `${pathOf(kind)}.json`,
    {
      schema: {
        operationId: `CreateSip${name}`,
        tags,
        params: PathSids({ AccountSid: "AC" }),
        body: kind.createParameters,
        response: answers(201, kind.resource),
      },
    },
    async (request, reply) => {
      const { accountSid } = request;
      const row = await context.change(async (transaction) => {
        await lockAccount(transaction, accountSid);
        checkLimit(await queries.count(transaction, accountSid), kind.limit, kind.tooMany);
        const identity = { sid: createSid(kind.prefix), account_sid: accountSid };
        const values = kind.valuesOf(request.body as never);
        await kind.checkValues?.(transaction, accountSid, values);
        await refusing(kind.violations, () => queries.insert(transaction, identity, values));
        return found(await queries.find(transaction, accountSid, identity.sid));
      });
      reply.code(201);
      return present(row);
    },
  );
  scope.post(
    `${pathOf(kind)}/:Sid.json`,
    {
      schema: {
        operationId: `UpdateSip${name}`,
        tags,
        params: PathSids({ AccountSid: "AC", Sid: kind.prefix }),
        body: kind.updateParameters,
        response: answers(200, kind.resource),
      },
    },
    async (request) => {
      const { accountSid, params } = request;
      const row = await context.change(async (transaction) => {
        const list = found(await queries.lock(transaction, accountSid, params.Sid));
        const changes = kind.valuesOf(request.body as never);
        await kind.checkChange?.(context.database, list, changes);
        await kind.checkValues?.(transaction, accountSid, changes);
        await refusing(kind.violations, () => queries.update(transaction, list.sid, changes));
        return found(await queries.find(transaction, accountSid, list.sid));
      });
      return present(row);
    },
  );
}

function addDelete<Row extends ListRow, Values extends object>(
  kind: AccountListKind<Row, Values>,
  scope: RouteScope,
  context: RouteContext,
): void {
  scope.delete(
    `${pathOf(kind)}/:Sid.json`,
    {
      schema: {
        operationId: `DeleteSip${kind.name}`,
        tags: [kind.tag],
        params: PathSids({ AccountSid: "AC", Sid: kind.prefix }),
        response: answersNothing,
      },
    },
    async (request, reply) => {
      await context.change(async (transaction) => {
        const list = found(await kind.queries.find(transaction, request.accountSid, request.params.Sid));
        await refusing(kind.violations, () => kind.queries.delete(transaction, list.sid));
      });
      return reply.code(204).send();
    },
  );
}
