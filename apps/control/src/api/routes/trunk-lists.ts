/** The lists that guard a trunk: `/Trunks/{T}/IpAccessControlLists` and `/Trunks/{T}/CredentialLists`. */
import {
  type AttachableLists,
  type AttachedListRow,
  credentialLists,
  findTrunk,
  ipAccessControlLists,
  lockTrunk,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { iso8601 } from "../conventions/dates.ts";
import { trunkUrl } from "../conventions/locations.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids, SidText } from "../conventions/parameters.ts";
import type { RouteContext, RouteScope, Routes } from "../conventions/route-scope.ts";
import { refusing } from "../rules/constraints.ts";

const AttachedList = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  trunk_sid: Type.String(),
  friendly_name: Type.String(),
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
});

/** The little in which the two kinds differ. */
interface Kind {
  /** `CredentialLists`, as in the path. */
  readonly folder: string;
  /** `CredentialList`, as in operation ids; with `Sid` the parameter's name. */
  readonly name: string;
  /** Of the page. */
  readonly key: string;
  readonly prefix: string;
  readonly queries: AttachableLists;
  /** Primary key of the attachments. */
  readonly onceConstraint: string;
  readonly tag: string;
}

const kinds: readonly Kind[] = [
  {
    folder: "IpAccessControlLists",
    name: "IpAccessControlList",
    key: "ip_access_control_lists",
    prefix: "AL",
    queries: ipAccessControlLists,
    onceConstraint: "trunk_ip_access_control_lists_once",
    tag: "trunk-ip-access-control-lists",
  },
  {
    folder: "CredentialLists",
    name: "CredentialList",
    key: "credential_lists",
    prefix: "CL",
    queries: credentialLists,
    onceConstraint: "trunk_credential_lists_once",
    tag: "trunk-credential-lists",
  },
];

/** Both kinds of attachments of a trunk. */
export const trunkListRoutes: Routes = (scope, context) => {
  for (const kind of kinds) {
    addReads(kind, scope, context);
    addWrites(kind, scope, context);
  }
};

function addReads(kind: Kind, scope: RouteScope, context: RouteContext): void {
  const { queries, name, key } = kind;
  const path = `/Trunks/:TrunkSid/${kind.folder}`;
  const tags = [kind.tag];
  scope.get(
    path,
    {
      schema: {
        operationId: `List${name}`,
        tags,
        params: PathSids({ TrunkSid: "TK" }),
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1(key, AttachedList)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const trunk = found(await findTrunk(context.database, request.accountSid, request.params.TrunkSid));
      const page = await queries.listAttached(context.database, trunk.sid, wanted.window);
      return pageV1(
        context.publicUrl,
        key,
        wanted,
        page,
        presenter(kind, context, request.accountSid, trunk.sid),
      );
    },
  );
  scope.get(
    `${path}/:Sid`,
    {
      schema: {
        operationId: `Fetch${name}`,
        tags,
        params: PathSids({ TrunkSid: "TK", Sid: kind.prefix }),
        response: answers(200, AttachedList),
      },
    },
    async (request) => {
      const trunk = found(await findTrunk(context.database, request.accountSid, request.params.TrunkSid));
      const row = found(await queries.findAttached(context.database, trunk.sid, request.params.Sid));
      return presenter(kind, context, request.accountSid, trunk.sid)(row);
    },
  );
}

function addWrites(kind: Kind, scope: RouteScope, context: RouteContext): void {
  const { queries, name } = kind;
  const path = `/Trunks/:TrunkSid/${kind.folder}`;
  const tags = [kind.tag];
  const parameter = `${name}Sid`;
  scope.post(
    path,
    {
      schema: {
        operationId: `Create${name}`,
        tags,
        params: PathSids({ TrunkSid: "TK" }),
        body: Type.Object({ [parameter]: SidText(kind.prefix) }),
        response: answers(201, AttachedList),
      },
    },
    async (request, reply) => {
      const { TrunkSid } = request.params;
      const listSid = String((request.body as Record<string, unknown>)[parameter]);
      const row = await attach(kind, context, request.accountSid, TrunkSid, listSid);
      reply.code(201);
      return presenter(kind, context, request.accountSid, TrunkSid)(row);
    },
  );
  scope.delete(
    `${path}/:Sid`,
    {
      schema: {
        operationId: `Delete${name}`,
        tags,
        params: PathSids({ TrunkSid: "TK", Sid: kind.prefix }),
        response: answersNothing,
      },
    },
    async (request, reply) => {
      const { TrunkSid, Sid } = request.params;
      await context.change(async (transaction) => {
        const trunk = found(await findTrunk(transaction, request.accountSid, TrunkSid));
        if (!(await queries.detach(transaction, trunk.sid, Sid))) throw new ApiError("notFound");
      });
      return reply.code(204).send();
    },
  );
}

/** Only lists of the trunk's own account can be attached, each once. */
function attach(
  kind: Kind,
  context: RouteContext,
  accountSid: string,
  trunkSid: string,
  sid: string,
): Promise<AttachedListRow> {
  return context.change(async (transaction) => {
    if (!(await lockTrunk(transaction, accountSid, trunkSid))) throw new ApiError("notFound");
    found(await kind.queries.lock(transaction, accountSid, sid));
    await refusing({ [kind.onceConstraint]: "alreadyAttached" }, () =>
      kind.queries.attach(transaction, { account_sid: accountSid, trunk_sid: trunkSid, sid }),
    );
    return found(await kind.queries.findAttached(transaction, trunkSid, sid));
  });
}

function presenter(
  kind: Kind,
  context: RouteContext,
  accountSid: string,
  trunkSid: string,
): (row: AttachedListRow) => Static<typeof AttachedList> {
  return (row) => ({
    sid: row.sid,
    account_sid: accountSid,
    trunk_sid: trunkSid,
    friendly_name: row.friendly_name,
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_updated),
    url: `${trunkUrl(context.publicUrl, trunkSid)}/${kind.folder}/${row.sid}`,
  });
}
