import { ConnectionStatus } from "@tandem/contracts";
import { type ConnectionRow, findConnection, listConnections } from "@tandem/database";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { isAboutExchange } from "../conventions/account-scope.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, OneOf } from "../conventions/parameters.ts";
import type { RouteContext, RouteScope, Routes } from "../conventions/route-scope.ts";
import { accessibleConnection, connectionSidOf, interconnectAccount } from "../rules/connection-access.ts";
import { Connection, CreateParameters, UpdateParameters } from "./connection-resource.ts";
import { connectionPresenter } from "./connection-view.ts";
import { askForDeletion, changeConnection, createConnection } from "./connection-writes.ts";

const Filters = Type.Object({
  ...pageParameters,
  AccountSid: Type.Optional(
    Type.String({
      description: "Lines that it has or may use; default: the caller's, all for the operator.",
    }),
  ),
  Edge: Type.Optional(Type.String()),
  Status: Type.Optional(OneOf(ConnectionStatus.anyOf.map((status) => status.const))),
});

// Not a SID's pattern: a malformed one has its own code here.
const params = Type.Object({ Sid: Type.String() });
const tags = ["interconnect"];

/** Private lines: of their owners, of the operator, and to be read by subaccounts that share them. */
export const connectionRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

function addReads(scope: RouteScope, context: RouteContext): void {
  scope.get(
    "/Interconnect/Connections",
    {
      schema: {
        operationId: "ListConnection",
        tags,
        querystring: Filters,
        response: answers(200, ListV1("connections", Connection)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      const { AccountSid, Edge, Status } = request.query;
      const isEverybody = isAboutExchange(request) && AccountSid === undefined;
      const accountSid = isEverybody
        ? undefined
        : await interconnectAccount(context.database, request, AccountSid);
      const filters = { accountSid, edge: Edge, status: Status };
      const page = await listConnections(context.database, filters, wanted.window);
      const present = await presenterFor(context, request, page.rows);
      return pageV1(context.publicUrl, "connections", wanted, page, present);
    },
  );

  scope.get(
    "/Interconnect/Connections/:Sid",
    { schema: { operationId: "FetchConnection", tags, params, response: answers(200, Connection) } },
    async (request) => {
      const sid = connectionSidOf(request.params.Sid);
      const found = await findConnection(context.database, sid);
      const { row } = await accessibleConnection(context.database, request, found);
      return show(context, request, row);
    },
  );
}

function addWrites(scope: RouteScope, context: RouteContext): void {
  scope.post(
    "/Interconnect/Connections",
    {
      schema: {
        operationId: "CreateConnection",
        tags,
        body: CreateParameters,
        response: answers(201, Connection),
      },
    },
    async (request, reply) => {
      const row = await createConnection(context, request, request.body);
      reply.code(201);
      return show(context, request, row);
    },
  );

  scope.post(
    "/Interconnect/Connections/:Sid",
    {
      schema: {
        operationId: "UpdateConnection",
        tags,
        params,
        body: UpdateParameters,
        response: answers(200, Connection),
      },
    },
    async (request) => {
      const sid = connectionSidOf(request.params.Sid);
      return show(context, request, await changeConnection(context, request, sid, request.body));
    },
  );

  scope.delete(
    "/Interconnect/Connections/:Sid",
    { schema: { operationId: "DeleteConnection", tags, params, response: answersNothing } },
    async (request, reply) => {
      await askForDeletion(context, request, connectionSidOf(request.params.Sid));
      return reply.code(204).send();
    },
  );
}

function presenterFor(context: RouteContext, request: FastifyRequest, rows: readonly ConnectionRow[]) {
  const viewer = { asker: request, publicUrl: context.publicUrl, nowMs: context.clock.wallMs() };
  return connectionPresenter(context.database, rows, viewer);
}

async function show(context: RouteContext, request: FastifyRequest, row: ConnectionRow): Promise<Connection> {
  const present = await presenterFor(context, request, [row]);
  return present(row);
}
