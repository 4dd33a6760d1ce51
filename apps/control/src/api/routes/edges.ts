import {
  addMediaRange,
  deleteEdge,
  type EdgeRow,
  type EdgeValues,
  findEdge,
  findExchange,
  insertEdge,
  isForeignKeyViolation,
  listEdges,
  type Queryable,
  updateEdge,
} from "@tandem/database";
import Type from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing } from "../conventions/parameters.ts";
import type { RouteContext, RouteScope, Routes } from "../conventions/route-scope.ts";
import { refusing } from "../rules/constraints.ts";
import { checkSignaling } from "../rules/signaling-network.ts";
import {
  checkEdge,
  Edge,
  EdgeKind,
  EdgeParameters,
  edgeValuesOf,
  presentEdge,
  TopologyName,
} from "./edge-resource.ts";

const CreateParameters = Type.Object({
  ...EdgeParameters.properties,
  Name: TopologyName,
  LegacyId: TopologyName,
  Region: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,31}$", description: "us1" }),
  Kind: EdgeKind,
});

const params = Type.Object({ Name: Type.String() });
const tags = ["edges"];
const taken = { edges_pkey: "conflict", edges_legacy_id_key: "conflict" } as const;

/** Edges: everybody reads them, the operator makes, changes and removes them. */
export const edgeRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addCreate(scope, context);
  addItemWrites(scope, context);
};

function addReads(scope: RouteScope, { database, publicUrl }: RouteContext): void {
  const present = (row: EdgeRow) => presentEdge(row, publicUrl);

  scope.get(
    "/Edges",
    {
      schema: {
        operationId: "ListEdge",
        tags,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1("edges", Edge)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      return pageV1(publicUrl, "edges", wanted, await listEdges(database, wanted.window), present);
    },
  );

  scope.get(
    "/Edges/:Name",
    { schema: { operationId: "FetchEdge", tags, params, response: answers(200, Edge) } },
    async (request) => present(found(await findEdge(database, request.params.Name))),
  );
}

function addCreate(scope: RouteScope, context: RouteContext): void {
  scope.post(
    "/Edges",
    { schema: { operationId: "CreateEdge", tags, body: CreateParameters, response: answers(201, Edge) } },
    async (request, reply) => {
      requireOperator(request.caller);
      const { Name: name, LegacyId: legacyId, Region: region, Kind: kind, Exchange } = request.body;
      const values = edgeValuesOf(request.body);
      const row = await context.change(async (transaction) => {
        const exchange = await exchangeSidOf(transaction, Exchange);
        const edge = { ...values, name, legacy_id: legacyId, region, kind, exchange_sid: exchange };
        const made = await refusing(taken, () => insertEdge(transaction, edge));
        await checkWritten(transaction, made, values);
        await addMediaRange(transaction, { name, legacyId });
        return made;
      });
      reply.code(201);
      return presentEdge(row, context.publicUrl);
    },
  );
}

function addItemWrites(scope: RouteScope, context: RouteContext): void {
  scope.post(
    "/Edges/:Name",
    {
      schema: {
        operationId: "UpdateEdge",
        tags,
        params,
        body: EdgeParameters,
        response: answers(200, Edge),
      },
    },
    async (request) => {
      requireOperator(request.caller);
      const { Name } = request.params;
      const values = edgeValuesOf(request.body);
      const row = await context.change(async (transaction) => {
        const exchange = await exchangeSidOf(transaction, request.body.Exchange);
        const changes = { ...values, exchange_sid: exchange };
        const changed = found(await refusing(taken, () => updateEdge(transaction, Name, changes)));
        await checkWritten(transaction, changed, values);
        return changed;
      });
      return presentEdge(row, context.publicUrl);
    },
  );

  scope.delete(
    "/Edges/:Name",
    { schema: { operationId: "DeleteEdge", tags, params, response: answersNothing } },
    async (request, reply) => {
      requireOperator(request.caller);
      await context.change(async (transaction) => {
        if (!(await unlessInUse(() => deleteEdge(transaction, request.params.Name)))) {
          throw new ApiError("notFound");
        }
      });
      return reply.code(204).send();
    },
  );
}

/** The transaction ends with the error, so it is enough to look at what has been written. */
async function checkWritten(transaction: Queryable, row: EdgeRow, values: EdgeValues): Promise<void> {
  checkEdge(row);
  const { signaling_addresses: networks } = values;
  if (networks !== undefined) await checkSignaling(transaction, row.name, networks);
}

/** Undefined: not given; null: none. */
async function exchangeSidOf(
  database: Queryable,
  given: string | null | undefined,
): Promise<string | null | undefined> {
  if (given === undefined || given === null) return given;
  const exchange = await findExchange(database, given);
  if (exchange === undefined) throw new ApiError("invalidParameter", `There is no exchange ${given}.`);
  return exchange.sid;
}

/** Carrier gateways name edges, and whatever else there may come to be. */
async function unlessInUse(statement: () => Promise<boolean>): Promise<boolean> {
  try {
    return await statement();
  } catch (error) {
    if (isForeignKeyViolation(error)) throw new ApiError("conflict", "Something still stands on the edge.");
    throw error;
  }
}
