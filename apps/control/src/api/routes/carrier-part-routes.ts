/** The five routes that a carrier's gateways, routes and source networks have in common. */
import {
  type CarrierParts,
  createSid,
  findCarrier,
  lockCarrier,
  type PartValues,
  type Queryable,
} from "@tandem/database";
import Type, { type Static, type TObject, type TSchema } from "typebox";
import { ApiError, found } from "../conventions/api-error.ts";
import { requireOperator } from "../conventions/authentication.ts";
import { iso8601 } from "../conventions/dates.ts";
import { ListV1, pageParameters, pageRequestOf, pageV1 } from "../conventions/paging.ts";
import { answers, answersNothing, PathSids } from "../conventions/parameters.ts";
import type { RouteContext, RouteScope, Routes } from "../conventions/route-scope.ts";
import { checkLimit } from "../rules/constraints.ts";
import { carrierUrl } from "./carrier-resource.ts";

const params = PathSids({ CarrierSid: "KR" });
const tags = ["carriers"];

/** Rows of each kind that one carrier may have. */
export const maximumPartsPerCarrier = 10_000;

interface PartRow {
  readonly sid: string;
  readonly sequence: number;
  readonly carrier_sid: string;
  readonly date_created: Date;
  readonly date_updated: Date;
}

export interface CarrierPartResource<Row extends PartRow, Create extends TObject> {
  readonly queries: CarrierParts<Row>;
  /** `Gateways`; the list's key is the same in small letters. */
  readonly segment: string;
  /** `CarrierGateway`, for operation ids. */
  readonly name: string;
  readonly sidPrefix: string;
  readonly create: Create;
  readonly fields: Readonly<Record<string, TSchema>>;
  /** Columns from parameters; checks what the schema cannot. */
  readonly valuesOf: (database: Queryable, body: Partial<Static<Create>>) => Promise<PartValues<Row>>;
  readonly present: (row: Row) => object;
  /** Turns what the database refuses into an API error. */
  readonly guard: <T>(statement: () => Promise<T>) => Promise<T>;
}

export function carrierPartRoutes<Row extends PartRow, Create extends TObject>(
  resource: CarrierPartResource<Row, Create>,
): Routes {
  return (scope, context) => {
    addReads(scope, context, resource);
    addCreate(scope, context, resource);
    addItemWrites(scope, context, resource);
  };
}

function addReads<Row extends PartRow, Create extends TObject>(
  scope: RouteScope,
  context: RouteContext,
  resource: CarrierPartResource<Row, Create>,
): void {
  const { name, queries } = resource;
  const key = resource.segment.toLowerCase();
  const { path, itemParams, Part } = pathOf(resource);
  const present = presenter(resource, context.publicUrl);

  scope.get(
    path,
    {
      schema: {
        operationId: `List${name}`,
        tags,
        params,
        querystring: Type.Object(pageParameters),
        response: answers(200, ListV1(key, Part)),
      },
    },
    async (request) => {
      requireOperator(request.caller);
      const wanted = pageRequestOf(request);
      const carrier = found(await findCarrier(context.database, request.params.CarrierSid));
      const page = await queries.list(context.database, carrier.sid, wanted.window);
      return pageV1(context.publicUrl, key, wanted, page, present);
    },
  );

  scope.get(
    `${path}/:Sid`,
    { schema: { operationId: `Fetch${name}`, tags, params: itemParams, response: answers(200, Part) } },
    async (request) => {
      requireOperator(request.caller);
      const { CarrierSid, Sid } = request.params;
      return present(found(await queries.find(context.database, CarrierSid, Sid)));
    },
  );
}

function addCreate<Row extends PartRow, Create extends TObject>(
  scope: RouteScope,
  context: RouteContext,
  resource: CarrierPartResource<Row, Create>,
): void {
  const { path, Part } = pathOf(resource);
  const present = presenter(resource, context.publicUrl);

  scope.post(
    path,
    {
      schema: {
        operationId: `Create${resource.name}`,
        tags,
        params,
        body: resource.create,
        response: answers(201, Part),
      },
    },
    async (request, reply) => {
      requireOperator(request.caller);
      const body = request.body as Static<Create>;
      const row = await createPart(context, resource, request.params.CarrierSid, body);
      reply.code(201);
      return present(row);
    },
  );
}

function addItemWrites<Row extends PartRow, Create extends TObject>(
  scope: RouteScope,
  context: RouteContext,
  resource: CarrierPartResource<Row, Create>,
): void {
  const { name, queries } = resource;
  const { path, itemParams, Part } = pathOf(resource);
  const present = presenter(resource, context.publicUrl);

  scope.post(
    `${path}/:Sid`,
    {
      schema: {
        operationId: `Update${name}`,
        tags,
        params: itemParams,
        body: Type.Partial(resource.create),
        response: answers(200, Part),
      },
    },
    async (request) => {
      requireOperator(request.caller);
      return present(
        await updatePart(context, resource, request.params, request.body as Partial<Static<Create>>),
      );
    },
  );

  scope.delete(
    `${path}/:Sid`,
    { schema: { operationId: `Delete${name}`, tags, params: itemParams, response: answersNothing } },
    async (request, reply) => {
      requireOperator(request.caller);
      const { CarrierSid, Sid } = request.params;
      await context.change(async (transaction) => {
        if (!(await queries.delete(transaction, CarrierSid, Sid))) throw new ApiError("notFound");
      });
      return reply.code(204).send();
    },
  );
}

function pathOf<Row extends PartRow, Create extends TObject>(resource: CarrierPartResource<Row, Create>) {
  return {
    path: `/Carriers/:CarrierSid/${resource.segment}`,
    itemParams: PathSids({ CarrierSid: "KR", Sid: resource.sidPrefix }),
    Part: partSchema(resource.fields),
  };
}

function createPart<Row extends PartRow, Create extends TObject>(
  context: RouteContext,
  resource: CarrierPartResource<Row, Create>,
  carrierSid: string,
  body: Partial<Static<Create>>,
): Promise<Row> {
  return context.change(async (transaction) => {
    const carrier = found(await lockCarrier(transaction, carrierSid));
    checkLimit(
      await resource.queries.count(transaction, carrier.sid),
      maximumPartsPerCarrier,
      "validationFailed",
    );
    const values = await resource.valuesOf(transaction, body);
    const identity = { sid: createSid(resource.sidPrefix), carrier_sid: carrier.sid };
    return resource.guard(() => resource.queries.insert(transaction, identity, values));
  });
}

function updatePart<Row extends PartRow, Create extends TObject>(
  context: RouteContext,
  resource: CarrierPartResource<Row, Create>,
  sids: { readonly CarrierSid: string; readonly Sid: string },
  body: Partial<Static<Create>>,
): Promise<Row> {
  return context.change(async (transaction) => {
    const current = found(await resource.queries.find(transaction, sids.CarrierSid, sids.Sid));
    const values = await resource.valuesOf(transaction, body);
    const changed = await resource.guard(() => resource.queries.update(transaction, current.sid, values));
    return found(changed);
  });
}

function partSchema(fields: Readonly<Record<string, TSchema>>): TSchema {
  return Type.Object({
    sid: Type.String(),
    carrier_sid: Type.String(),
    ...fields,
    date_created: Type.String(),
    date_updated: Type.String(),
    url: Type.String(),
  });
}

function presenter<Row extends PartRow, Create extends TObject>(
  resource: CarrierPartResource<Row, Create>,
  publicUrl: string,
): (row: Row) => object {
  return (row) => ({
    sid: row.sid,
    carrier_sid: row.carrier_sid,
    ...resource.present(row),
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_updated),
    url: `${carrierUrl(publicUrl, row.carrier_sid)}/${resource.segment}/${row.sid}`,
  });
}
