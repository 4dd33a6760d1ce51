import { isIP } from "node:net";
import { type EdgeRow, type EdgeValues, findEdge, insertEdge, listEdges } from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { iso8601 } from "../conventions/dates.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, OneOf } from "../conventions/parameters.ts";
import type { Routes } from "../conventions/route-scope.ts";
import { refusing } from "../rules/constraints.ts";

const Name = Type.String({ pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", description: "ashburn-ix" });
const Kind = OneOf(["private", "public"]);

const CreateParameters = Type.Object({
  Name,
  LegacyId: Name,
  Region: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,31}$", description: "us1" }),
  Kind,
  Place: Type.Optional(Type.String({ maxLength: 255 })),
  SignalingAddress: Type.Optional(
    Type.Array(Type.String(), { maxItems: 64, description: "Repeated; what a firewall must allow." }),
  ),
});

const Edge = Type.Object({
  name: Type.String(),
  legacy_id: Type.String(),
  region: Type.String(),
  kind: Kind,
  place: Type.String(),
  source: OneOf(["reference", "public-docs", "operator"]),
  signaling_addresses: Type.Array(Type.String()),
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
});

const tags = ["edges"];
const taken = { edges_pkey: "conflict", edges_legacy_id_key: "conflict" } as const;

/** Edges: everybody reads them, the operator makes them. */
export const edgeRoutes: Routes = (scope, context) => {
  const present = presenter(context.publicUrl);

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
      const page = await listEdges(context.database, wanted.window);
      return pageV1(context.publicUrl, "edges", wanted, page, present);
    },
  );

  scope.get(
    "/Edges/:Name",
    {
      schema: {
        operationId: "FetchEdge",
        tags,
        params: Type.Object({ Name: Type.String() }),
        response: answers(200, Edge),
      },
    },
    async (request) => present(found(await findEdge(context.database, request.params.Name))),
  );

  scope.post(
    "/Edges",
    { schema: { operationId: "CreateEdge", tags, body: CreateParameters, response: answers(201, Edge) } },
    async (request, reply) => {
      requireOperator(request.caller);
      const values = valuesOf(request.body);
      const row = await context.change((transaction) =>
        refusing(taken, () => insertEdge(transaction, values)),
      );
      reply.code(201);
      return present(row);
    },
  );
};

function valuesOf(body: Static<typeof CreateParameters>): EdgeValues {
  const addresses = body.SignalingAddress ?? [];
  for (const address of addresses) {
    if (isIP(address) === 0)
      throw new ApiError("invalidParameter", `SignalingAddress ${address} is no address.`);
  }
  return {
    name: body.Name,
    legacy_id: body.LegacyId,
    region: body.Region,
    kind: body.Kind,
    place: body.Place ?? "",
    signaling_addresses: addresses,
    source: "operator",
  };
}

function presenter(publicUrl: string): (row: EdgeRow) => Static<typeof Edge> {
  return (row) => ({
    name: row.name,
    legacy_id: row.legacy_id,
    region: row.region,
    kind: row.kind,
    place: row.place,
    source: row.source,
    signaling_addresses: [...row.signaling_addresses],
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_updated),
    url: `${publicUrl}/v1/Edges/${row.name}`,
  });
}
