import {
  deleteExchange,
  type ExchangeRow,
  type ExchangeValues,
  findExchange,
  insertExchange,
  listExchanges,
  updateExchange,
} from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { iso8601 } from "../conventions/dates.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, Nullable, OneOf } from "../conventions/parameters.ts";
import type { RouteContext, RouteScope, Routes } from "../conventions/route-scope.ts";
import { bgpPrefixOf } from "../rules/bgp-prefix.ts";
import { refusing } from "../rules/constraints.ts";
import { signalingNetworkOf } from "../rules/signaling-network.ts";
import { TopologyName, TopologySource } from "./edge-resource.ts";

const ExchangeParameters = Type.Partial(
  Type.Object({
    Place: Type.String({ maxLength: 255 }),
    DataCenter: Type.String({ maxLength: 255 }),
    BgpPrefix: Type.Array(Type.String(), { maxItems: 64, description: "192.0.2.0/24 or 192.0.2.0/24 le 32" }),
    EncryptionDomain: Type.Array(Type.String(), { maxItems: 64, description: "Networks, repeated." }),
    BandwidthMbps: Type.Array(Type.Integer({ minimum: 1, maximum: 400_000 }), { maxItems: 16 }),
  }),
);
const CreateParameters = Type.Object({ ...ExchangeParameters.properties, Name: TopologyName });

const Exchange = Type.Object({
  sid: Type.String(),
  name: Type.String(),
  place: Type.String(),
  source: TopologySource,
  data_center: Type.String(),
  bgp_prefixes: Type.Array(Type.Object({ prefix: Type.String(), maximum_length: Nullable(Type.Integer()) })),
  encryption_domain: Type.Array(Type.String()),
  bandwidth_mbps: Type.Array(Type.Integer()),
  details_source: TopologySource,
  managed_by: OneOf(["file", "api"]),
  edges: Type.Array(Type.String()),
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
});

const path = "/Interconnect/Exchanges";
const params = Type.Object({ Key: Type.String({ description: "SID or name" }) });
const tags = ["interconnect"];
const taken = { exchanges_pkey: "conflict", exchanges_name: "conflict" } as const;

/** Exchanges, the places where private lines end: everybody reads them, the operator writes them. */
export const exchangePlaceRoutes: Routes = (scope, context) => {
  addReads(scope, context);
  addWrites(scope, context);
};

function addReads(scope: RouteScope, { database, publicUrl }: RouteContext): void {
  const present = (row: ExchangeRow) => presentExchange(row, publicUrl);

  scope.get(
    path,
    {
      schema: {
        operationId: "ListExchange",
        tags,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1("exchanges", Exchange)),
      },
    },
    async (request) => {
      const wanted = pageRequestOf(request);
      return pageV1(publicUrl, "exchanges", wanted, await listExchanges(database, wanted.window), present);
    },
  );

  scope.get(
    `${path}/:Key`,
    { schema: { operationId: "FetchExchange", tags, params, response: answers(200, Exchange) } },
    async (request) => present(found(await findExchange(database, request.params.Key))),
  );
}

function addWrites(scope: RouteScope, context: RouteContext): void {
  scope.post(
    path,
    {
      schema: {
        operationId: "CreateExchange",
        tags,
        body: CreateParameters,
        response: answers(201, Exchange),
      },
    },
    async (request, reply) => {
      requireOperator(request.caller);
      const { Name: name } = request.body;
      const row = await context.change((transaction) =>
        refusing(taken, () => insertExchange(transaction, name, valuesOf(request.body))),
      );
      reply.code(201);
      return presentExchange(row, context.publicUrl);
    },
  );

  scope.post(
    `${path}/:Key`,
    {
      schema: {
        operationId: "UpdateExchange",
        tags,
        params,
        body: ExchangeParameters,
        response: answers(200, Exchange),
      },
    },
    async (request) => {
      requireOperator(request.caller);
      const row = await context.change(async (transaction) => {
        const { sid } = found(await findExchange(transaction, request.params.Key));
        return found(await updateExchange(transaction, sid, valuesOf(request.body)));
      });
      return presentExchange(row, context.publicUrl);
    },
  );

  scope.delete(
    `${path}/:Key`,
    { schema: { operationId: "DeleteExchange", tags, params, response: answersNothing } },
    async (request, reply) => {
      requireOperator(request.caller);
      await context.change(async (transaction) => {
        const { sid } = found(await findExchange(transaction, request.params.Key));
        if (!(await refusing({ edges_exchange: "conflict" }, () => deleteExchange(transaction, sid)))) {
          throw new ApiError("notFound");
        }
      });
      return reply.code(204).send();
    },
  );
}

/** Whatever is written becomes the operator's word. */
function valuesOf(body: Static<typeof ExchangeParameters>): ExchangeValues {
  const { Place, DataCenter, BgpPrefix, EncryptionDomain, BandwidthMbps } = body;
  const areDetailsGiven = [DataCenter, BgpPrefix, EncryptionDomain, BandwidthMbps].some(
    (value) => value !== undefined,
  );
  return {
    place: Place,
    source: Place === undefined ? undefined : "operator",
    data_center: DataCenter,
    bgp_prefixes: BgpPrefix?.map(bgpPrefixOf),
    encryption_domain: EncryptionDomain?.map(signalingNetworkOf),
    bandwidth_mbps: BandwidthMbps,
    details_source: areDetailsGiven ? "operator" : undefined,
  };
}

function presentExchange(row: ExchangeRow, publicUrl: string): Static<typeof Exchange> {
  return {
    sid: row.sid,
    name: row.name,
    place: row.place,
    source: row.source,
    data_center: row.data_center,
    bgp_prefixes: [...row.bgp_prefixes],
    encryption_domain: [...row.encryption_domain],
    bandwidth_mbps: [...row.bandwidth_mbps],
    details_source: row.details_source,
    managed_by: row.managed_by,
    edges: [...row.edges],
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_updated),
    url: `${publicUrl}/v1${path}/${row.sid}`,
  };
}
